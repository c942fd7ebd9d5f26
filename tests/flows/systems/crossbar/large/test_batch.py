"""Batches of inputs and of dies from the command line: each is the single read, and bad shapes are told."""

from __future__ import annotations

import json
from pathlib import Path

import numpy as np
import pytest

from analoom.cells.model.registry import build
from analoom.flows.cli.main import main
from analoom.flows.systems.crossbar.large.batch import read_batch
from analoom.flows.systems.crossbar.solver.read import array_reader
from analoom.flows.systems.lookup import reader_of
from analoom.pdk.errors import InputError

pytestmark = pytest.mark.tools

ROWS, COLS = 3, 4
RNG = np.random.default_rng(9)
WEIGHTS, INPUTS = RNG.uniform(0.7, 1.0, (ROWS, COLS)), RNG.uniform(0, 0.05, (2, ROWS))
SHIFTS = RNG.normal(0, 0.01, (3, 1, ROWS, COLS))


def run(arguments: list[str], capfd: pytest.CaptureFixture[str]) -> tuple[int, dict]:
    with pytest.raises(SystemExit) as ended:
        main(["sim", "crossbar", "-p", f"rows={ROWS}", "-p", f"cols={COLS}", "--json", *arguments])
    return int(ended.value.code or 0), json.loads(capfd.readouterr().out)


def test_a_batch_is_its_single_reads(tmp_path: Path) -> None:
    cell = build("crossbar", {"rows": ROWS, "cols": COLS})
    found = read_batch(cell, "schematic", "tt", 27.0, tmp_path, WEIGHTS, INPUTS, SHIFTS)
    reader = array_reader(cell, lines="ideal")
    assert found.currents_a.shape == (3, 2, COLS)
    for die, vector in np.ndindex(3, 2):
        assert found.currents_a[die, vector] == pytest.approx(
            reader.read(WEIGHTS, INPUTS[vector], SHIFTS[die]), rel=1e-6
        )
    kept = np.load(found.files["currents"])
    assert (kept == found.currents_a).all()
    table = np.loadtxt(found.files["table"], delimiter=",", skiprows=1)
    assert table[:, 2:] == pytest.approx(kept.reshape(-1, COLS), rel=1e-8, abs=0)
    assert [tuple(row) for row in table[:, :2]] == list(np.ndindex(3, 2))


def test_the_spread_of_dies_is_that_of_their_currents(tmp_path: Path) -> None:
    """sd over the dies by hand, rms over vectors and columns, over full scale; without shifts there is none."""
    cell = build("crossbar", {"rows": ROWS, "cols": COLS})
    found = read_batch(cell, "schematic", "tt", 27.0, tmp_path, WEIGHTS, INPUTS, SHIFTS)
    i = found.currents_a
    by_hand = np.sqrt((((i - i.mean(axis=0)) ** 2).sum(axis=0) / 2).mean()) / found.metrics["i_full_scale"].value
    assert found.metrics["die_spread_rms"].value == pytest.approx(by_hand, rel=1e-9)
    alone = read_batch(cell, "schematic", "tt", 27.0, tmp_path, WEIGHTS, INPUTS)
    assert "die_spread_rms" not in alone.metrics
    assert alone.metrics["column_error_max"].value < found.metrics["column_error_max"].value


def test_the_command_line_reads_csv(tmp_path: Path, capfd: pytest.CaptureFixture[str]) -> None:
    for name, values in (("w", WEIGHTS), ("x", INPUTS)):
        np.savetxt(tmp_path / f"{name}.csv", values, delimiter=",", fmt="%.17g")
    np.save(tmp_path / "s.npy", SHIFTS)
    given = ["--weights", f"{tmp_path}/w.csv", "--inputs", f"{tmp_path}/x.csv", "--shifts", f"{tmp_path}/s.npy"]
    code, report = run([*given, "--out", str(tmp_path)], capfd)
    assert code == 0
    assert (report["dies"], report["vectors"]) == (3, 2)
    expected = array_reader(build("crossbar", {"rows": ROWS, "cols": COLS}), lines="ideal")
    found = np.load(report["files"]["currents"])
    assert found[1, 1] == pytest.approx(expected.read(WEIGHTS, INPUTS[1], SHIFTS[1]), rel=1e-6)


@pytest.mark.parametrize(
    ("option", "values", "says"),
    [
        ("--weights", WEIGHTS.T, "weights have shape (4, 3), the array asks for (3, 4)"),
        ("--weights", WEIGHTS + 1, "weights of 1.7"),
        ("--weights", np.where(WEIGHTS > 0.8, np.nan, WEIGHTS), "weights must be finite"),
        ("--inputs", INPUTS[:, :2], "inputs have shape (2,), the array asks for (3,)"),
        ("--inputs", INPUTS - 1, "inputs of -0.9997 to -0.9508 V leave the range 0 to 0.05 V"),
        ("--inputs", INPUTS[None], "inputs have shape (2, 3), the array asks for (3,)"),
        ("--shifts", SHIFTS[:, :, :, :2], "shifts have shape (1, 3, 2), the array asks for (1, 3, 4)"),
        ("--shifts", SHIFTS * np.inf, "shifts must be finite"),
        ("--shifts", SHIFTS[0, 0] + 2, "shifts of"),
    ],
)
def test_bad_files_are_told_and_nothing_is_written(
    option: str, values: np.ndarray, says: str, tmp_path: Path, capfd: pytest.CaptureFixture[str]
) -> None:
    np.save(tmp_path / "bad.npy", values)
    np.save(tmp_path / "good.npy", INPUTS)
    given = {"--inputs": f"{tmp_path}/good.npy", option: f"{tmp_path}/bad.npy"}
    code, report = run([*(word for pair in given.items() for word in pair), "--out", f"{tmp_path}/out"], capfd)
    assert code == 2
    assert says in report["error"]["message"]
    assert not list((tmp_path / "out").glob("*"))


def test_only_arrays_are_read_in_batches(tmp_path: Path) -> None:
    with pytest.raises(InputError, match="takes no inputs or shifts"):
        reader_of(build("mosfet", {}))
