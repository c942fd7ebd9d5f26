"""`measured.json`: what it holds is what the dies are, by loops of the test's own; and what is refused when read."""

from __future__ import annotations

import copy
import json
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path
from types import SimpleNamespace
from typing import Any

import numpy as np
import pytest
from surrogate_dies import SurrogateDies, quadrants

from analoom.flows.compile import dies, run
from analoom.flows.compile.measured_file import read_measured
from analoom.flows.compile.options import CompileOptions
from analoom.flows.compile.run import compile_network
from analoom.flows.compile.same_dies import outputs_on, write_for
from analoom.flows.compile.targets import lookup
from analoom.flows.compile.targets.record import Bounds, Target
from analoom.flows.compile.training.settings import Training
from analoom.flows.compile.training.trainer import Grid
from analoom.pdk.errors import InputError, SpecError

DIMS = (2, 6, 2)
TOY = Target(
    name="toy",
    words="dies by numbers",
    grid=Grid(7, 0.25),
    cell="mosfet",
    fields=lambda dims: {},
    dies=lambda spec, family, count, seed: SurrogateDies(DIMS, count, seed, 2.0 if family == "binned" else 1.0),
    words_written=lambda spec: (SimpleNamespace(row=0, bits=[(0, 0, 0, 0), None, (1, 1, 6, 3)]),),
    bit=lambda code, bit: int(code < 0),
    bounds=lambda spec: Bounds((5.0, None), (30.0, 40.0)),
)
ASKED = CompileOptions("toy", dies=5, trained=4, seed=3, drc_engines=("fast",), lvs_engines=("fast",), extract=False)


@pytest.fixture(scope="module")
def kept(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The file of a compiled network that was hardly trained, of two lots of dies; no layout and no page."""
    folder = tmp_path_factory.mktemp("measured")
    rng = np.random.default_rng(1)
    x, y = quadrants()
    net, data = folder / "net.npz", folder / "data.npz"
    np.savez(net, w1=rng.normal(size=(6, 2)), b1=rng.normal(size=6), w2=rng.normal(size=(2, 6)))
    np.savez(data, x_train=x[:40], y_train=y[:40], x_test=x[40:], y_test=y[40:])
    clean = {"clean": True, "engines": {}}
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(lookup, "TARGETS", {**lookup.TARGETS, TOY.name: TOY})
        patch.setattr(Training, "fitting", lambda dims, seed: Training(steps=1, restarts=1, noise=0.3))
        patch.setattr(dies, "DIES_A_TASK", 2)
        patch.setattr(run, "sign_off_all", lambda *given: {"build": {}, "drc": clean, "lvs": clean})
        patch.setattr(run, "write_page", lambda *given: None)
        compile_network(net, str(data), ASKED, folder / "out", workers=0)
    return folder / "out" / "measured.json"


@pytest.fixture(autouse=True)
def toy(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(lookup, "TARGETS", {**lookup.TARGETS, TOY.name: TOY})


def foretold(file: dict[str, Any], family: str, codes: list[np.ndarray], die: int, point: np.ndarray) -> list[float]:
    """The outputs of a die by the file's formula, one product after the other."""
    held, signal = file["families"][family], [float(v) for v in point]
    for k, of_layer in enumerate(codes):
        signal = [*signal, 1.0]
        sums = []
        for j in range(of_layer.shape[1]):
            total = 0.0
            for i, value in enumerate(signal):
                c = float(of_layer[i, j])
                path = "positive" if c > 0 else "negative"
                total += file["steps"][k] * value * held[path][k][die][i] * c
            sums.append(total)
        signal = [max(z, 0.0) for z in sums]
    return [held["output"][die][j] * z for j, z in enumerate(signal)]


def test_the_file_tells_the_dies_that_were_measured_and_what_its_formula_leaves(kept: Path) -> None:
    file = json.loads(kept.read_text())
    assert (file["steps"], file["most"], file["levels"]) == ([0.25, 0.25], 7, 15)
    assert file["ranges"] == {"inputs": [0.0, 1.0], "signals": [5.0, None], "sums": [30.0, 40.0]}
    assert file["noise"]["sigma"] == 0.3
    held = file["families"]["binned"]
    drawn = [SurrogateDies(DIMS, count, seed, 2.0) for count, seed in held["drawn"]]
    assert [lot.count for lot in drawn] == [2, 2] and held["dies"] == 4
    for k, name in enumerate(("positive", "negative")):
        for layer in range(2):
            own = np.vstack([lot.somas[k][layer] for lot in drawn])
            assert np.array(held[name][layer]) == pytest.approx(own, abs=1e-6, rel=0)
    assert file["designed"]["positive"][1] == [[1.0] * 7]


def test_what_the_formula_leaves_is_what_single_units_do(kept: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    file, measured = json.loads(kept.read_text()), read_measured(kept)
    x, _ = quadrants()
    codes = [np.full((3, 6), 3), np.tile([[2], [-1]], (4, 2))[:7]]
    found = np.maximum(outputs_on(measured, "binned", codes, x[40:45]), 0)
    said = np.array([[foretold(file, "binned", codes, die, point) for point in x[40:45]] for die in range(4)])
    off = float(np.sqrt(np.mean((found - said) ** 2) / np.mean(found**2)))
    assert 0.01 < off < 0.5
    bare = SurrogateDies(DIMS, 2, file["families"]["binned"]["drawn"][0][1], 2.0).without()["units"]
    assert np.maximum(bare.outputs(codes, x[40:45]), 0) == pytest.approx(said[:2], abs=1e-4, rel=0)
    left = file["families"]["binned"]["left"]
    assert len(left) == 4 and all(0 < one < 2 for one in left)


def test_the_same_dies_judge_weights_of_others(kept: Path) -> None:
    measured = read_measured(kept)
    x, _ = quadrants()
    codes = [measured.arrays("continuous")["codes"][k].astype(int) for k in range(2)]
    lots = [SurrogateDies(DIMS, count, seed) for count, seed in measured.families["continuous"]["drawn"]]
    own = np.concatenate([lot.outputs([c[2 * k : 2 * k + 2] for c in codes], x) for k, lot in enumerate(lots)])
    assert outputs_on(measured, "continuous", codes, x) == pytest.approx(own, abs=1e-9, rel=0)
    with pytest.raises(SpecError, match=r"codes.0"):
        outputs_on(measured, "continuous", [codes[0][:3], codes[1]], x)
    with pytest.raises(SpecError, match="one of continuous, binned"):
        outputs_on(measured, "real", codes, x)


def test_codes_of_a_die_are_written_as_the_chip_stores_them(kept: Path, tmp_path: Path) -> None:
    measured, codes = read_measured(kept), [np.zeros((3, 6), int), np.zeros((7, 2), int)]
    codes[1][6, 1] = -2
    files = write_for(measured, codes, tmp_path / "die")
    assert Path(files["bitstream"]).read_text() == "001\n"
    for wrong in ([codes[0][:2], codes[1]], [codes[0] + 8, codes[1]]):
        with pytest.raises(SpecError, match=r"codes.0"):
            write_for(measured, wrong, tmp_path / "other")
    assert not (tmp_path / "other").exists()


def change(*path: Any, to: Any = None, drop: bool = False) -> Callable[[dict[str, Any]], None]:
    def made(file: dict[str, Any]) -> None:
        place: Any = file
        for step in path[:-1]:
            place = place[step]
        if drop:
            del place[path[-1]]
        else:
            place[path[-1]] = to

    return made


@pytest.mark.parametrize(
    ("broken", "field"),
    [
        (change("format", to="analoom measured dies 1"), "format"),
        (change("dims", to=[2]), "dims"),
        (change("dims", to=[2, 5, 2]), "designed.positive.1"),
        (change("steps", to=[0.25]), "steps"),
        (change("steps", to=[0.25, -1]), "steps"),
        (change("levels", to=16), "levels"),
        (change("most", to=0), "most"),
        (change("ranges", "signals", to=[1.0]), "ranges.signals"),
        (change("ranges", "sums", to=[1.0]), "ranges.sums"),
        (change("noise", "sigma", to=-1), "noise.sigma"),
        (change("axes", "positive", to=["layer", "wafer"]), "axes.positive"),
        (change("designed", "output", drop=True), "designed.output"),
        (change("families", to={}), "families"),
        (change("families", "binned", "negative", drop=True), "families.binned.negative"),
        (change("families", "binned", "slopes", to=[1]), "families.binned.slopes"),
        (change("families", "binned", "positive", 0, 1, to=[1.0, 1.0]), "families.binned.positive.0"),
        (change("families", "binned", "positive", 1, 0, 2, to=float("nan")), "families.binned.positive.1"),
        (change("families", "binned", "positive", 1, 0, 2, to="one"), "families.binned.positive.1"),
        (change("families", "binned", "codes", 0, 0, 0, 0, to=8), "families.binned.codes.0"),
        (change("families", "binned", "codes", 0, 0, 0, 0, to=1.5), "families.binned.codes.0"),
        (change("families", "binned", "dies", to=3), "families.binned.dies"),
        (change("families", "binned", "drawn", to=[[2, 1]]), "families.binned.dies"),
        (change("families", "binned", "output", to=[[1.0, 1.0]]), "families.binned.output"),
        (change("weights", to=1), "weights"),
    ],
)
def test_a_file_that_does_not_fit_is_refused_by_field(
    kept: Path, tmp_path: Path, broken: Callable[[dict[str, Any]], None], field: str
) -> None:
    file = copy.deepcopy(json.loads(kept.read_text()))
    broken(file)
    other = tmp_path / "measured.json"
    other.write_text(json.dumps(file))
    with pytest.raises(SpecError) as refused:
        read_measured(other)
    assert refused.value.field == field


@pytest.mark.parametrize("held", [None, "{", "[1]", "[" * 100_000])
def test_what_is_no_such_file_is_refused(tmp_path: Path, held: str | None) -> None:
    path = tmp_path / "measured.json"
    if held is not None:
        path.write_text(held)
    with pytest.raises((InputError, SpecError)) as refused:
        read_measured(path)
    assert refused.value.field in ("measured", "format") and "analoom compile" in str(refused.value.remedy)


def test_axes_of_what_a_target_measures_besides_follow_from_its_shape() -> None:
    from analoom.flows.compile.measured_form import axes_of

    assert axes_of("positive", (4, 3), DIMS) == ("layer", "die", "row")
    assert axes_of("positive", (4, 3, 6), DIMS) == ("layer", "die", "row", "column")
    assert axes_of("droop", (4, 6), DIMS) == ("layer", "die", "column")
    assert replace(TOY, bounds=None).bounds_of(DIMS, TOY.parsed({})) == Bounds((None, None))
