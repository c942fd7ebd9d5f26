"""Unit capacitors: MIM on met3, on met4, stacked, and metal fingers.

`unit_cap` is the cell.
"""
