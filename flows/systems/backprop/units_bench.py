"""The benches of a synapse and of a neuron alone: how fast a weight moves and how it stays, what a neuron gives."""

from __future__ import annotations

from collections.abc import Iterator
from typing import TypeVar

import numpy as np
from numpy.typing import NDArray
from pydantic import Field

from analoom.cells.backprop.network_sizes import BackpropNeuronSpec, BackpropSizes
from analoom.cells.backprop.sizes import nmos
from analoom.cells.model.cell import Cell, Spec
from analoom.flows.bench.device_under_test import Dut
from analoom.flows.bench.measured import Curve, Measured, Metric
from analoom.flows.bench.operating_point import device_points
from analoom.flows.netlists.flat_lines import with_flat_lines
from analoom.flows.simulator.ngspice import circuit
from analoom.pdk.corners import VDD_V
from analoom.pdk.errors import InputError

from .settings import VOLT

Array = NDArray[np.float64]
S = TypeVar("S", bound=BackpropSizes)
FINE = ".option reltol=1e-5 abstol=1e-15 chgtol=1e-18 vntol=1e-7"
LEARN_S, HOLD_S, EDGE_S, AFTER_S = 4e-6, 40e-6, 1e-7, 5e-7
"""A weight learns this long, and is then held; how long `learn` takes to fall, and when the step it makes is over."""
STEP_AT_S, STEP_S, POINTS = 1e-6, 20e-6, 4000
SETTLED_V = 0.005


class UnitSettings(Spec):
    """What synapse and neuron are asked."""

    i_bias: float | None = Field(
        None,
        gt=0,
        le=1e-6,
        description="current of each tail on bias (default the spec's)",
        json_schema_extra={"unit": "A"},
    )
    vdd: float = Field(VDD_V, ge=1.6, le=1.95, description="supply", json_schema_extra=VOLT)


class SynapseSettings(UnitSettings):
    """Levels of a synapse."""

    i_update: float = Field(
        3.3e-9, gt=0, le=1e-6, description="current of the update cell's tail", json_schema_extra={"unit": "A"}
    )
    v_in: float = Field(0.1, gt=0, le=0.15, description="difference of the input's nets", json_schema_extra=VOLT)
    v_error: float = Field(0.03, gt=0, le=0.2, description="difference of the error's nets", json_schema_extra=VOLT)
    v_x: float = Field(1.0, ge=0.8, le=1.3, description="common level of the input", json_schema_extra=VOLT)
    v_w: float = Field(0.7, ge=0.5, le=0.9, description="level that weights are counted from", json_schema_extra=VOLT)


class NeuronSettings(UnitSettings):
    """Load and drive of a neuron."""

    teach: float = Field(
        0.2, gt=0, le=1, description="current of teach by that of bias", json_schema_extra={"unit": "frac"}
    )
    c_synapse: float = Field(
        10e-15, ge=0, le=1e-12, description="load of pd by an input's update tail", json_schema_extra={"unit": "F"}
    )


def measure_synapse(dut: Dut, settings: SynapseSettings, weights: Array | None = None) -> Measured:
    """How fast the weight moves by an error and by none, what opening `learn` does to it, and how it stays."""
    runs = {e: _learned(dut, settings, e) for e in (settings.v_error, -settings.v_error, 0.0)}
    rates = {e: _rate(run, 1e-6, LEARN_S) for e, run in runs.items()}
    time, w = runs[settings.v_error]
    at = {t: float(np.interp(t, time, w)) for t in (LEARN_S, LEARN_S + AFTER_S)}
    offset = rates[0.0]
    found = {
        "update_rate": Metric((rates[-settings.v_error] - rates[settings.v_error]) / 2, "V/s"),
        "update_offset": Metric(offset, "V/s"),
        "opening_step": Metric(at[LEARN_S + AFTER_S] - at[LEARN_S], "V"),
        "hold": Metric(abs(_rate(runs[settings.v_error], LEARN_S + HOLD_S / 2, LEARN_S + HOLD_S)), "V/s"),
    }
    return Measured(found, {"weight": Curve(time, w, "time (s)", "weight (V)")})


def measure_neuron(dut: Dut, settings: NeuronSettings, weights: Array | None = None) -> Measured:
    """What currents into its load make of a neuron's nets, and how long they take after the sign of the sum changed."""
    spec, bias = _of(dut.cell, BackpropNeuronSpec), _bias_a(dut.cell, settings)
    full = bias * spec.inputs
    lines = [*_around_neuron(dut.cell, settings)]
    moving = dut.transient or dut
    course = f"pulse({bias!r} {-bias!r} {STEP_AT_S!r} 10n 10n 1 2)"
    with circuit(moving.deck(FINE, *lines, *_sums(full, f"dc {bias!r} {course}"))) as loaded:
        op, found = loaded.op(), loaded.run(f"tran 5n {STEP_S!r} 0 {STEP_S / POINTS!r}")
    time = found["time"] - STEP_AT_S
    late = max(_settled(time, wave) for wave in (found["yp"], found["yn"], found["pd"]))
    metrics = {
        "net_level": Metric(float(op["np"] + op["nn"]) / 2, "V"),
        "net_swing": Metric(float(op["nn"] - op["np"]), "V"),
        "y_swing": Metric(float(op["yp"] - op["yn"]), "V"),
        "power": Metric(settings.vdd * (float(-op["v_vdd#branch"]) - full), "W"),
        "settling": Metric(late, "s"),
    }
    curves = {net: Curve(time, found[net], "time from the step (s)", f"{net} (V)") for net in ("yp", "pd")}
    return Measured(metrics, curves, devices=device_points(dut, *lines, *_sums(full, f"{bias!r}")))


def _learned(dut: Dut, settings: SynapseSettings, error_v: float) -> tuple[Array, Array]:
    """Times (s) and the weight (V)."""
    moving = dut.transient or dut
    lines = [FINE, *_around_synapse(dut.cell, settings, error_v), f".ic v(w)={settings.v_w!r}", ".save v(w)"]
    with circuit(moving.deck(*lines)) as loaded:
        found = loaded.run(f"tran 50n {LEARN_S + HOLD_S!r} 0 100n")
    return found["time"], found["w"]


def _rate(run: tuple[Array, Array], start: float, end: float) -> float:
    return float(np.interp(end, *run) - np.interp(start, *run)) / (end - start)


def _around_synapse(cell: Cell, settings: SynapseSettings, error_v: float) -> Iterator[str]:
    spec, s = _of(cell, BackpropSizes), settings
    yield from (f"v_vdd vdd 0 {s.vdd!r}", "v_vss vss 0 0", f"v_wr wr 0 {s.v_w!r}")
    for stem, level, apart in (("x", s.v_x, s.v_in), ("e", s.v_w, error_v)):
        yield from (
            f"v_{stem}{side} {stem}{side} 0 {level + half * apart!r}" for side, half in (("p", 0.5), ("n", -0.5))
        )
    yield from (f"v_{net} {net} 0 0.65" for net in ("op", "on"))
    yield f"v_learn learn 0 dc {s.vdd!r} pwl(0 {s.vdd!r} {LEARN_S!r} {s.vdd!r} {LEARN_S + EDGE_S!r} 0)"
    yield from (f"i_bias 0 bias {_bias_a(cell, s)!r}", f"i_pd 0 pd {s.i_update!r}")
    yield with_flat_lines(nmos("bias_diode", ("bias", "bias", "vss"), spec.w_tail, spec.l_tail).spice())
    yield with_flat_lines(nmos("pd_diode", ("pd", "pd", "vss"), spec.w_mirror, spec.l_mirror).spice())


def _around_neuron(cell: Cell, settings: NeuronSettings) -> Iterator[str]:
    spec, bias = _of(cell, BackpropNeuronSpec), _bias_a(cell, settings)
    yield from (f"v_vdd vdd 0 {settings.vdd!r}", "v_vss vss 0 0")
    yield f"c_pd pd 0 {settings.c_synapse * spec.inputs!r}"
    for net, current in (("bias", bias), ("teach", settings.teach * bias)):
        yield f"i_{net} 0 {net} {current!r}"
        yield with_flat_lines(nmos(f"{net}_diode", (net, net, "vss"), spec.w_tail, spec.l_tail).spice())


def _sums(full: float, difference: str) -> Iterator[str]:
    """Half of all currents out of each net, and their difference."""
    yield from (f"i_np np 0 {full / 2!r}", f"i_nn nn 0 {full / 2!r}")
    yield f"v_d d 0 {difference}"
    yield from ("g_p np 0 d 0 0.5", "g_n nn 0 d 0 -0.5")


def _settled(time: Array, wave: Array) -> float:
    """When a wave last was farther than SETTLED_V from its end, s."""
    off = (np.abs(wave - wave[-1]) > SETTLED_V) & (time >= 0)
    return float(time[off].max(initial=0.0))


def _bias_a(cell: Cell, settings: UnitSettings) -> float:
    return settings.i_bias or _of(cell, BackpropSizes).i_bias


def _of(cell: Cell, wanted: type[S]) -> S:
    """The cell's spec. Raises InputError where it is another."""
    if not isinstance(cell.spec, wanted):
        raise InputError(f"{cell.name} is no part of a network that trains itself", field="name")
    return cell.spec
