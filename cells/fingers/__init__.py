"""Transistors drawn as fingers on shared diffusion: rows, blocks, buses, wells; `mosfet` is the cell.

Pairs and mirrors use the same rows.
"""
