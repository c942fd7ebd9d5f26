"""Whole sums drawn by the model files themselves: many copies in one netlist, for direct current.

Every unit and every transistor is a line of its own, so that the models' `AGAUSS` terms are drawn for each. Copies
share inputs, supplies and the middle; they start where one of them rests without random errors. Auto-zeroed ones first
store their offsets, and then run on sources of what was stored.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from analoom.cells.model.circuit import Res
from analoom.flows.netlists.flat_devices import FlatDevice
from analoom.flows.netlists.models import sizes_of
from analoom.flows.simulator.ngspice import Loaded, circuit, deck
from analoom.flows.statistics.copies import drawing, draws, in_copy, net_in_copy, two_ended
from analoom.flows.statistics.mismatch_library import mismatch_library, resistor_library
from analoom.flows.systems.resistor.resistors import model_of, unit_of, units_of
from analoom.flows.systems.transistor.transistor_response import TEMP_DEGC
from analoom.generators.amplifier.auto_zero import GATE, PHASES, PLATE
from analoom.generators.weighted_sum.network import MID, MU_V, OUT, REFERENCE
from analoom.pdk.mismatch.terms import DEFAULT_MODEL

from .stand import TIGHT, Stand, inputs

APART_OHM, JOINED_OHM = 1e15, 1e-3
COPIES = 20
"""Sums in one netlist, of some 70 resistors and 10 transistors an amplifier."""

Array = NDArray[np.float64]


def draw_outputs(stand: Stand, samples: int, seed: int, model: str) -> Array:
    """The output with all inputs on the middle, then with each alone at its upper end, (samples, 1 + inputs) MU."""
    libraries, start = _libraries(stand, model), _resting(stand)
    found = []
    for count in draws(samples, COPIES, seed):
        with circuit(_netlist(stand, libraries, count, model, start)) as loaded:
            found.append(_read(stand, loaded, count))
    return np.concatenate(found)


def _read(stand: Stand, loaded: Loaded, count: int) -> Array:
    columns, nets = [], inputs(stand.spec)
    if stand.phases.there:
        _store(stand, loaded, count)
    for high in ("", *nets):
        for net in nets:
            loaded.set(f"v_{net}", stand.spec.input_range * MU_V * (net == high))
        op = loaded.op()
        columns.append([(op[f"{OUT}_{k}"] - stand.settings.v_mid) / MU_V for k in range(count)])
    return np.array(columns).T


def _store(stand: Stand, loaded: Loaded, count: int) -> None:
    """The phases, once: what each amplifier's capacitor takes becomes the source that stands for it."""
    _turn(stand, loaded, ("az", "runb"))
    op = loaded.op()
    _turn(stand, loaded, ("azb", "run"))
    for k in range(count):
        for stage in stand.spec.network.stages:
            held = op[f"{stage.name}_{GATE}_{k}"] - op[f"{stage.name}_{PLATE}_{k}"]
            loaded.set(f"v_held_{stage.name}_{k}", held)
            loaded.alter(f"r_held_{stage.name}_{k}", "resistance", JOINED_OHM)


def _turn(stand: Stand, loaded: Loaded, high: tuple[str, ...]) -> None:
    for phase in PHASES:
        loaded.set(f"v_{phase}", stand.settings.vdd * (phase in high))


def _held(stand: Stand, k: int) -> Iterator[str]:
    """What stands for each capacitor of a copy, left apart at first."""
    for stage in stand.spec.network.stages:
        gate, plate, word = (f"{stage.name}_{net}_{k}" for net in (GATE, PLATE, "held"))
        yield f"v_held_{stage.name}_{k} {gate} {word} 0"
        yield f"r_held_{stage.name}_{k} {word} {plate} {APART_OHM!r}"


def _resting(stand: Stand) -> dict[str, float]:
    """Where the nets of the sum rest, V, by their names in a copy."""
    with circuit(stand.deck()) as loaded:
        op = loaded.op()
    inside = {net.removeprefix("xdut."): volt for net, volt in op.items() if net.startswith("xdut.") and "#" not in net}
    return {net.replace(".x", ".").removeprefix("x").replace(".", "_"): volt for net, volt in inside.items()} | {
        OUT: op[OUT],
        "bias": op["bias"],
    }


def _libraries(stand: Stand, model: str) -> list[Path]:
    """Models of transistors and resistors that draw by themselves."""
    cell = stand.dut.cell
    if model == DEFAULT_MODEL:
        return [mismatch_library(sizes_of(cell.circuit), model, "drawn")]
    amplifiers = [instance.cell for instance in cell.instances if instance.name != "array"]
    sizes = [size for amplifier in amplifiers for size in sizes_of(amplifier.circuit)]
    unit = unit_of(cell)
    return [mismatch_library(sizes, model, "drawn"), resistor_library(unit.device, unit.w_um, model)]


def _netlist(stand: Stand, libraries: list[Path], count: int, model: str, start: Mapping[str, float]) -> str:
    cell, spec = stand.dut.cell, stand.spec
    shared = {"vdd", "vss", MID, REFERENCE, *inputs(spec)}
    head = [f'.include "{path}"' for path in libraries]
    around = [line for line in stand.bare() if not line.startswith(("i_bias", "c_load"))]
    lines = [*head, TIGHT, f".temp {TEMP_DEGC:g}", *around]
    phases = stand.phases.there
    if phases:
        shared |= set(PHASES)
        lines += stand.phases.zeroing()
    bias_a = spec.i_bias * len(spec.network.stages)
    units, transistors, name = units_of(cell), two_ended(cell.circuit), model_of(unit_of(cell), model)
    for k in range(count):
        lines.append(f"i_bias_{k} vdd bias_{k} {bias_a!r}")
        lines += [drawing(in_copy(flat, flat.mos, shared, k)) for flat in transistors]
        lines += list(_resistors(units, shared, k, name))
        lines += [*_held(stand, k)] if phases else []
        lines += [f".nodeset v({net}_{k})={volt!r}" for net, volt in start.items()]
    return deck("sums", *lines)


def _resistors(units: list[FlatDevice], shared: set[str], k: int, name: str) -> Iterator[str]:
    """A line a unit, all of the model `name`."""
    for flat in units:
        device = flat.device
        assert isinstance(device, Res)
        nets = [net_in_copy(flat.nets[t], shared, k) for t in device.device.terminals]
        yield f"x{flat.word}_{k} {' '.join(nets)} {name} w={device.w_um:g} l={device.l_um:g} mult=1"
