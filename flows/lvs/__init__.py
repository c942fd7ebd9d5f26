"""Layout against circuit: `lvs_cell` of a cell, `run_lvs` of a layout and a netlist.

`layout/` reads the drawing, `reference/` the netlist, `compare/` holds them together.
"""
