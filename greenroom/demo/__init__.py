"""The demo: a sandbox, the app and a worker on free ports, and visitors who do by HTTP what people do in a browser.

It calls no shortcut: creators consent on the sandbox's consent page, staff sign in and press buttons.
"""
