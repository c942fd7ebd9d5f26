"""What LVS compares: device classes by model, the units a device is made of, circuits by name.

Both sides, the drawing and the netlist, are written in these terms.
"""
