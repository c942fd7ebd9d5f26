"""Networks of tiles: what is refused, nets by hand, whole ones against tiles that are joined here, in all engines."""

import pytest

from analoom.cells.model import registry
from analoom.cells.model.circuit import Circuit, SubInstance
from analoom.flows.drc.check import drc_cell
from analoom.flows.files.layout_source import of_cell
from analoom.flows.lvs.check import run_lvs
from analoom.generators.pwm_tile import network_floor
from analoom.generators.pwm_tile.circuits import tile_circuit, tile_ports
from analoom.generators.pwm_tile.network_floor import NetworkFloor
from analoom.generators.pwm_tile.network_nets import network_ports, tile_nets
from analoom.generators.pwm_tile.network_spec import PwmNetworkSpec
from analoom.pdk.errors import SpecError

JOINED = ("vcas", "vres", "vdump", "vdd", "vss")


@pytest.mark.parametrize(
    ("fields", "field"),
    [
        ({"c_int": [2e-12, 2e-12, 2e-12]}, "c_int"),
        ({"ramp_units": []}, "ramp_units"),
        ({"reach": [0.5]}, "reach"),
        ({"ramp_units": [33]}, "ramp_units"),
        ({"dims": [4]}, "dims"),
        ({"dims": [4, 256, 3]}, "dims"),
    ],
)
def test_refusals_name_the_field(fields, field):
    with pytest.raises(SpecError) as caught:
        PwmNetworkSpec.parse(fields)
    assert caught.value.field.partition(".")[0] == field and caught.value.remedy


def test_one_value_stands_for_all_layers_and_a_tile_has_a_row_more_than_inputs():
    one, two = (PwmNetworkSpec(dims=(4, 7, 3), c_int=c) for c in ((2.4e-12,), (2.4e-12, 2.4e-12)))
    assert one.layers == two.layers and [(t.rows, t.cols) for t in one.layers] == [(5, 7), (8, 3)]
    other = PwmNetworkSpec(dims=(4, 7, 3), c_int=(2.4e-12, 1.2e-12), ramp_units=(8, 16)).layers
    assert [(t.c_int, t.ramp_units) for t in other] == [(2.4e-12, 8), (1.2e-12, 16)]
    assert other[1].full_scale == pytest.approx(1.2e-12 * 0.6 / (8 * 7 * 20e-9 * 1.27e-6), rel=1e-9, abs=0)
    assert one.layers[1].full_scale == 1.0, "more than a full scale is none"


def test_pulses_out_of_a_tile_are_those_into_the_next():
    spec = PwmNetworkSpec(dims=(2, 3, 1))
    first, second = tile_nets(spec, 0), tile_nets(spec, 1)
    assert [first[f"out{j}"] for j in range(3)] == [second[f"in{j}"] for j in range(3)]
    assert (first["in2"], second["in3"], second["out0"], first["in0"]) == ("bias0", "bias1", "out0", "in0")
    assert (first["reset"], second["reset"], first["vdd"], second["vdd"]) == ("reset_0", "reset_1", "vdd", "vdd")
    ports = network_ports(spec)
    assert len(ports) == len(set(ports)) and set(ports) == {*first.values(), *second.values()}


def joined(spec, name, swap=None):
    """Tiles as plain double loops, joined by hand; `swap` exchanges two nets of the second one's inputs."""
    found = []
    for k, tile in enumerate(spec.layers):
        nets = {port: port if port in JOINED else f"{port}_{k}" for port in tile_ports(tile)}
        for i in range(tile.rows - 1):
            nets[f"in{i}"] = f"in{i}" if k == 0 else f"hidden{k - 1}_{i}"
        nets[f"in{tile.rows - 1}"] = f"bias{k}"
        for j in range(tile.cols):
            nets[f"out{j}"] = f"out{j}" if k == len(spec.layers) - 1 else f"hidden{k}_{j}"
        if k == 1 and swap:
            nets |= {swap[0]: nets[swap[1]], swap[1]: nets[swap[0]]}
        found.append(SubInstance(f"layer{k}", tile_circuit(tile), nets))
    ports = dict.fromkeys(net for one in found for net in one.nets.values())
    return Circuit(name, tuple(ports), (), tuple(found)).spice()


@pytest.mark.full
@pytest.mark.parametrize("fields", [{"dims": (1, 2, 2)}, {"dims": (2, 1, 3, 1), "gated": False}, {"dims": (2, 2)}])
def test_network_is_tiles_joined_and_is_clean_and_one_with_rows_swapped_is_not(tmp_path, fields):
    cell, spec = registry.build("pwm_network", fields), PwmNetworkSpec.parse(fields)
    drc_cell(cell, tmp_path, ("fast", "antenna")).require_clean()
    run_lvs(of_cell(cell), joined(spec, cell.name), cell.name, tmp_path).require_clean()
    if len(spec.layers) > 1:
        assert not run_lvs(of_cell(cell), joined(spec, cell.name, ("in0", "in1")), cell.name, tmp_path).clean


@pytest.mark.full
@pytest.mark.tools
def test_the_one_of_irises_is_clean_in_all_engines(tmp_path):
    drc_cell(
        registry.build("pwm_network", dims=(4, 7, 3)), tmp_path, ("fast", "antenna", "klayout", "magic")
    ).require_clean()


@pytest.mark.full
def test_long_lanes_reach_gates_over_met5_alone_and_straight_ones_would_be_antennas(tmp_path, monkeypatch):
    """The first of 24 lanes is some 300 um long; 175 um of met4 are what a gate of .126 um2 bears beside its drain."""
    fields = {"dims": (1, 24, 1), "c_int": [2e-13]}
    assert not NetworkFloor(PwmNetworkSpec(dims=(4, 7, 3))).jumps, "drawn as ever"
    cell = registry.build("pwm_network", fields)
    drc_cell(cell, tmp_path, ("fast", "antenna")).require_clean()
    run_lvs(of_cell(cell), cell.spice(), cell.circuit.name, tmp_path).require_clean()
    monkeypatch.setattr(network_floor, "LONGEST_NM", 10**9)
    straight = registry.build("pwm_network", {**fields, "c_int": [3e-13]})
    found = drc_cell(straight, tmp_path / "straight", ("fast", "antenna")).engines
    assert found["fast"].clean and set(found["antenna"].violations) == {"antenna.met4"}
