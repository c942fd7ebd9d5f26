"""Device tables against ngspice itself at random voltages between the sampled ones, and their limits."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path
from typing import Any

import numpy as np
import pytest

from analoom.cells.model.circuit import Mos
from analoom.cells.synapse.synapse_2t1c import Synapse2t1cSpec, synapse_2t1c
from analoom.cells.synapse.synapse_cs import SynapseCsSpec, synapse_cs
from analoom.flows.netlists.model_variants import size_of, with_variants
from analoom.flows.netlists.models import trimmed_library
from analoom.flows.simulator.ngspice import circuit, deck
from analoom.flows.systems.crossbar.solver import device_table as device_table_module
from analoom.flows.systems.crossbar.solver.device_table import DeviceTable, TableRange, device_table
from analoom.pdk.corners import corner
from analoom.pdk.errors import InputError

pytestmark = pytest.mark.tools

READ = TableRange((0.5, 1.2), (0.0, 0.05), 0.05)
SIGNED = TableRange((0.0, 1.8), (0.8, 1.0), 0.2)
COUNT = 120


def transistors() -> dict[str, Mos]:
    synapses = synapse_2t1c(Synapse2t1cSpec()), synapse_cs(SynapseCsSpec())
    return {d.name: d for s in synapses for d in s.circuit.devices if isinstance(d, Mos)}


def drawn(over: TableRange, seed: int) -> tuple[np.ndarray, np.ndarray, np.ndarray]:
    """Random gate, drain and source voltages (V) within a range, either of drain and source the higher."""
    rng = np.random.default_rng(seed)
    low = rng.uniform(*over.v_s, COUNT)
    high = low + rng.uniform(0, over.v_ds, COUNT)
    swapped = rng.random(COUNT) < 0.5
    return rng.uniform(*over.v_g, COUNT), np.where(swapped, low, high), np.where(swapped, high, low)


def simulated(
    device: Mos, corner_name: str, v: tuple[np.ndarray, ...], shifted_v: float = 0.0, temp_degc: float = 27.0
) -> np.ndarray:
    """The same currents from one netlist of single transistors, the shift as a source before each gate's model."""
    sign = -1 if device.device.is_p else 1
    library = trimmed_library([size_of(device)], corner(corner_name)).read_text()
    library = library.replace("delvto = {", f"delvto = {{{sign * shifted_v}+")
    lines = []
    for k, (g, d, s) in enumerate(zip(*v, strict=True)):
        nets = {"d": f"d{k}", "g": f"g{k}", "s": f"s{k}", "b": "0"}
        lines.append(with_variants(Mos(str(k), device.device, device.w_um, device.l_um, nets).spice()))
        lines += [f"v{n}{k} {n}{k} 0 {sign * float(x)!r}" for n, x in (("g", g), ("d", d), ("s", s))]
    with circuit(deck("single transistors", library, f".temp {temp_degc:g}", *lines)) as loaded:
        op = loaded.op()
    return np.array([-sign * op[f"vd{k}#branch"] for k in range(COUNT)])


@pytest.mark.parametrize(("name", "over"), [("read", READ), ("n", SIGNED), ("p", SIGNED)])
@pytest.mark.parametrize("corner_name", ["tt", "ss", "ff", "sf", "fs"])
def test_currents_are_ngspices(name: str, over: TableRange, corner_name: str) -> None:
    """Within 0.2 % wherever a cell carries 1 nA (one part in 3,000 of full scale) or more; the sum within 0.01 %."""
    device = transistors()[name]
    v = drawn(over, seed=3)
    table = device_table(device, corner(corner_name), 27.0, over)
    found, expected = table.current(*v), simulated(device, corner_name, v)
    on = np.abs(expected) > 1e-9
    assert on.sum() >= 5
    assert np.abs(found[on] / expected[on] - 1).max() < 2e-3
    assert abs(found.sum() - expected.sum()) < 1e-4 * np.abs(expected).sum()


@pytest.mark.parametrize(("name", "over"), [("read", READ), ("n", SIGNED), ("p", SIGNED)])
def test_cold_and_hot(name: str, over: TableRange) -> None:
    """At -40 degC as at 27; at 125 degC junctions, which are not in the table, leak up to 20 pA beside the channel."""
    device, v = transistors()[name], drawn(over, seed=3)
    for temp_degc, leak_a in ((-40.0, 0.0), (125.0, 2e-11)):
        found = device_table(device, corner("tt"), temp_degc, over).current(*v)
        expected = simulated(device, "tt", v, temp_degc=temp_degc)
        on = np.abs(expected) > 1e-9
        assert on.sum() >= 5
        assert (np.abs(found - expected)[on] < 2e-3 * np.abs(expected[on]) + leak_a).all()
        assert abs(found.sum() - expected.sum()) < 1e-4 * np.abs(expected).sum() + COUNT * leak_a


def test_a_table_is_sampled_once_for_all_that_it_depends_on(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    """Corner, temperature, size and range each make another one; the same again is not sampled, by another process
    either: it lies in the cache."""
    monkeypatch.setenv("XDG_CACHE_HOME", str(tmp_path))
    sampled: list[str] = []
    sample = device_table_module._sampled

    def counted(device: Mos, *rest: Any) -> DeviceTable:
        sampled.append(device.name)
        return sample(device, *rest)

    monkeypatch.setattr(device_table_module, "_sampled", counted)
    device, small = transistors()["read"], TableRange((0.7, 0.8), (0.0, 0.01), 0.01)
    wider = TableRange((0.7, 0.9), (0.0, 0.01), 0.01)
    cases = [
        (device, "tt", 27.0, small),
        (device, "ss", 27.0, small),
        (device, "tt", 85.0, small),
        (replace(device, l_um=0.6), "tt", 27.0, small),
        (device, "tt", 27.0, wider),
    ]
    first = [device_table(d, corner(c), t, over) for d, c, t, over in cases]
    assert len(sampled) == len(cases)
    again = [device_table(replace(d, name="other"), corner(c), t, over) for d, c, t, over in cases]
    assert len(sampled) == len(cases)
    for one, other in zip(first, again, strict=True):
        assert (one.log_i == other.log_i).all()
    peaks = {float(table.log_i.max()) for table in first}
    assert len(peaks) == len(cases)


def test_of_no_transistors_there_are_no_currents() -> None:
    none = np.array([])
    assert device_table(transistors()["read"], corner("tt"), 27.0, READ).current(none, none, none).shape == (0,)


def test_a_threshold_shift_is_the_models_own() -> None:
    device, over = transistors()["read"], TableRange(READ.v_g, READ.v_s, READ.v_ds, 0.2)
    table = device_table(device, corner("tt"), 27.0, over)
    v = drawn(over, seed=4)
    for shift in (-0.17, 0.03, 0.12):
        found, expected = table.current(*v, shift), simulated(device, "tt", v, shift)
        on = np.abs(expected) > 1e-9
        assert np.abs(found[on] / expected[on] - 1).max() < 2e-3
        assert abs(found.sum() - expected.sum()) < 1e-4 * np.abs(expected).sum()


def test_slopes_are_differences_of_currents() -> None:
    """Central differences of the table's own current; the step's own error is below 1e-6."""
    table = device_table(transistors()["read"], corner("tt"), 27.0, READ)
    coefficients = table.at(np.full(3, 0.9), np.zeros(3))
    low, v_ds, h = np.array([0.01, 0.02, 0.04]), np.array([0.01, 0.03, 0.02]), 1e-5
    _, by_low, by_ds = table.channel(coefficients, low, v_ds)
    up, down = (table.channel(coefficients, low + s * h, v_ds)[0] for s in (1, -1))
    assert by_low == pytest.approx((up - down) / (2 * h), rel=1e-5)
    up, down = (table.channel(coefficients, low, v_ds + s * h)[0] for s in (1, -1))
    assert by_ds == pytest.approx((up - down) / (2 * h), rel=1e-5)


@pytest.mark.parametrize(
    ("v", "what"), [((1.3, 0.02, 0.0), "gate"), ((0.9, 0.06, 0.0), "drain-source"), ((0.9, 0.09, 0.07), "source")]
)
def test_out_of_range_is_an_error(v: tuple[float, float, float], what: str) -> None:
    table: DeviceTable = device_table(transistors()["read"], corner("tt"), 27.0, READ)
    with pytest.raises(InputError, match=what):
        table.current(*(np.array([x]) for x in v))
    with pytest.raises(InputError, match="shift"):
        table.current(np.array([0.9]), np.array([0.02]), np.array([0.0]), 0.1)
