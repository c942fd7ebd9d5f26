"""Crossbars trained in place by equilibrium propagation: their records, and the benches of the blocks that train them.

`solver` trains two layers of drawn synapses between blocks that are ideal or off by given errors; `run` trains a cell.
"""
