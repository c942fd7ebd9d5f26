"""Crossbars trained in place by equilibrium propagation: two layers of synapses and the blocks that train them.

Every block is ideal, an element of the test bench, or drawn beside the synapses.
"""
