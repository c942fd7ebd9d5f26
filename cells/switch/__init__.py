"""Switches: the weight bit with its shift register, and the analog switch.

Drawn as strips.
"""
