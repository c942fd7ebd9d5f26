"""Common-centroid placement: patterns, their costs, the search, and what remains off the centre.

Geometry alone, no devices.
"""
