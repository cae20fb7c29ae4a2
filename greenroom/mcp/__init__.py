"""The MCP server: tools for programs that use language models, over the same functions as the pages.

They only read, each needs a permission of the API key in use, every call is an event, and each figure says where it
comes from or why there is none. Names and captions are data: they leave as values, never as instructions.
"""
