"""Devices and nets read from drawn shapes.

Nothing here knows the circuit.
"""
