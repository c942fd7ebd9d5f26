"""Sweeps of a user's own cells: every kind of worker draws what one process draws."""

from __future__ import annotations

import json
import subprocess
import sys
from pathlib import Path

import pytest
from own_cells import write_fet

pytestmark = pytest.mark.slow
JOB = {
    "name": "own",
    "cell": "my_fet",
    "axes": {"w": [1.0, 2.0]},
    "measure": {"mismatch": ["closed"]},
    "budget_points": 0,
}
BY_IMPORT = """
import json
from pathlib import Path
import my_fets
from analoom.flows.sweep import SweepJob, run_sweep

def swept(cell, workers):
    job = SweepJob.parse({**json.loads(Path("job.json").read_text()), "cell": cell})
    done = run_sweep(job, Path(cell), workers=workers)
    assert len(done.rows) == 2, done.failures
    return [(row["w"], row["closed.gain_error"], row["area_um2"]) for row in done.rows]

if __name__ == "__main__":
    assert swept("my_fet", 2) == swept("mosfet", 0)
"""
BY_DASK = """
import json
from pathlib import Path
from distributed import LocalCluster
import my_fets
from analoom.flows.sweep import SweepJob, run_sweep

if __name__ == "__main__":
    job = SweepJob.parse(json.loads(Path("job.json").read_text()))
    with LocalCluster(n_workers=1, threads_per_worker=1, dashboard_address=None) as cluster:
        done = run_sweep(job, Path("own"), scheduler=cluster.scheduler_address)
    assert len(done.rows) == 2, done.failures
"""


def run(folder: Path, *words: str) -> subprocess.CompletedProcess[str]:
    (folder / "job.json").write_text(json.dumps(JOB))
    return subprocess.run([sys.executable, *words], cwd=folder, capture_output=True, text=True, timeout=180)


@pytest.mark.full
def test_local_workers_of_the_command_line(tmp_path: Path) -> None:
    write_fet(tmp_path)
    words = ("-m", "analoom", "--cells", "my_fets.py", "sweep", "job.json", "--workers", "2", "--json")
    done = run(tmp_path, *words)
    assert (done.returncode, json.loads(done.stdout)["done"]) == (0, 2), done.stdout + done.stderr


def test_a_script_that_imports_its_cells(tmp_path: Path) -> None:
    write_fet(tmp_path)
    (tmp_path / "script.py").write_text(BY_IMPORT)
    done = run(tmp_path, "script.py")
    assert done.returncode == 0, done.stderr


@pytest.mark.full
def test_a_script_that_holds_its_cells_draws_them_in_workers_too(tmp_path: Path) -> None:
    text = write_fet(tmp_path).read_text() + BY_IMPORT.replace("import my_fets\n", "")
    (tmp_path / "script.py").write_text(text.replace("from __future__ import annotations\n", ""))
    done = run(tmp_path, "script.py")
    assert done.returncode == 0, done.stderr
    (tmp_path / "unguarded.py").write_text(text.replace('if __name__ == "__main__":', "if True:"))
    done = run(tmp_path, "unguarded.py")
    assert done.returncode != 0 and 'if __name__ == "__main__"' in done.stderr


@pytest.mark.full
def test_workers_of_dask(tmp_path: Path) -> None:
    write_fet(tmp_path)
    (tmp_path / "script.py").write_text(BY_DASK)
    done = run(tmp_path, "script.py")
    assert done.returncode == 0, done.stderr
