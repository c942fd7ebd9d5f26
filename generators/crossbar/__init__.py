"""Crossbars of any size woven from a synapse.

The rim wires and labels their lines.
"""
