"""Coefficients of random mismatch, read from the model files: transistors, capacitors, resistors, both families.

`terms` gives the random parameters of a transistor of any size in either family.
"""
