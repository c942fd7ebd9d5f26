"""What moves the weights of a column: how much charge it brings, what it brings unasked, and the spread of both.

Measured through one sample: the null is taken, the column moves, the line is charged.
"""
