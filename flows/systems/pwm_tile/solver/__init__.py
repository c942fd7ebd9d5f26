"""The solver of tiles of pulses: tables of a weight and of a read-out, sampled from ngspice, and what they add up to.

All of it is arithmetic on arrays of dies, vectors and columns.
"""
