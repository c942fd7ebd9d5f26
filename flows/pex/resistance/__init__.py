"""Wires as networks of resistors: bars, contacts, reduction, solution.

Sheet resistances stand in `analoom.pdk.wire_resistance`.
"""
