"""The worked scripts of the front page run as a user would run them, and print what their pages say."""

from __future__ import annotations

import os
import re
import runpy
import subprocess
import sys
from pathlib import Path

import numpy as np
import pytest
from scipy import signal

EXAMPLES = Path(__file__).parent


def printed(script: str, folder: Path, *more: str) -> str:
    """What a script prints when run with `folder` for its results, from another folder."""
    words = [sys.executable, "-W", "error::DeprecationWarning:__main__", str(EXAMPLES / script), "results", *more]
    done = subprocess.run(words, cwd=folder, capture_output=True, text=True, timeout=300)
    assert done.returncode == 0, done.stderr
    return done.stdout


@pytest.mark.slow
def test_designer(tmp_path: Path) -> None:
    said = printed("designer.py", tmp_path)
    layouts = re.findall(r"um2, clean, matches; (\S+\.gds)$", said, re.MULTILINE)
    assert len(layouts) == 2
    assert all((tmp_path / path).stat().st_size > 1000 for path in layouts)
    assert {"continuous", "binned"} == set(re.findall(r"^  (\w+) +gain_error +sigma", said, re.MULTILINE))


@pytest.mark.slow
@pytest.mark.tools
def test_researcher(tmp_path: Path) -> None:
    said = printed("researcher.py", tmp_path, "40")
    right = {name: float(part) for name, part in re.findall(r"^(\w+)[a-z ]* +([\d.]+)%", said, re.MULTILINE)}
    assert right.keys() == {"software", "ideal", "drawn", "continuous", "binned"}
    assert right["software"] > 90  # of these digits and this net, by scikit-learn alone
    assert all(right["software"] - 12 < found <= 100 for found in right.values())
    assert (tmp_path / "results" / "weights_v.npy").is_file()


@pytest.mark.full
@pytest.mark.tools
def test_shuttle(tmp_path: Path) -> None:
    drawn, broken = (verdicts(part) for part in printed("shuttle.py", tmp_path).split("broken.gds"))
    for check in ("drc fast", "drc klayout", "drc magic"):
        assert (drawn[check], broken[check]) == ("clean", "violations")
    for check in ("lvs fast", "lvs netgen"):
        assert (drawn[check], broken[check]) == ("match", "mismatch")
    assert drawn["drc density"] == broken["drc density"] == "not run"


@pytest.mark.slow
@pytest.mark.tools
def test_oscillator(capsys: pytest.CaptureFixture[str]) -> None:
    """The closed form is what scipy makes of the equation; a damping of .25 for .2 would be seen."""
    made = runpy.run_path(str(EXAMPLES / "oscillator.py"))
    error, expected = (float(mu) for mu in re.findall(r"^[a-z ]+ ([\d.]+) MU", capsys.readouterr().out, re.MULTILINE))
    assert error < 0.03 and error == pytest.approx(expected, rel=0.25)
    t, answer = signal.step((2.0, (1, 0.4, 1)), T=np.linspace(0, 12, 50))
    assert made["exact"](t) == pytest.approx(answer, abs=1e-6)
    assert np.abs(made["q"] - made["exact"](made["t"], 0.25)).max() > 0.1


def test_without_pytorch_its_example_says_what_is_missing(tmp_path: Path) -> None:
    """Where PyTorch is, one that is not there stands before it."""
    (tmp_path / "torch.py").write_text("raise ModuleNotFoundError(name='torch')")
    words = [sys.executable, str(EXAMPLES / "train_in_pytorch.py"), "measured.json", "net.npz", "iris", "out.npz"]
    env = {**os.environ, "PYTHONPATH": str(tmp_path)}
    done = subprocess.run(words, cwd=tmp_path, env=env, capture_output=True, text=True, timeout=60)
    assert (done.returncode, done.stdout) == (2, "") and "Traceback" not in done.stderr
    assert "PyTorch is not installed" in done.stderr and "pip install torch" in done.stderr
    assert sorted(path.name for path in tmp_path.glob("*.npz")) == []


def verdicts(text: str) -> dict[str, str]:
    """The state that each engine ended with."""
    return {
        f"{step} {name}": state
        for step, name, state in re.findall(r"^  (drc|lvs) (\w+) +(not run|\w+)", text, re.MULTILINE)
    }
