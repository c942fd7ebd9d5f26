"""The array solver: currents of every cell through the resistances of the drawn lines.

Transistors come from device tables; `write/` writes rows.
"""
