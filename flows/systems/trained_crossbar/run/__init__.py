"""Runs of training in place: by the solver, and in ngspice with the drawn cell between behavioural blocks.

What a run is asked, what it tells, and the dies of it.
"""
