"""Antenna diodes and taps: what they hold, leak and allow.

No mismatch is asked of them.
"""
