"""What every module stands on: workspaces and members, states, events, permissions, due rows, secrets, pages.

Nouns: Workspace, User, Member, Event; abstract Scoped, Stateful, Due.
There is no TikTok word in here, and nothing here imports another Greenroom module.
"""
