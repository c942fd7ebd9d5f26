"""Clamp and nudge of a column against the slopes of their own transistors, laws put in, and blocks that are damaged."""

from dataclasses import replace

import numpy as np
import pytest

from analoom.cells.in_place.column_clamp import ColumnClampSpec
from analoom.cells.in_place.column_nudge import ColumnNudgeSpec
from analoom.cells.model.registry import build
from analoom.flows.bench.device_under_test import make_dut
from analoom.flows.bench.measured import Curve
from analoom.flows.lvs.check import run_lvs
from analoom.flows.mismatch import mismatch
from analoom.flows.simulate import simulate
from analoom.flows.systems.trained_crossbar.clamp_bench import measure_clamp
from analoom.flows.systems.trained_crossbar.column_settings import ClampSettings, NudgeSettings
from analoom.flows.systems.trained_crossbar.drawn_columns import softplus, with_clamp, with_nudge
from analoom.flows.systems.trained_crossbar.nudge_bench import measure_nudge
from analoom.flows.systems.trained_crossbar.run.in_ngspice import InNgspice
from analoom.flows.systems.trained_crossbar.run.placed import Placed
from analoom.flows.systems.trained_crossbar.run.settings import TrainingSettings
from analoom.flows.systems.trained_crossbar.solver.bench import TrainingBench
from analoom.flows.systems.trained_crossbar.solver.training import Trainer, sine
from analoom.pdk.corners import corner
from analoom.pdk.errors import InputError, SpecError
from analoom.pdk.layers import Layer
from analoom.pdk.mismatch.terms import random_terms
from broken import twin, without


def changed(cell, name, **nets):
    """The cell with one transistor on other nets, or without it where none are given."""
    devices = [replace(d, nets={**d.nets, **nets}) if d.name == name else d for d in cell.circuit.devices]
    kept = tuple(d for d in devices if nets or d.name != name)
    return replace(cell, circuit=replace(cell.circuit, devices=kept))


def values(measured):
    return {name: metric.value for name, metric in measured.metrics.items()}


def gate_v(device, model):
    terms = random_terms(device.device, device.w_um, device.l_um, device.nf, 1, model)
    return terms["delvto"] if "delvto" in terms else np.hypot(terms["vth0"], terms.get("voff", 0.0))


@pytest.fixture(scope="module")
def nudge():
    return simulate(build("column_nudge"))


@pytest.fixture(scope="module")
def clamp():
    return simulate(build("column_clamp"))


def test_a_nudges_slope_is_that_of_its_pair_and_it_is_straight_and_shut_when_off(nudge):
    """Both halves of the pair in series, 2 g1 g2/(g1 + g2), by the transistors' own gm as ngspice tells it."""
    found = values(nudge)
    one, other = (p.gm_s for p in nudge.devices if p.name.startswith("pair"))
    assert found["gm"] == pytest.approx(2 * one * other / (one + other), rel=0.02)
    assert found["bend"] < 0.1
    assert 0.9 < found["gm_low"] / found["gm"] < 1.1 and 0.9 < found["gm_high"] / found["gm"] < 1.1
    assert found["leak"] < 1e-9
    assert found["kick_left"] < 5e-5


def test_without_what_shuts_the_mirror_a_nudge_lets_go_late(nudge):
    """The gate of the mirror is then left where it was, and the copy goes on into the column."""
    damaged = changed(build("column_nudge"), "shut")
    found = values(measure_nudge(make_dut(damaged, "schematic", corner("tt"), 27.0), NudgeSettings()))
    assert found["kick_left"] > 5 * values(nudge)["kick_left"]


def test_a_clamp_pulls_hard_below_rest_and_leaks_nothing_above(clamp):
    found = values(clamp)
    assert -6e-3 < found["knee"] < 0
    assert found["conductance"] > 1e-3
    assert abs(found["leak_near"]) < 1e-9 and abs(found["leak_far"]) < 1e-11
    assert found["held"] == pytest.approx(found["knee"], abs=3e-3)
    assert found["settling"] < 1e-6


def test_a_clamp_whose_inputs_are_crossed_pulls_up_what_is_above_rest():
    damaged = changed(changed(build("column_clamp"), "pair_col", g="rest"), "pair_rest", g="col")
    found = values(measure_clamp(make_dut(damaged, "schematic", corner("tt"), 27.0), ClampSettings()))
    assert found["leak_far"] > 1e-6


def test_a_current_that_a_clamp_never_gives_is_refused():
    with pytest.raises(InputError, match="A are asked"):
        simulate(build("column_clamp", {"w_follower": 0.42}), settings={"i_pull": 1e-4})


@pytest.mark.parametrize("model", ["continuous", "binned"])
@pytest.mark.parametrize(("name", "metric", "mirror"), [("clamp", "knee", "diode"), ("nudge", "offset", "diode")])
def test_offsets_are_those_of_pair_and_mirror(model, name, metric, mirror, request):
    """sqrt(2 s_pair^2 + 2 (gm_mirror/gm_pair s_mirror)^2), sigmas by the model file, gm by ngspice."""
    cell = build(f"column_{name}")
    gm = {p.name: p.gm_s for p in request.getfixturevalue(name).devices}
    device = {d.name: d for d in cell.circuit.devices}
    pair = next(n for n in gm if n.startswith("pair"))
    law = np.sqrt(2) * np.hypot(gate_v(device[pair], model), gm[mirror] / gm[pair] * gate_v(device[mirror], model))
    assert mismatch(cell, model=model).metrics[metric].sigma == pytest.approx(law, rel=0.12)


def test_the_law_of_a_clamp_that_was_put_in_is_found():
    v = np.linspace(-0.02, 0.02, 161)
    current = 2e-3 * 1e-3 * np.log1p(np.exp(-(v + 3e-3) / 1e-3))
    assert softplus(Curve(v, current, "", "")) == pytest.approx((2e-3, 1e-3, -3e-3), rel=1e-4)


def test_the_solver_takes_what_was_simulated(nudge, clamp):
    bench = with_clamp(with_nudge(TrainingBench(), build("column_nudge")), build("column_clamp"), "binned")
    assert bench.nudge == pytest.approx(values(nudge)["gm"], rel=1e-3)
    assert bench.errors.nudge_offset == pytest.approx(-values(nudge)["offset"], rel=1e-3)
    assert bench.errors.nudge_offset_sigma == 0 and bench.errors.clamp_offset_sigma > 3e-3
    v, slope, width = -3e-3, bench.clamp, bench.clamp_v
    law = slope * width * np.log1p(np.exp(-(v - bench.errors.clamp_offset) / width))
    assert law == pytest.approx(np.interp(v, clamp.curves["current"].x, clamp.curves["current"].y), rel=0.25)


def test_low_thresholds_are_drawn_and_their_loss_is_seen(tmp_path):
    cell = build("column_clamp")
    for damage, clean in ((lambda copy, top: None, True), (without(Layer.LVTN), False)):
        assert run_lvs(twin(cell, damage), cell.spice(), cell.circuit.name, tmp_path).clean == clean


@pytest.mark.parametrize(("field", "value"), [("w", 64.0), ("w_tail", 5.0), ("l_mirror", 0.3), ("i_tail", 1e-3)])
def test_sizes_out_of_range_are_refused_by_name(field, value):
    with pytest.raises(SpecError) as error:
        ColumnClampSpec.parse({field: value})
    assert error.value.field == field and error.value.value == value


def test_a_finger_off_the_grid_is_refused_with_a_width_that_will_do():
    with pytest.raises(SpecError) as error:
        ColumnNudgeSpec.parse({"w_tail": 4.01})
    assert error.value.remedy == "w_tail=4"
    assert ColumnNudgeSpec.parse({"w_tail": 4.0}).w_tail == 4.0


@pytest.mark.full
def test_ngspice_with_drawn_clamps_nudge_and_load_moves_weights_as_the_solver_does():
    """Within 2 %, and with the clamp and the nudge of an ideal bench by more than 5 % otherwise."""
    fields = {"dims": (3, 2, 1), "synapse": {"cell": "synapse_cs", "vt": "lvt"}, "reach": 0.15}
    ideal = TrainingBench.parse(fields)
    bench = with_clamp(with_nudge(ideal, build("column_nudge")), build("column_clamp"))
    cell = build("trained_crossbar", {"dims": (3, 2, 1), "clamp": "drawn", "nudge": "drawn", "load": "drawn"})
    trainer = Trainer(bench)
    runs = InNgspice(trainer, Placed(make_dut(cell, "schematic", corner("tt"), 27.0)).blocks, TrainingSettings())
    samples, start, order = sine(bench), trainer.start_bent(1, 0.45), np.arange(4) * 11
    ends, _ = runs.taught(samples, order, start)
    off = []
    for one in (bench, ideal):
        ours = start[0].copy(), start[1].copy()
        Trainer(one).show(samples, order, ours, (np.zeros_like(ours[0]), np.zeros_like(ours[1])))
        off.append([np.linalg.norm(a - b) / np.linalg.norm(b - w) for a, b, w in zip(ours, ends, start, strict=True)])
    assert max(off[0]) < 0.02 and max(off[1]) > 0.05
