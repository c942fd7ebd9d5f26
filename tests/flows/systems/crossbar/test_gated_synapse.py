"""A synapse of the tests' own whose row gates a switch: drawn, woven, read right; a reading without current refused."""

from __future__ import annotations

import json
import re
import shutil
import subprocess
from collections.abc import Iterator
from pathlib import Path

import gated_synapse
import numpy as np
import pytest
from tiles import abutted

from analoom.cells.model.cell import Cell
from analoom.cells.model.registry import build
from analoom.flows.cli.main import main
from analoom.flows.drc.check import drc_cell, run_drc
from analoom.flows.lvs.check import lvs_cell, run_lvs
from analoom.flows.mismatch import mismatch
from analoom.flows.post_layout import simulate_view
from analoom.flows.simulate import simulate
from analoom.pdk.errors import InputError
from analoom.pdk.install import continuous_models_dir
from analoom.pdk.layers import Layer
from broken import twin, without

pytestmark = pytest.mark.tools

WEIGHTS = np.array([[0.7, 0.85], [1.0, 0.75]])


@pytest.fixture(autouse=True)
def known() -> Iterator[None]:
    with gated_synapse.registered():
        yield


def array(synapse: str = "synapse_gated", rows: int = 2, cols: int = 2) -> Cell:
    return build("crossbar", {"rows": rows, "cols": cols, "synapse": synapse})


def test_synapse_and_array_are_drawn_as_their_netlists_say(tmp_path: Path) -> None:
    cell = build("synapse_gated")
    run_drc(abutted(cell, 4, 3), ("fast",), tmp_path).require_clean()
    for each in (cell, array()):
        drc_cell(each, tmp_path).require_clean()
        lvs_cell(each, tmp_path).require_clean()
    assert not run_lvs(twin(cell, without(Layer.VIA)), cell.spice(), cell.name, tmp_path).clean


@pytest.mark.slow
@pytest.mark.parametrize("given", ["as drawn", "on the wrong row"])
def test_columns_are_those_of_a_deck_by_hand(given: str, tmp_path: Path) -> None:
    """Oracle: eight transistors by hand, the whole library, the ngspice application. The twin swaps the inputs."""
    inputs = 1.8 * np.random.default_rng(1).uniform(size=2)  # what the bench draws with its default seed
    found = simulate(array(), weights=WEIGHTS).curves["columns"].y
    by_hand = hand_columns(inputs if given == "as drawn" else inputs[::-1], WEIGHTS, tmp_path)
    assert by_hand.min() > 1e-8
    assert (np.abs(found / by_hand - 1).max() < 1e-3) == (given == "as drawn")


def hand_columns(inputs: np.ndarray, weights: np.ndarray, folder: Path) -> np.ndarray:
    """Currents (A) into two columns held at ground; ends of 0.29 um by 0.42 um, in squares, as xschem_sky130 counts."""
    model, ends = "sky130_fd_pr__nfet_01v8", f"nrd={0.29 / 0.42:.6g} nrs={0.29 / 0.42:.6g}"
    lines = [f"vrow{i} row{i} 0 {float(v)!r}" for i, v in enumerate(inputs)]
    lines += ["vdd vdd 0 1.8", "vcol0 col0 0 0", "vcol1 col1 0 0"]
    for i, j in np.ndindex(2, 2):
        lines += [
            f"vw{i}{j} sn{i}{j} 0 {float(weights[i, j])!r}",
            f"xread{i}{j} vdd sn{i}{j} mid{i}{j} 0 {model} w=0.42 l=0.5 nf=1 mult=1 {ends}",
            f"xgate{i}{j} mid{i}{j} row{i} col{j} 0 {model} w=0.42 l=0.15 nf=1 mult=1 {ends}",
        ]
    head = ["* by hand", f'.lib "{continuous_models_dir() / "sky130.lib.spice"}" tt', ".temp 27", ".option gmin=1e-15"]
    end = [".control", "op", "print i(vcol0) i(vcol1)", ".endc", ".end"]
    (folder / ".spiceinit").write_text("set ngbehavior=hsa\nset ng_nomodcheck\nset num_threads=1\n")
    (folder / "hand.spice").write_text("\n".join([*head, *lines, *end]))
    ngspice = shutil.which("ngspice")
    assert ngspice
    done = subprocess.run([ngspice, "-b", "hand.spice"], cwd=folder, capture_output=True, text=True, timeout=120)
    currents = re.findall(r"i\(vcol\d\) = (\S+)", done.stdout)
    assert len(currents) == 2, done.stdout + done.stderr
    return np.array([float(x) for x in currents])


@pytest.mark.slow
def test_the_drawn_array_is_read_through_its_lines_and_says_what_is_left_out(tmp_path: Path) -> None:
    drawn = simulate_view(array(), "post", tmp_path, weights=WEIGHTS)
    ideal = simulate(array(), weights=WEIGHTS)
    ratio = drawn.curves["columns"].y / ideal.curves["columns"].y
    assert (ratio < 0.9999).all(), "resistance in series"
    assert (ratio > 0.95).all()
    assert "ir_drop_error" not in drawn.metrics
    assert "gate does not read sn" in drawn.to_json()["notes"][0]
    assert "notes" not in ideal.to_json()


@pytest.mark.slow
def test_mismatch_counts_the_switch_too_and_ngspice_agrees() -> None:
    """200 columns drawn by the model file; the twin is the formula with a sigma 40 % too large."""
    closed, judged = mismatch(array()), mismatch(array(), engine="ngspice", samples=200, seed=4)
    low, high = judged.metrics["cell_gain_error"].ci95
    assert low < closed.metrics["cell_gain_error"].sigma < high
    assert not low < 1.4 * closed.metrics["cell_gain_error"].sigma < high
    assert any("IR drop is left out" in note for note in closed.notes)


def test_what_the_array_solver_cannot_read_is_refused_in_plain_words() -> None:
    words = "gate does not read sn from an input line into col"
    for asked in (
        lambda: simulate(array(rows=40, cols=40)),
        lambda: mismatch(array(), settings={"ir_drop": True}),
    ):
        with pytest.raises(InputError, match=words) as refused:
            asked()
        assert refused.value.remedy == "simulate it with ngspice"


@pytest.mark.parametrize("command", ["sim", "mismatch"])
@pytest.mark.parametrize("name", ["synapse_misread", "crossbar"])
def test_a_reading_that_gives_no_current_is_refused(
    command: str, name: str, tmp_path: Path, capfd: pytest.CaptureFixture[str]
) -> None:
    """The same cell, whose reading puts 50 mV on the gate of the switch: 35 fA of its leakage, which is no read."""
    fields = ["-p", "rows=2", "-p", "cols=2", "-p", "synapse=synapse_misread"] if name == "crossbar" else []
    with pytest.raises(SystemExit) as ended:
        main([command, name, *fields, "--out", str(tmp_path), "--json"])
    assert ended.value.code == 2
    error = json.loads(capfd.readouterr().out)["error"]
    assert error["type"] == "InputError"
    assert error["field"] == "reading"
    assert "synapse_misread: its reading gives no current: with row 0 to 0.05 V, col at 0 V" in error["message"]
    assert re.search(r"moves by \S+e-14 A at most; below 1e-12 A", error["message"])


def test_the_same_cell_read_as_it_is_meant_gives_one(tmp_path: Path) -> None:
    assert simulate(array()).metrics["i_full_scale"].value > 1e-6
    assert simulate(array("synapse_misread"), settings={"v_read": 1.8}).metrics["i_full_scale"].value > 1e-6


def test_a_good_synapse_asked_for_weights_that_pass_nothing_is_refused() -> None:
    cell = build("crossbar", {"rows": 2, "cols": 2})
    with pytest.raises(InputError, match="its reading gives no current"):
        simulate(cell, settings={"weight_low": 0.0, "weight_high": 0.05})


@pytest.mark.slow
def test_the_flow_of_a_reading_without_current_goes_on_and_is_not_clean(
    tmp_path: Path, capfd: pytest.CaptureFixture[str]
) -> None:
    fields = ["-p", "rows=2", "-p", "cols=2", "-p", "synapse=synapse_misread"]
    with pytest.raises(SystemExit) as ended:
        main(["flow", "crossbar", *fields, "--engine", "fast", "--lvs-engine", "fast", "--out", str(tmp_path)])
    assert ended.value.code == 1
    told = capfd.readouterr().out
    assert "DRC clean" in told
    assert "LVS match" in told
    assert "sim not run, synapse_misread: its reading gives no current" in told
    assert "mismatch not run, synapse_misread: its reading gives no current" in told
    assert "NOT CLEAN" in told.splitlines()[-1]
    (page,) = tmp_path.rglob("report.html")
    steps = {name: json.loads((page.parent / f"{name}.json").read_text()) for name in ("pex", "sim", "mismatch")}
    assert steps["pex"]["capacitors"] > 0
    assert set(steps["sim"]) == set(steps["mismatch"]) == {"not_run"}
    assert page.read_text().count("its reading gives no current") == 2, "a line of either step"
