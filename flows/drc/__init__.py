"""Design rule checks by three engines: `drc_cell` of a cell, `run_drc` of any layout.

`fast/` is ours, `signoff/` runs the official ones, `report/` holds what they say.
"""
