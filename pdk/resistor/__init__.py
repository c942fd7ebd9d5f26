"""Poly resistors: what a body of a width and length is worth, heads included.

By the formulas of the models.
"""
