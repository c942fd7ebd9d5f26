"""What a cell is written as: GDS, OASIS, SPICE, CDL, LEF, Verilog, pictures.

`build.build_files` writes them all from one list of pins.
"""
