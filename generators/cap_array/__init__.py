"""Common-centroid capacitor arrays: grid, spines, top plates by kind of unit.

Units come from `analoom.cells.capacitor`.
"""
