"""The translinear current multiplier: bench, curves, mismatch by loop, mirrors and DAC.

Sources and ranges stand in `sources`.
"""
