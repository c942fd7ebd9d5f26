"""Matched pairs and current mirrors in one or more rows.

Fingers come from `analoom.cells.fingers`.
"""
