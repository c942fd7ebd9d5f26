"""Layer numbers against the installed `sky130` package's layer map and the installed deck, read as text."""

import re

import pytest

from analoom.pdk.install import deck, package_file
from analoom.pdk.layers import Layer

THEIR_NAMES = {"PR_BOUNDARY": "prBoundaryboundary", "LICON": "licon1drawing", "CAPM": "capm", "CAP2M": "cap2m"}
PURPOSES = {"PIN": "pin", "LABEL": "label"}


@pytest.fixture(scope="module")
def layer_map():
    """{name and purpose as one word: (layer, datatype)}."""
    text = package_file("sky130", "sky130/layers.py").read_text()
    return {name: (int(n), int(d)) for name, n, d in re.findall(r"^    (\w+): Layer = \((\d+), (\d+)\)", text, re.M)}


def their_name(layer):
    base, _, purpose = layer.name.partition("_")
    return THEIR_NAMES.get(layer.name) or base.lower() + PURPOSES.get(purpose, "drawing")


@pytest.mark.parametrize("layer", Layer)
def test_number_is_the_layer_maps(layer, layer_map):
    assert layer_map[their_name(layer)] == layer.value


def test_the_deck_reads_every_mask_layer_by_the_same_number():
    numbers = {(int(n), int(d)) for n, d in re.findall(r'(?:"|\()(\d+)(?:/|, )(\d+)(?:"|\))', deck().read_text())}
    drawn = {layer for layer in Layer if layer is not Layer.PR_BOUNDARY and not layer.name.endswith(("_PIN", "_LABEL"))}
    assert not {layer.name for layer in drawn if layer.value not in numbers}
    assert (200, 1) not in numbers


def test_no_number_is_used_twice():
    assert len({layer.value for layer in Layer}) == len(Layer)
