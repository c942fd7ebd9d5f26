"""Arrays as recursive trees of blocks, and the tiles at their rims.

Layout, labels and netlist come from the same tree.
"""
