"""The screens. Each view gets, asks the modules below, and renders; none decides.

They stand above `metrics` because a screen shows figures, and every figure comes from `measure()`.
"""
