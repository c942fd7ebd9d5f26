"""Layout against circuit: `lvs_cell` of a cell, `run_lvs` of a layout and a netlist.

`devices/` says what is compared, `reference/` reads the netlist, `layout/` the drawing; `compare/` tells them apart.
"""
