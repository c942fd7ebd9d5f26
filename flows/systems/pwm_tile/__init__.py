"""Tiles of pulses: benches, dies, and a solver that takes pulses in to pulses out.

A column's charge is a sum of currents times lengths of pulses; a ramp and a comparator make a pulse of it again.
"""
