"""The MCP server: tools for AI agents over the same functions.

They read only, and each answer carries its passports.
"""
