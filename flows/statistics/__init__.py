"""Spreads, gradients, converter errors and their intervals, for cells of every kind.

What belongs to one system lies in `analoom.flows.systems`.
"""
