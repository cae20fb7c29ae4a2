"""What is written to creators: by people from templates, and by reminders that are switched on.

Nouns: Template, Message, OptOut, Reminders, Reminded.
A message is rendered once, shown as it is, kept as it is, and sent as it is kept.
"""
