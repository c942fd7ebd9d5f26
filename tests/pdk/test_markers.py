"""The layers that only LVS reads and those of areas, against the installed Magic technology file and the deck."""

import re

import pytest

from analoom.pdk.devices import (
    BIPOLARS,
    DIFFUSION_RESISTORS,
    DIODES,
    MARKED_MOS,
    RES_WIDTHS_UM,
    RESISTORS,
    THICK_OXIDE,
    VARACTORS,
    WIRE_RESISTORS,
    finger_cap_ports,
)
from analoom.pdk.install import binned_cells_dir, deck, magic_tech
from analoom.pdk.layers import Layer, Marker


@pytest.fixture(scope="module")
def tech():
    return magic_tech().read_text()


@pytest.mark.parametrize("marker", [m for m in Marker if m is not Marker.UHVI])
def test_each_marker_is_the_tech_files_layer_of_that_name(tech, marker):
    section = tech[tech.index("cifinput") :]
    assert re.search(rf"^ calma {marker.name} {marker.value[0]} {marker.value[1]}\s*$", section, re.MULTILINE)


def test_the_marker_that_magic_does_not_know_is_the_decks():
    n, d = Marker.UHVI.value
    assert f"uhvi = polygons({n}, {d})" in deck().read_text()


def test_markers_are_no_drawing_layers():
    assert not {m.value for m in Marker} & {x.value for x in Layer}


def test_models_of_thick_oxide_and_resistors_are_extracted_by_the_tech_file(tech):
    for model in [d.model for d in (*THICK_OXIDE.values(), *RESISTORS.values())]:
        assert re.search(rf"^ device (m|r)subcircuit {model}\s", tech, re.MULTILINE), model
    for w_um in RES_WIDTHS_UM:
        assert f"w>{w_um - 0.01:.2f} w<{w_um + 0.01:.2f} l=l+0.16" in tech


BY_CELL = ("esd_nfet_01v8", "esd_nfet_05v0_nvt")
"""Those that the tech file says are represented by cells of the PDK only."""

TOLD_BY_MARKS = [
    *(*MARKED_MOS.values(), *DIODES.values(), *VARACTORS.values(), *BIPOLARS.values()),
    *(*WIRE_RESISTORS.values(), *DIFFUSION_RESISTORS.values()),
]


@pytest.mark.parametrize("device", TOLD_BY_MARKS, ids=lambda device: device.name)
def test_each_device_told_by_a_mark_is_extracted_by_the_tech_file(tech, device):
    extracted = re.search(rf"^ device (m|r|)(subcircuit|resistor) {device.model}\s", tech, re.MULTILINE)
    only_by_cell = re.search(rf"^# {device.model}\s", tech, re.MULTILINE)
    assert bool(extracted) != (device.name in BY_CELL)
    assert device.name not in BY_CELL or only_by_cell


def test_areas_of_emitters_are_those_of_the_tech_file(tech):
    for device in BIPOLARS.values():
        said = re.search(rf"{device.model} [^#]*?a1>([\d.]+) a1<([\d.]+)", tech.replace("\\\n", " "))
        assert said and float(said[1]) < device.emitter_um2 < float(said[2])
        w_um, l_um = re.search(r"W(\dp\d+)L(\dp\d+)", device.name).groups()
        assert device.emitter_um2 == pytest.approx(float(w_um.replace("p", ".")) * float(l_um.replace("p", ".")))


LONG = ("collector", "base", "emitter", "substrate")


def test_terminals_are_those_of_the_model_files():
    """In number and order; a diode's model is no subcircuit there, and of wires there is a `.model` line."""
    for device in (*MARKED_MOS.values(), *VARACTORS.values(), *BIPOLARS.values()):
        folder = binned_cells_dir() / device.name.partition("_W")[0]
        text = "\n".join(file.read_text() for file in sorted(folder.glob("*.spice")))
        said = re.search(rf"^\.subckt +{device.model} +(.*)$", text, re.MULTILINE)
        ports = [word[0].lower() if word.lower() in LONG else word for word in said[1].split() if "=" not in word]
        assert tuple(ports) == device.terminals


def test_ports_of_finger_capacitors_are_those_of_the_model_files():
    label = {"c0": "C0", "c1": "C1", "b": "SUB", **{f"m{n}": f"MET{n}" for n in range(3, 6)}}
    seen = 0
    for file in sorted(binned_cells_dir().glob("cap_vpp_*/*.model.spice")):
        for model, ports in re.findall(
            r"^\.subckt +(\S+) +((?:c0|c1|b|m\d)(?: +\w+)*)", file.read_text(), re.MULTILINE
        ):
            assert finger_cap_ports(model) == tuple(label[port] for port in ports.split() if port in label), model
            seen += 1
    assert seen >= 35
    assert finger_cap_ports("sky130_fd_pr__cap_mim_m3_1") is None
