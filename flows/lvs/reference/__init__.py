"""Netlists of users, read strictly: lines, values, subcircuits, checks.

What is not understood is refused with file and line.
"""
