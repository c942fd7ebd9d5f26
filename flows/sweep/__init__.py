"""Sweeps: a job's points drawn and measured, the Pareto front, the smallest layout for so many bits.

`run_sweep` runs a `SweepJob`; `workers/` measures the points, `page/` shows them.
"""
