"""Networks of currents with their drawn wires: which transistors and nodes there are, and dies of them in ngspice.

Latches stand for the levels that they store; `wires` says what lies between the terminals of all others.
"""
