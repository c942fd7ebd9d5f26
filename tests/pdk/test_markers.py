"""The layers that only LVS reads, against the installed Magic technology file."""

import re

import pytest

from analoom.pdk.devices import RES_WIDTHS_UM, RESISTORS, THICK_OXIDE
from analoom.pdk.install import magic_tech
from analoom.pdk.layers import Layer, Marker


@pytest.fixture(scope="module")
def tech():
    return magic_tech().read_text()


@pytest.mark.parametrize("marker", Marker)
def test_each_marker_is_the_tech_files_layer_of_that_name(tech, marker):
    section = tech[tech.index("cifinput") :]
    assert re.search(rf"^ calma {marker.name} {marker.value[0]} {marker.value[1]}\s*$", section, re.MULTILINE)


def test_markers_are_no_drawing_layers():
    assert not {m.value for m in Marker} & {x.value for x in Layer}


def test_models_of_thick_oxide_and_resistors_are_extracted_by_the_tech_file(tech):
    for model in [d.model for d in (*THICK_OXIDE.values(), *RESISTORS.values())]:
        assert re.search(rf"^ device (m|r)subcircuit {model}\s", tech, re.MULTILINE), model
    for w_um in RES_WIDTHS_UM:
        assert f"w>{w_um - 0.01:.2f} w<{w_um + 0.01:.2f} l=l+0.16" in tech
