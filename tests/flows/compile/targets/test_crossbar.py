"""The crossbar target: what is measured of a die is what it does, and the voltages it writes are its codes."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import numpy as np
import pytest

from analoom.flows.bench.mapped_weights import worth_of
from analoom.flows.compile.given.network import Layer, Network
from analoom.flows.compile.mapping import map_network
from analoom.flows.compile.targets.crossbar import GRID, ROOM
from analoom.flows.compile.targets.crossbar_energy import inference
from analoom.flows.compile.targets.lookup import target_of
from analoom.flows.files.array_files import read_array
from analoom.flows.systems.crossbar.network import dies as dies_module
from analoom.flows.systems.crossbar.network.readout import Readout
from analoom.flows.systems.crossbar.network.spec import MOST, STEP, CrossbarNetworkSpec
from analoom.flows.systems.crossbar.solver.read import array_reader
from analoom.pdk.errors import SpecError

CROSSBAR = target_of("crossbar")
DIMS = (5, 4, 3)


def codes_of(seed: int = 4) -> list[np.ndarray]:
    rng = np.random.default_rng(seed)
    return [rng.integers(-MOST, MOST + 1, shape) for shape in ((6, 4), (5, 3))]


def test_the_record_says_what_it_stores_and_refuses_by_field() -> None:
    assert CROSSBAR.levels == 2 * MOST + 1 and CROSSBAR.words_written is None
    spec = CROSSBAR.parsed({**CROSSBAR.fields(DIMS), "synapse": {"l": 1.0}})
    assert spec.model_dump()["synapse"] == {"cell": "synapse_cs", "l": 1.0, "w_n": 2.0, "w_p": 2.0}
    with pytest.raises(SpecError, match="full_current"):
        CROSSBAR.parsed({"full_current": 0})
    with pytest.raises(SpecError, match="dims"):
        CROSSBAR.parsed(CROSSBAR.fields((4, 5000, 3)))


def test_integrators_are_sized_by_the_longest_pulses_of_the_training_inputs() -> None:
    rng = np.random.default_rng(1)
    network = Network(tuple(Layer("l", rng.normal(size=(m, n)), rng.normal(size=m)) for n, m in ((5, 4), (4, 3))))
    x = rng.random((30, 5))
    mapped = map_network(network, GRID, x)
    assert CROSSBAR.sized is not None and CROSSBAR.sized({}, mapped, None) == {}
    hidden = np.maximum(STEP * (x @ mapped.codes[0][:-1] + mapped.codes[0][-1]), 0)
    last = STEP * (hidden @ mapped.codes[1][:-1] + mapped.codes[1][-1])
    expected = [ROOM * hidden.max(), ROOM * last.max()]
    assert CROSSBAR.sized({}, mapped, x)["ranges"] == pytest.approx(expected, rel=1e-9)
    spec = CrossbarNetworkSpec(dims=DIMS, ranges=(2.0, 3.0))
    assert spec.c_int_f(1) == pytest.approx(3 * (5e-8 / MOST / STEP) * 2.56e-6 / 0.5, rel=1e-9, abs=0)
    assert CrossbarNetworkSpec(dims=DIMS).longest[0] == pytest.approx(STEP * MOST * 6)


@pytest.mark.full
@pytest.mark.tools
def test_what_is_measured_of_dies_foretells_their_pulses(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(dies_module, "readout", lambda family, ramp_a: Readout(1e-5, 5e-5, 0.04))
    spec = CROSSBAR.parsed({**CROSSBAR.fields(DIMS), "ranges": [20.0, 100.0]})
    dies, x = CROSSBAR.dies(spec, "binned", 4, 1), np.random.default_rng(3).random((30, 5))
    found = dies.outputs(codes_of(), x)
    many = [np.repeat(c[None].astype(np.float32), 4, axis=0) for c in codes_of()]
    foretold = np.maximum(dies.measured().over(STEP).outputs(many, x.astype(np.float32)), 0)
    designed = np.maximum(CROSSBAR.designed(DIMS, spec).repeated(4).over(STEP).outputs(many, x.astype(np.float32)), 0)
    known, unknown = (float(np.sqrt(np.mean((found - other) ** 2))) for other in (foretold, designed))
    assert known < 0.35 * unknown
    assert set(dies.without()) == {"ir_drop", "comparator_offsets", "column_levels"}


@pytest.mark.full
@pytest.mark.tools
@pytest.mark.parametrize("fields", [{}, {"synapse": {"cell": "synapse_2t1c", "l_read": 8.0}, "full_current": 1.5e-7}])
def test_the_voltages_that_are_written_read_back_as_codes(fields: dict[str, Any], tmp_path: Path) -> None:
    spec, codes = CROSSBAR.parsed({**CROSSBAR.fields(DIMS), **fields}), codes_of()
    assert CROSSBAR.stored is not None
    listed = Path(CROSSBAR.stored(codes, spec, tmp_path)["weights"])
    arrays = json.loads(listed.read_text())["arrays"]
    assert [(a["layer"], a["rows"], a["cols"]) for a in arrays] == [(1, [0, 6], [0, 4]), (2, [0, 5], [0, 3])]
    for about, of_layer, cell in zip(arrays, codes, CROSSBAR.drawn_cells(spec), strict=False):
        file = read_array(listed.parent / about["weights"])
        worth = worth_of(file)
        assert worth is not None and about["cell"] == cell.name
        read = array_reader(cell, lines="ideal").read(file.values, worth.v_read * np.eye(len(of_layer)))
        assert worth.outputs(read) / worth.v_read == pytest.approx(of_layer, abs=0.02, rel=0)
    file.path.write_bytes(file.path.read_bytes() + b" ")
    assert worth_of(read_array(file.path)) is None, "voltages that were changed are not told in codes"


@pytest.mark.full
@pytest.mark.tools
def test_an_inference_lasts_as_long_as_its_pulses_and_costs_what_amplifiers_draw() -> None:
    spec = CrossbarNetworkSpec(dims=DIMS, ranges=(2.0, 3.0))
    taken, longer = inference(spec), inference(replace_ranges(spec, (2.0, 5.0)))
    assert longer.time_s - taken.time_s == pytest.approx(2 * spec.pulse, rel=1e-6, abs=0)
    assert taken.arrays_j == pytest.approx(1.8 * 5e-8 * 2.56e-6 * (6 * 4 + 2 * 5 * 3), rel=1e-6, abs=0)
    pairs = spec.model_copy(
        update={"synapse": {"cell": "synapse_2t1c", "l_read": 8.0}, "full_current": 1.5e-7, "ranges": (2.0, 3.0)}
    )
    assert inference(pairs).energy_j / taken.energy_j == pytest.approx((2 * 95 + 9) / (95 + 9), rel=0.03)
    column_w = (longer.energy_j - taken.energy_j) / (7 * 2 * spec.pulse)
    assert column_w == pytest.approx(105e-6, rel=0.1, abs=0), "an opamp's 95 uW and a comparator's 9"


def replace_ranges(spec: CrossbarNetworkSpec, ranges: tuple[float, ...]) -> CrossbarNetworkSpec:
    return spec.model_copy(update={"ranges": ranges})
