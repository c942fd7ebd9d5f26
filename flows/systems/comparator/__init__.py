"""Comparators: benches, and the mismatch of the offset.

One that watches all the time (`continuous`), one that decides at a clock edge (`clocked`).
"""
