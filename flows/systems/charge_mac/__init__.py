"""The charge-domain multiply-accumulate unit: cycle, charge solver, noise, mismatch, budget.

Small ones are judged by ngspice.
"""
