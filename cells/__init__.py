"""Leaf cells, one a file, and what a cell is (`cell`, `circuit`, `registry`, `draw`)."""
