"""Networks that train themselves: benches and mismatch of their parts, and training runs of whole networks.

The parts are a multiplier, a sigmoid and a bump of differential pairs in weak inversion.
"""
