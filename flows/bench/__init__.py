"""What every testbench is made of: the device under test, measured values, operating points, noise.

The benches lie with their systems.
"""
