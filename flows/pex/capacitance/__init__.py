"""Capacitances of drawn wires by the foundry's tables: edges, plates, neighbours, windows.

Coefficients stand in `analoom.pdk.wires`.
"""
