"""Wires between cells: rows with trunks.

What every block is wired with.
"""
