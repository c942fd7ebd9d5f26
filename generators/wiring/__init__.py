"""Wires between cells: rows with trunks, stacks of pads.

What every block is wired with.
"""
