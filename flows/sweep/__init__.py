"""Sweeps: a job's points drawn and measured, the Pareto front, the smallest layout for so many bits.

`run.run_sweep` runs a `plan.job.SweepJob`; `workers/` have the points measured, `page/` shows them.
"""

from typing import TYPE_CHECKING

from analoom.pdk.doors import doors

if TYPE_CHECKING:
    from .page.figures import figures
    from .plan.job import Measures, Search, SweepJob
    from .plan.job_file import read_job, ready_jobs
    from .run import SweepReport, run_sweep
    from .table.table import read_csv, read_parquet
else:
    __getattr__, __dir__ = doors(
        __name__,
        {
            ".plan.job": "Measures Search SweepJob",
            ".plan.job_file": "read_job ready_jobs",
            ".page.figures": "figures",
            ".run": "SweepReport run_sweep",
            ".table.table": "read_csv read_parquet",
        },
    )

__all__ = [
    "Measures",
    "Search",
    "SweepJob",
    "SweepReport",
    "figures",
    "read_csv",
    "read_job",
    "read_parquet",
    "ready_jobs",
    "run_sweep",
]
