"""Matched resistors: values, ratios, temperature, noise, capacitance; mismatch of ratios, wires.

Ratios are of bodies, heads and wires.
"""
