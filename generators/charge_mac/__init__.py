"""The charge-domain multiply-accumulate unit: tiles, rows, edges, floor.

Bits and switches come from `analoom.cells.switch`.
"""
