"""ngspice: in process where its library is found, else as an application.

The same circuits, the same results.
"""
