"""Arrays of synapses: bench, mismatch, reads and writes of any size.

What is beyond ngspice goes to `solver/`.
"""
