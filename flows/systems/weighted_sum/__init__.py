"""Weighted sums: coefficients, error over the range by source, loop, noise, and their spread over dies.

In machine units of 0.1 V.
"""
