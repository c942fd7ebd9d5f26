"""Mapped weights as files: what a simulation, a sweep and the command line make of them, and what is refused."""

from __future__ import annotations

import csv
import hashlib
import json
import subprocess
import sys
from pathlib import Path
from typing import Any

import numpy as np
import pytest

from analoom import build, map_weights, simulate, write_mapping
from analoom.flows.bench.mapped_weights import worth_of
from analoom.flows.files.array_files import read_array
from analoom.flows.sweep.measure.measure import measure_point
from analoom.flows.sweep.measure.task import task_of
from analoom.flows.sweep.plan.job import SweepJob
from analoom.flows.sweep.plan.points import points_of
from analoom.pdk.errors import InputError

W = np.array([[0.5, -1.2], [2.0, 0.3]])
QUICK = {"largest_transient": 0, "largest_noise": 0}
EXE = Path(sys.executable).parent / "analoom"


def run(folder: Path, *words: str) -> tuple[int, dict[str, Any]]:
    done = subprocess.run([str(EXE), *words, "--json"], capture_output=True, text=True, timeout=120, cwd=folder)
    assert "Traceback" not in done.stderr
    return done.returncode, json.loads(done.stdout)


def table(path: str) -> list[dict[str, str]]:
    return list(csv.DictReader(Path(path).read_text().splitlines()))


@pytest.fixture
def stored(tmp_path: Path) -> Path:
    path = tmp_path / "V.npy"
    write_mapping(map_weights(W), path)
    return path


@pytest.mark.tools
@pytest.mark.parametrize("name", ["V.npy", "V.csv"])
def test_a_simulation_tells_the_product_of_numpy_beside_what_was_read(tmp_path: Path, name: str) -> None:
    mapped = map_weights(W)
    write_mapping(mapped, tmp_path / name)
    held = read_array(tmp_path / name)
    np.testing.assert_allclose(held.values, mapped.stored, atol=1e-9)
    cell = build("crossbar", rows=2, cols=4)
    found = simulate(cell, weights=held.values, worth=worth_of(held), workdir=tmp_path, settings=QUICK)
    inputs = [float(row["input (V)"]) for row in table(found.files["inputs"])]
    rows = table(found.files["outputs"])
    np.testing.assert_allclose([float(row["W x (V)"]) for row in rows], W @ inputs, rtol=1e-6)
    assert found.metrics["output_error_max"].value < 0.02
    errors = [float(row["read (V)"]) - float(row["W x (V)"]) for row in rows]
    np.testing.assert_allclose([float(row["error (frac)"]) * 2.0 * 2 * 0.05 for row in rows], errors, atol=1e-9)


@pytest.mark.tools
def test_voltages_in_the_wrong_places_err(tmp_path: Path, stored: Path) -> None:
    held = read_array(stored)
    cell = build("crossbar", rows=2, cols=4)
    wrong = simulate(cell, weights=held.values[:, [1, 0, 3, 2]], worth=worth_of(held), settings=QUICK)
    assert wrong.metrics["output_error_max"].value > 0.2


def test_voltages_that_were_changed_are_no_longer_told_in_the_weights(stored: Path) -> None:
    assert worth_of(read_array(stored)) is not None
    np.save(stored, read_array(stored).values + 1e-6)
    assert worth_of(read_array(stored)) is None


def test_a_file_beside_that_is_no_mapping_is_refused(stored: Path) -> None:
    stored.with_name("V.npy.map.npz").write_bytes(b"none")
    with pytest.raises(InputError, match="no mapping of weights"):
        worth_of(read_array(stored))


def test_a_path_of_another_kind_is_refused_and_nothing_written(tmp_path: Path) -> None:
    with pytest.raises(InputError, match=r"must end in \.npy or \.csv"):
        write_mapping(map_weights(W), tmp_path / "V.txt")
    assert not list(tmp_path.iterdir())


def test_a_job_takes_the_file_and_other_voltages_are_another_job(stored: Path) -> None:
    def job() -> SweepJob:
        fields = {"rows": 2, "cols": 4}
        measure = {"weights": str(stored), "settings": {"ir_drop": False}}
        return SweepJob.parse(
            {
                "name": "held",
                "cell": "crossbar",
                "fields": fields,
                "axes": {"synapse.l_read": [0.5]},
                "measure": measure,
            }
        )

    first = job()
    (point,), _ = points_of(first)
    np.testing.assert_allclose(first.measure.stored, read_array(stored).values)
    values = measure_point(task_of(first, point))["values"]
    np.save(stored, read_array(stored).values[:, ::-1] * 0.99 + 0.01)
    (changed,), _ = points_of(job())
    other = measure_point(task_of(job(), changed))["values"]
    assert changed.key != point.key
    assert other["closed.column_error"] != pytest.approx(values["closed.column_error"], rel=1e-3)


@pytest.mark.slow
@pytest.mark.tools
def test_the_command_maps_and_the_simulation_keeps_its_own_folder(tmp_path: Path) -> None:
    np.save(tmp_path / "W.npy", W)
    nested = ["-p", "synapse.cell=synapse_cs"]
    code, report = run(tmp_path, "map", "W.npy", "--cell", "crossbar", *nested, "--out", "V.npy", "--levels", "64")
    assert code == 0
    assert (report["scale"], report["signed"], report["levels"]) == (2.0, True, 64)
    assert 0 < report["error_rms"] < report["error_max"] <= 1 / 63 + 1e-4, "half of a step of 2/63"
    assert np.load(tmp_path / report["files"]["weights"]).shape == (2, 2)
    size = ["-p", "rows=2", "-p", "cols=2", *nested]
    np.save(tmp_path / "X.npy", np.full((1, 2), 0.1))
    code, mapped = run(tmp_path, "sim", "crossbar", *size, "--inputs", "X.npy", "--weights", "V.npy")
    assert code == 0
    assert mapped["metrics"]["output_error_max"]["value"] < 1 / 63, "inputs are full, gains off by half a step at most"
    found = [float(row["W x (V)"]) for row in table(str(tmp_path / mapped["files"]["outputs"]))]
    np.testing.assert_allclose(found, W @ [0.1, 0.1], atol=1e-9)
    given = {name: said["sha256"] for name, said in mapped["given"].items()}
    assert given["inputs"] == hashlib.sha256((tmp_path / "X.npy").read_bytes()).hexdigest()
    assert Path(mapped["folder"]).name == f"weights-{given['weights'][:8]}_inputs-{given['inputs'][:8]}"
    _, plain = run(tmp_path, "sim", "crossbar", *size, "--inputs", "X.npy")
    kept = [json.loads((tmp_path / r["folder"] / "read_schematic.json").read_text()) for r in (mapped, plain)]
    assert kept == [mapped, plain]


@pytest.mark.slow
def test_what_cannot_be_mapped_ends_with_2_and_leaves_nothing(tmp_path: Path) -> None:
    (tmp_path / "W.csv").write_text("0,0\n0,0\n")
    code, report = run(tmp_path, "map", "W.csv", "--cell", "crossbar", "--out", "V.npy")
    assert (code, report["error"]["field"]) == (2, "weights")
    assert [path.name for path in tmp_path.iterdir()] == ["W.csv"]
