"""Installs the wheel of this tree with each Python found and runs every command once, outside the checkout.

python tests/install/fresh_install.py [3.13 ...] (those that pyproject names). Fresh environments, nothing but what the
wheel asks for; pip's cache is used as it is. Prints seconds and size of each; a Python that is not on this machine is
"not tested". Exits 1 when a command fails, or a file of the tree is missing in the wheel.
"""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
import tempfile
import time
import tomllib
from collections.abc import Iterable, Sequence
from pathlib import Path
from zipfile import ZipFile

import numpy as np

sys.path.insert(0, str(Path(__file__).parents[1]))

from install.interpreters import find

ROOT = Path(__file__).parents[2]
SETUP = tomllib.loads((ROOT / "pyproject.toml").read_text())
NO_PART_OF_IT = (".git", ".venv", "out", "build", "dist", "tests", "*.egg-info", "__pycache__", ".*_cache")
TIMEOUT_S = 900
JOB = "name: caps\ncell: cap_array\nbits: [2]\naxes: {unit.w: [1.0, 2.0]}\nbudget_points: 0\n"
CLOSED_PORT = "tcp://127.0.0.1:1"
COMMANDS: tuple[tuple[str, int], ...] = (
    ("--version", 0),
    ("help sweep", 0),
    ("list", 0),
    ("doctor", 0),
    ("build unit_cap", 0),
    ("drc unit_cap", 0),
    ("lvs unit_cap", 0),
    ("pex unit_cap", 0),
    ("sim unit_cap", 0),
    ("sim mosfet --corners tt,ss", 0),
    ("mismatch unit_cap", 0),
    ("map w.csv --cell crossbar --out v.npy", 0),
    ("balance cap_array -p weights=[1,1,2]", 0),
    ("flow mosfet", 0),
    ("report out/mosfet/mosfet", 0),
    ("sweep job.yaml --workers 1", 0),
    ("sweep job.yaml --workers 1", 0),
    ("sweep --schema", 0),
    ("compile net.npz --data iris --dies 4", 0),
    ("export unit_cap --to librelane", 0),
    ("signoff unit_cap --only drc_fast --out signed", 1),
    ("verify signed/manifest.json", 0),
    ("demo", 0),
    (f"sweep job.yaml --scheduler {CLOSED_PORT}", 2),
    ("sim mosfet --parquet", 2),
)
"""Every command with the exit code that it has to end with; the last two need an extra."""


def main(versions: Sequence[str]) -> int:
    """Tries each version; the exit code."""
    with tempfile.TemporaryDirectory(prefix="analoom-install-") as folder:
        wheel = built_wheel(Path(folder))
        failures = [f"{name} is not in the wheel" for name in missing_in(wheel)]
        print(f"{wheel.name}: {wheel.stat().st_size / 1e3:.0f} kB")
        for version in versions:
            python = find(version)
            if python is None:
                print(f"Python {version}: not tested, no such interpreter was found")
            else:
                failures += [f"Python {version}: {wrong}" for wrong in tried(python, wheel, Path(folder) / version)]
    print("\n".join(failures) or "no failure")
    return 1 if failures else 0


def versions_promised() -> list[str]:
    """The versions that pyproject says it runs on: `["3.11", ...]`."""
    return [said.rpartition(" :: ")[2] for said in SETUP["project"]["classifiers"] if ":: Python :: 3." in said]


def built_wheel(folder: Path) -> Path:
    """The wheel of a copy of the tree, so that nothing built before gets into it."""
    tree = folder / "tree"
    shutil.copytree(ROOT, tree, ignore=shutil.ignore_patterns(*NO_PART_OF_IT))
    run_well(sys.executable, "-m", "pip", "wheel", "-q", "--no-deps", "-w", str(folder), str(tree))
    return next(folder.glob("analoom-*.whl"))


def missing_in(wheel: Path) -> list[str]:
    """Files of the packages' folders, pages aside, that the wheel does not hold, as paths in it."""
    folders: dict[str, str] = SETUP["tool"]["setuptools"]["package-dir"]
    held = set(ZipFile(wheel).namelist())
    wanted: set[str] = set()
    for package, folder in folders.items():
        paths = (path for path in (ROOT / folder).rglob("*") if path.is_file() and path.suffix not in (".md", ".pyc"))
        wanted |= {f"{package.replace('.', '/')}/{path.relative_to(ROOT / folder)}" for path in paths}
    return sorted(wanted - held - {f"analoom/flows/front/{path.name}" for path in (ROOT / "flows/front").iterdir()})


def tried(python: Path, wheel: Path, folder: Path) -> list[str]:
    """Installs into `folder` and runs the commands there; what went wrong."""
    started = time.perf_counter()
    run_well(str(python), "-m", "venv", str(folder))
    run_well(str(folder / "bin" / "python"), "-m", "pip", "install", "-q", str(wheel))
    seconds = time.perf_counter() - started
    size_mb = sum(path.lstat().st_size for path in folder.rglob("*") if not path.is_symlink()) / 1e6
    print(f"{run_well(str(python), '--version').strip()}: installed in {seconds:.0f} s, {size_mb:.0f} MB", flush=True)
    return list(failures_of(folder / "bin" / "analoom", folder / "work"))


def failures_of(executable: Path, work: Path) -> Iterable[str]:
    """Runs the commands one after the other in an empty folder; yields those that end otherwise than they should."""
    work.mkdir()
    (work / "job.yaml").write_text(JOB)
    (work / "w.csv").write_text("0.5,-1.2\n2.0,0.3\n")
    np.savez(work / "net.npz", w1=np.full((3, 4), 0.5), b1=np.zeros(3))
    kept = {name: value for name, value in os.environ.items() if name not in ("PYTHONPATH", "PDK_ROOT")}
    for words, wanted in COMMANDS:
        started = time.perf_counter()
        done = subprocess.run(
            [str(executable), *words.split()], cwd=work, env=kept, capture_output=True, text=True, timeout=TIMEOUT_S
        )
        print(f"  {time.perf_counter() - started:6.1f} s  exit {done.returncode}  analoom {words}", flush=True)
        if done.returncode != wanted or "Traceback" in done.stderr:
            yield f"analoom {words}: exit {done.returncode}, not {wanted}: {done.stderr.strip()[-1000:]}"


def run_well(*words: str) -> str:
    """What a command prints. Raises SystemExit with its words when it fails."""
    done = subprocess.run(words, capture_output=True, text=True, timeout=TIMEOUT_S)
    if done.returncode:
        raise SystemExit(f"{' '.join(words)}: exit {done.returncode}\n{done.stderr[-3000:]}")
    return done.stdout


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:] or versions_promised()))
