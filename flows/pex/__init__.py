"""Parasitics of a layout: `extract` gives capacitances, and resistances where asked, with their netlist.

`capacitance/` and `resistance/` hold the physics, `crossbar/` the extraction by tile classes.
"""
