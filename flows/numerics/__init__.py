"""Numerical methods that know nothing of circuits' meaning: Krylov, Chebyshev, implicit steps, charge networks.

Shapes and units stand in each docstring.
"""
