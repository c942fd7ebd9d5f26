"""A column's amplifier against the laws of its transistors, against a loop that is cut open, and beside broken ones."""

from dataclasses import replace

import numpy as np
import pytest

from analoom import build, mismatch, simulate
from analoom.cells.model.circuit import Circuit, Mos
from analoom.flows.bench.device_under_test import make_dut
from analoom.flows.netlists.flat_lines import with_flat_lines
from analoom.flows.simulator.ngspice import circuit
from analoom.flows.systems.trained_crossbar.amplifier.bench import measure_amplifier
from analoom.flows.systems.trained_crossbar.amplifier.settings import AmplifierSettings
from analoom.flows.systems.trained_crossbar.amplifier.stand import supplies, tail_diode
from analoom.flows.systems.trained_crossbar.drawn_columns import with_amplifier
from analoom.flows.systems.trained_crossbar.run.amplifiers import with_amplifiers
from analoom.flows.systems.trained_crossbar.run.in_ngspice import InNgspice
from analoom.flows.systems.trained_crossbar.run.settings import TrainingSettings
from analoom.flows.systems.trained_crossbar.solver.bench import TrainingBench
from analoom.flows.systems.trained_crossbar.solver.columns import (
    COPY_N,
    COPY_P,
    GAIN_N,
    GAIN_P,
    OFFSET_N,
    OFFSET_P,
    columns_of,
)
from analoom.flows.systems.trained_crossbar.solver.training import Trainer, sine
from analoom.pdk.corners import corner
from analoom.pdk.errors import InputError
from analoom.pdk.mismatch.terms import random_terms

LVT = {"cell": "synapse_cs", "vt": "lvt"}


@pytest.fixture(scope="module")
def cell():
    return build("column_amplifier")


@pytest.fixture(scope="module")
def found(cell):
    return simulate(cell)


def value(result, name):
    return result.metrics[name].value


def changed(cell, change):
    """The cell with another circuit: `change` gives the fields to replace of a transistor, or nothing."""
    devices = tuple(replace(d, **change(d)) if isinstance(d, Mos) else d for d in cell.circuit.devices)
    return replace(cell, circuit=Circuit(cell.circuit.name, cell.circuit.ports, devices))


def test_it_mirrors_the_column_and_returns_the_load(found):
    assert value(found, "gain") == pytest.approx(1, abs=1e-3)
    assert value(found, "copy_ratio") == pytest.approx(1, abs=1e-3)
    assert value(found, "deviation") < 0.01 * 0.05, "a hundredth of the swing"
    assert value(found, "range_low") < -0.1 < 0.1 < value(found, "range_high")
    assert value(found, "most_sunk") > 2e-6


def test_resistance_and_conductance_are_those_of_the_small_signals(found):
    """Output: 1 / (gm of a pair's transistor, by what the gates' node leaks, times gm of the output stage). Input: the
    copy's own conductance, and as much again, as its gate moves to hold an output that moves the other way."""
    points = {point.name: point for point in found.devices}
    leak = sum(points[name].gds_s for name in ("load_y", "pair_in_rest", "pair_out_rest"))
    stage = points["out_n"].gm_s + points["out_p"].gm_s
    assert value(found, "output_resistance") == pytest.approx(leak / points["pair_out"].gm_s / stage, rel=0.03)
    assert value(found, "input_conductance") == pytest.approx(
        2 * (points["copy_n"].gds_s + points["copy_p"].gds_s), rel=0.03
    )


def test_its_margin_is_that_of_the_loop_cut_open(cell, found):
    """The gate of the pair that reads the output is driven instead, through 1 kF, and held by 1 GH at the output."""
    cut = changed(cell, lambda d: {"nets": d.nets | {"g": "cut"}} if d.name == "pair_out" else {})
    cut = replace(cut, circuit=replace(cut.circuit, ports=(*cut.circuit.ports, "cut")))
    dut, settings = make_dut(cut, "schematic", corner("tt"), 27.0), AmplifierSettings()
    around = [*supplies(settings), "i_bias 0 bias 1e-7", tail_diode(cell).spice(), "v_in in 0 0.9"]
    around += ["l_cut cut outn 1e9", "c_cut cut drive 1e3", "v_drive drive 0 dc 0 ac 1", "c_load outn 0 1e-13"]
    with circuit(dut.deck(*map(with_flat_lines, around))) as loaded:
        got = loaded.run("ac dec 100 1e3 1e8")
    loop = -got["outn"]
    unity = int(np.argmax(np.abs(loop) < 1))
    margin = 180 + float(np.degrees(np.unwrap(np.angle(loop)))[unity])
    assert value(found, "phase_margin") == pytest.approx(margin, abs=3)


def test_broken_ones_are_seen(cell):
    """Half a copy returns half the load; a pair with half the tail turns the column over by another gain."""
    wide = build("column_amplifier", {"w_n": 4.0, "w_p": 8.0})
    half = changed(wide, lambda d: {"w_um": d.w_um / 2} if d.name.startswith("copy") else {})
    assert measured(half)["copy_ratio"].value == pytest.approx(0.5, abs=0.02)
    starved = changed(cell, lambda d: {"l_um": 2 * d.l_um} if d.name == "tail_in" else {})
    assert measured(starved)["gain"].value < 0.8


def measured(cell):
    return measure_amplifier(make_dut(cell, "schematic", corner("tt"), 27.0), AmplifierSettings()).metrics


def test_its_random_current_is_that_of_output_stage_and_copy(cell, found):
    """Each transistor's threshold error times its gm: n and p of the stage and of its copy err alike."""
    points = {point.name: point for point in found.devices}
    sizes = {d.name: d for d in cell.circuit.devices if isinstance(d, Mos)}
    errors = []
    for name in ("out_n", "copy_n", "out_p", "copy_p"):
        d = sizes[name]
        errors.append(points[name].gm_s * random_terms(d.device, d.w_um, d.l_um, d.nf, d.m, "continuous")["delvto"])
    sigmas = mismatch(cell).metrics
    assert sigmas["input_current"].sigma == pytest.approx(np.linalg.norm(errors), rel=0.03, abs=0)
    assert sigmas["copy_error"].sigma < 0.02 < sigmas["gain_error"].sigma


def test_another_cell_is_refused(cell):
    with pytest.raises(InputError, match="no amplifier"):
        tail_diode(build("gilbert"))


def test_a_wire_has_no_spread():
    """With `amplifier_wire` the upright side of every column is as it is nominally, the inverted one is drawn."""
    errors = {"amplifier_gain_sigma": 0.1, "amplifier_offset_sigma": 1e-3, "amplifier_copy_sigma": 0.1}
    bench = TrainingBench.parse({"dims": (3, 8, 1), "errors": errors | {"amplifier_wire": True}})
    hidden = columns_of(bench, die=3).hidden
    assert np.all(hidden[:, [GAIN_P, OFFSET_P, COPY_P]] == (1.0, 0.0, 1.0))
    assert np.all(np.ptp(hidden[:, [GAIN_N, OFFSET_N, COPY_N]], axis=0) > 0)
    both = columns_of(TrainingBench.parse({"dims": (3, 8, 1), "errors": errors}), die=3).hidden
    assert np.all(np.ptp(both[:, [GAIN_P, OFFSET_P, COPY_P]], axis=0) > 0)


def test_its_law_is_what_the_solver_takes(cell, found):
    errors = with_amplifier(TrainingBench(), cell, "continuous").errors
    assert errors.amplifier_wire and errors.amplifier_copy == (1.0, value(found, "copy_ratio"))
    assert errors.amplifier_current_sigma == mismatch(cell).metrics["input_current"].sigma
    assert not with_amplifier(TrainingBench(), cell).errors.spread


@pytest.mark.full
def test_transistors_in_the_netlist_move_weights_as_its_law_does(cell):
    bench = TrainingBench.parse({"dims": (3, 4, 1), "synapse": LVT, "reach": 0.15, "rate": (300.0, 500.0)})
    trainer, drawn = Trainer(bench), Trainer(with_amplifier(bench, cell))
    samples, weights, order = sine(bench, 1.5e-3), trainer.start_bent(1, 0.45, 0.3), np.arange(10) * 5
    blocks = with_amplifiers(make_dut(cell, "schematic", corner("tt"), 27.0))
    judged, _ = InNgspice(trainer, blocks, TrainingSettings()).taught(samples, order, weights)
    ours = weights[0].copy(), weights[1].copy()
    drawn.show(samples, order, ours, (np.zeros_like(ours[0]), np.zeros_like(ours[1])))
    gaps = [np.linalg.norm(a - b) / np.linalg.norm(b - w) for a, b, w in zip(ours, judged, weights, strict=True)]
    assert gaps[0] < 0.1 and gaps[1] < 0.05


@pytest.mark.full
@pytest.mark.parametrize("model", ["continuous", "binned"])
def test_by_formula_as_the_models_draw_it(cell, model):
    closed = mismatch(cell, model=model).metrics
    drawn = mismatch(cell, model=model, engine="ngspice", samples=600, seed=3).metrics
    for metric, spread in closed.items():
        low, high = drawn[metric].ci95
        assert 0.9 * low <= spread.sigma <= 1.1 * high, metric
