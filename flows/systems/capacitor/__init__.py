"""Unit capacitors and capacitor arrays: bench, ratio errors, INL and DNL, balance of the wiring.

Ratios are of plates and of wires.
"""
