"""For xschem: the circuit of a cell as schematics and symbols, with the devices of the xschem_sky130 library."""
