"""Sweeps: a job's points drawn and measured, the Pareto front, the smallest layout for so many bits.

`run_sweep` runs a `SweepJob`; `workers/` measures the points, `page/` shows them.
"""

from typing import TYPE_CHECKING

from analoom.pdk.doors import doors

if TYPE_CHECKING:
    from .job import Measures, Search, SweepJob
    from .job_file import read_job, ready_jobs
    from .page.figures import figures
    from .run import SweepReport, run_sweep
    from .table import read_parquet
else:
    __getattr__, __dir__ = doors(
        __name__,
        {
            ".job": "Measures Search SweepJob",
            ".job_file": "read_job ready_jobs",
            ".page.figures": "figures",
            ".run": "SweepReport run_sweep",
            ".table": "read_parquet",
        },
    )

__all__ = [
    "Measures",
    "Search",
    "SweepJob",
    "SweepReport",
    "figures",
    "read_job",
    "read_parquet",
    "ready_jobs",
    "run_sweep",
]
