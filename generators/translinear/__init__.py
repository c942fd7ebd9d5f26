"""The translinear current multiplier: loop, mirrors and bias DAC on one floor.

All of registered cells.
"""
