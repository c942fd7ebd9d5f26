"""Switches: paths that a clock or a stored bit closes; what they conduct, let through and inject, and writing the bit.

A path joins two pins; `paths` says which pins close it.
"""
