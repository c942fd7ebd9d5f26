"""Sweeps: a job's points drawn and measured, the Pareto front, the smallest layout for so many bits.

`run.run_sweep` runs a `plan.job.SweepJob`; `workers/` have the points measured, `page/` shows them.
"""
