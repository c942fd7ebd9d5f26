"""Parts that cells are drawn with: via stacks, guard rings, taps, wells, tiles.

None of them is a cell of its own.
"""
