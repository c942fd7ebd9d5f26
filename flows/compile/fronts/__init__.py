"""Networks over targets and the sizes of their units: the grid of a job, each point judged on dies, the fronts.

`run.run_fronts` runs a `job.FrontJob`; workers, table and page are those of sweeps.
"""
