"""A crossbar trained in place by equilibrium propagation: two layers of drawn synapses between blocks that are ideal.

What is ideal: amplifiers, column clamps, nudge, the memory of a phase, the update and the write. Only the synapses'
transistors are a model of silicon. `training` solves it, `deck` is the same for ngspice.
"""
