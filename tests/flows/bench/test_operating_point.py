"""Regions of transistors against the EKV model's own relation, and the table of a cell in both views."""

from __future__ import annotations

from math import exp, log
from pathlib import Path

import numpy as np
import pytest
from bare_cells import single

from analoom.cells.model.registry import build
from analoom.flows.bench.device_under_test import make_dut
from analoom.flows.bench.operating_point import DevicePoint, device_points, region, thermal_voltage_v
from analoom.flows.post_layout import simulate_view
from analoom.flows.simulate import simulate
from analoom.pdk.corners import corner

pytestmark = pytest.mark.tools


def point(
    v_gate: float, v_drain: float, device: str = "nfet_01v8", v_source: float = 0.0, **size: float
) -> DevicePoint:
    """One transistor with its bulk at 0, voltages counted as for an n transistor."""
    sign = -1.0 if device.startswith("p") else 1.0
    dut = make_dut(single(device, **size), "schematic", corner("tt"), 27.0)
    volts = {"d": v_drain, "g": v_gate, "s": v_source, "b": 0.0}
    (found,) = device_points(dut, *(f"v{pin} {pin} 0 {sign * v}" for pin, v in volts.items()))
    return found


@pytest.mark.parametrize(("inversion", "below", "above"), [(0.1, "weak", "moderate"), (10.0, "moderate", "strong")])
def test_inversion_changes_name_at_its_coefficient(inversion: float, below: str, above: str) -> None:
    """Oracle: the EKV interpolation read the other way, IC = ln(1 + exp(v / 2))^2; 1 % to either side of IC."""
    for factor, name in ((0.99, below), (1.01, above)):
        n_u_t = 0.035
        overdrive = next(v for v in np.arange(-5, 10, 1e-4) if log(1 + exp(v / 2)) ** 2 >= factor * inversion)
        assert region(0.5 + overdrive * n_u_t, 1.0, 0.5, 0.1, n_u_t) == f"{name} saturated"


@pytest.mark.parametrize("device", ["nfet_01v8", "pfet_01v8"])
@pytest.mark.parametrize(
    ("v_gate", "v_drain", "expected"),
    [
        (0.0, 0.9, "off"),
        (0.45, 0.9, "weak saturated"),
        (0.45, 0.01, "weak linear"),
        (1.7, 1.5, "strong saturated"),
        (1.7, 0.05, "strong linear"),
    ],
)
def test_regions_of_both_polarities(device: str, v_gate: float, v_drain: float, expected: str) -> None:
    """Thresholds at 2/1 um: about 0.6 and 1.0 V."""
    shifted = v_gate + (0.3 if device.startswith("p") and v_gate == 0.45 else 0.0)
    assert point(shifted, v_drain, device, w=2.0, l=1.0).region == expected


@pytest.mark.parametrize("device", ["nfet_01v8", "pfet_01v8"])
def test_drain_and_source_exchanged_are_the_same_transistor(device: str) -> None:
    forward, back = (point(0.8, d, device, v_source=s, w=2.0, l=1.0) for d, s in ((0.6, 0.1), (0.1, 0.6)))
    assert back.region == forward.region
    assert [back.vgs_v, back.vds_v, back.vbs_v] == pytest.approx(
        [forward.vgs_v, forward.vds_v, forward.vbs_v], abs=1e-3
    )
    assert back.id_a == pytest.approx(forward.id_a, rel=1e-3, abs=0)


def test_gm_over_id_in_weak_inversion_is_one_over_n_u_t() -> None:
    """The slope of ln I over V_gs, taken from currents 2 mV to either side; n between 1.3 and 1.5."""
    low, found, high = (point(v, 0.9, w=2.0, l=1.0) for v in (0.348, 0.35, 0.352))
    assert found.gm_id == pytest.approx(log(high.id_a / low.id_a) / 0.004, rel=2e-3)
    assert 1 / (1.5 * 0.025865) < found.gm_id < 1 / (1.3 * 0.025865)
    assert thermal_voltage_v(27.0) == pytest.approx(0.025865, rel=1e-4)


def test_the_table_comes_with_the_simulation_and_has_every_transistor() -> None:
    result = simulate(build("synapse_cs", {}))
    assert [p.name for p in result.devices] == ["write", "n", "p"]
    assert result.devices[0].region == "off"
    rows = result.to_json()["devices"]
    assert rows[1]["gm_id_per_v"] == pytest.approx(result.devices[1].gm_s / result.devices[1].id_a)


@pytest.mark.slow
def test_the_drawn_cell_has_the_table_of_its_circuit(tmp_path: Path) -> None:
    """Wires of some ohm move it by less than a part in a thousand; both views tell every transistor, dummies too."""
    cell = build("matched_pair", {"w": 2.0})
    drawn, circuit = simulate_view(cell, "post", tmp_path).devices, simulate(cell).devices
    assert len(drawn) == len(circuit) > 1
    for one, other in zip(drawn, circuit, strict=True):
        assert (one.model, one.region) == (other.model, other.region)
        assert [one.id_a, one.gm_s, one.vth_v] == pytest.approx(
            [other.id_a, other.gm_s, other.vth_v], rel=1e-3, abs=1e-18
        )
