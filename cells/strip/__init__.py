"""Logic gates and switches as two rows of transistors between rails.

A strip is planned, tracked and drawn from its gates.
"""
