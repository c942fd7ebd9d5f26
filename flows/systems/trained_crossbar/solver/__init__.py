"""The solver of training in place: device tables, operating points, phases and steps, gradients, dies.

Blocks beside the synapses are ideal, or off by the errors of a bench.
"""
