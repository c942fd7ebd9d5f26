"""Single transistors, matched pairs and current mirrors: benches, transfer curves, mismatch.

A device, a pair and a mirror share their response.
"""
