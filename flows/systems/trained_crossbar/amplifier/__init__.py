"""The amplifier of a hidden column as a system: its bench, and the spread of its output and of what it takes back.

It inverts the column for a second layer's rows; the rows that move with the column are the column.
"""
