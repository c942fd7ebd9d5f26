"""What a tile of pulses is taken through in ngspice: levels, weights, phases, and the transient of its analog part.

Latches and what writes them are left out: supplies stand for the bits.
"""
