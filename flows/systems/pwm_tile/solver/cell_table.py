"""What a weight does to its column, sampled once from ngspice: current by code and voltage, charge lost, capacitance.

A pulse of length t takes I t - q from a column: q, the charge that a pulse falls short by, is what its switches' nodes
take up at its edges, the same for any pulse of two steps and more. The current falls with the column's voltage by
one curve for all codes, within parts of a thousandth.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, replace

import numpy as np
from numpy.typing import NDArray

from analoom.cells.model.circuit import Mos
from analoom.cells.pulse_width.circuits import MOST_CODE
from analoom.cells.pulse_width.pulse_driver import pulse_driver_circuit
from analoom.cells.pulse_width.spec import PwmCellSpec
from analoom.cells.strip.gates import VSS
from analoom.flows.simulator.ngspice import Loaded, circuit
from analoom.flows.simulator.sampled import sampled
from analoom.flows.systems.pwm_tile.operation.cell_lines import flat_deck, unit, written_cell
from analoom.flows.systems.pwm_tile.operation.settings import PulseLevels
from analoom.pdk.corners import corner

Array = NDArray[np.float64]
CODES = tuple(range(1, MOST_CODE + 1))
LOWEST_V, STEP_V = 0.4, 0.1
"""Down to where currents are sampled, and in which steps."""
STEPS, START_S, EDGE_S = 16, 2e-8, 1e-10
"""Length of the sampled pulse in steps of `lsb`, when it begins, and its edges."""
CASCODE_V = 0.02
"""By how much the level of the pulse is raised to see what the cascode does."""
GROUND, GROUND_V = "ground", 0.002
"""The ground of weights, and by how much it is raised over that of the reference to see what they lose."""
ANY_NM = 0
"""The height of a driver, which its transistors do not depend on."""
PROBE_F, AC_HZ = 1e-12, 1e6
FAST = ".option gmin=1e-13 abstol=1e-14 reltol=1e-4 method=gear"


@dataclass(frozen=True)
class CellTable:
    """`current_a` and `lost_c` (8,) by code, 0 first; `volts` (points,) rising, and there the currents by those at the
    reset level, `ratio` (points,), and F on the column of a weight's sign and on the other, `on_f`, `off_f` (points,);
    `cascode` (8,) 1/V: what a current gains by a volt less of its pulse switch's threshold; `by_ground` (8,) 1/V: what
    ln of it loses by a volt by which its ground rises over that of the reference.
    """

    current_a: Array
    lost_c: Array
    volts: Array
    ratio: Array
    on_f: Array
    off_f: Array
    cascode: Array
    by_ground: Array


@dataclass(frozen=True)
class Place:
    """Where and in which process a cell is sampled; `lsb` in s."""

    spec: PwmCellSpec
    levels: PulseLevels
    lsb: float
    corner: str = "tt"
    temp_degc: float = 27.0


@sampled("pwm cells", CellTable)
def cell_table(place: Place) -> CellTable:
    """The table of a cell, in three short simulations."""
    rest_v = place.levels.v_res
    volts = np.append(np.arange(LOWEST_V, rest_v - STEP_V / 2, STEP_V), rest_v)
    currents, gains, losses = _currents(place, volts)
    lost = currents[-1] * STEPS * place.lsb - _taken(place)
    heavy = currents @ np.array(CODES, dtype=np.float64)
    plates, ratio = _capacitances(place, volts), heavy / heavy[-1]
    slopes = _by_code(gains), _by_code(losses)
    return CellTable(_by_code(currents[-1]), _by_code(lost), volts, ratio, *plates, *slopes)


def _by_code(of_codes: Array) -> Array:
    return np.concatenate([[0.0], of_codes])


def _currents(place: Place, volts: Array) -> tuple[Array, Array, Array]:
    """Currents (points, codes) A with the pulse on, what the last gain by a volt more of its level, and what ln of them
    loses by a volt more of their ground, (codes,) 1/V."""
    lines = [*_held(place), f"v_p p 0 {place.levels.v_cas!r}", "v_pb pb 0 0"]
    found = []
    with circuit(_deck(place, lines)) as loaded:
        for volt in volts:
            loaded.set("v_level", float(volt))
            found.append(_of_codes(loaded))
        loaded.set("v_p", place.levels.v_cas + CASCODE_V)
        above = _of_codes(loaded)
        loaded.set("v_p", place.levels.v_cas)
        loaded.set(f"v_{GROUND}", GROUND_V)
        risen = _of_codes(loaded)
    return np.array(found), (above / found[-1] - 1) / CASCODE_V, -np.log(risen / found[-1]) / GROUND_V


def _of_codes(loaded: Loaded) -> Array:
    """Currents (codes,) A at the operating point."""
    op = loaded.op()
    return np.array([-op[f"v_p{k}#branch"] for k in CODES])


def _capacitances(place: Place, volts: Array) -> tuple[Array, Array]:
    """F (points,) of a weight at the column of its sign and at the other, between pulses."""
    lines = [*_held(place), "v_p p 0 0", f"v_pb pb 0 {place.levels.v_cas!r}"]
    found = []
    with circuit(_deck(place, lines)) as loaded:
        for volt in volts:
            loaded.set("v_level", float(volt))
            loaded.set("v_other", float(volt))
            seen = loaded.run(f"ac lin 1 {AC_HZ!r} {AC_HZ!r}")
            found.append([-complex(seen[f"v_{side}1#branch"][0]).imag / (2 * np.pi * AC_HZ) for side in "pn"])
    return np.array(found)[:, 0], np.array(found)[:, 1]


def _taken(place: Place) -> Array:
    """Charges (codes,) that a pulse takes from its columns, C."""
    on_s, off_s = START_S, START_S + STEPS * place.lsb
    vdd, v_res = place.levels.vdd, place.levels.v_res
    wave = f"pwl(0 0 {on_s!r} 0 {on_s + EDGE_S!r} {vdd!r} {off_s!r} {vdd!r} {off_s + EDGE_S!r} 0)"
    lines = [*_shared(place), f"v_in in 0 {wave}", f"v_vcas vcas 0 {place.levels.v_cas!r}"]
    for k in CODES:
        lines += [f"c_p{k} p{k} 0 {PROBE_F!r}", f"v_n{k} n{k} 0 {v_res!r}", f".ic v(p{k})={v_res!r} v(y{k})={v_res!r}"]
    driver = [replace(d, name=f"driver_{d.name}") for d in pulse_driver_circuit(ANY_NM).devices if isinstance(d, Mos)]
    with circuit(_deck(place, lines, driver)) as loaded:
        found = loaded.run(f"tran {EDGE_S!r} {off_s + START_S!r} 0 {place.lsb / 2!r}")
    before = found["time"] < START_S
    return np.array([PROBE_F * (found[f"p{k}"][before][-1] - found[f"p{k}"][-1]) for k in CODES])


def _cells(spec: PwmCellSpec) -> Iterator[Mos]:
    """The reference of the units' gate, and a weight of each code on columns of its own."""
    yield unit(spec, "reference", "vbn")
    for k in CODES:
        lines = {"colp": f"p{k}", "coln": f"n{k}", "p": "p", "pb": "pb", "dump": "dump", VSS: GROUND}
        yield from written_cell(spec, k, str(k), lines)


def _shared(place: Place) -> list[str]:
    levels = place.levels
    rails = [
        f"v_vdd vdd 0 {levels.vdd!r}",
        "v_vss vss 0 0",
        f"v_{GROUND} {GROUND} 0 0",
        f"v_dump dump 0 {levels.v_dump!r}",
    ]
    return [FAST, *rails, f"i_unit 0 vbn {place.spec.unit_current!r}"]


def _held(place: Place) -> list[str]:
    """Both columns of every weight held."""
    level = f"dc {place.levels.v_res!r} ac 1"
    columns = [line for k in CODES for line in (f"v_p{k} p{k} level 0", f"v_n{k} n{k} other 0")]
    return [*_shared(place), f"v_level level 0 {level}", f"v_other other 0 {level}", *columns]


def _deck(place: Place, lines: Sequence[str], beside: Iterable[Mos] = ()) -> str:
    devices = [*beside, *_cells(place.spec)]
    return flat_deck("weights", devices, corner(place.corner), place.temp_degc, lines)
