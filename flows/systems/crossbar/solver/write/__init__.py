"""The write of a row on the array solver: drivers, stored charge, tables of the write transistor.

Sampled where an array is too large to be followed whole.
"""
