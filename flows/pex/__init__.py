"""Parasitics of a layout: `extract` gives capacitances, and resistances where asked, with their netlist.

`shapes/` reads the drawing, `capacitance/` and `resistance/` hold the physics, `parasitics/` the record.
"""
