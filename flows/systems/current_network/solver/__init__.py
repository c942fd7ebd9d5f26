"""One die of a current-mode network from the curves of its devices: somas, paths of synapses, layers.

Curves come from ngspice (`unit_curves`, `header`), random numbers from `draws`; the rest is arithmetic, compiled.
"""
