"""Simulation over corners, temperatures and supplies: the table of points, and its files.

One point runs in one process.
"""
