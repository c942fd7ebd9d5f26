"""One synapse: how it is read, its factor over the weight range, writing and holding.

Crossbars take the reading from here.
"""
