"""Places of somas and synapses are where the drawn layout has their cells."""

from __future__ import annotations

import pytest

from analoom.cells.model.registry import build
from analoom.generators.current_network.places import places_um
from analoom.generators.current_network.spec import CurrentNetworkSpec


def test_places_are_those_of_the_drawn_somas_and_of_the_synapses_beside_them() -> None:
    spec = CurrentNetworkSpec(dims=(2, 2, 1))
    drawn, places = build("current_network", dims=[2, 2, 1]), places_um(spec)
    layers = [i for i in drawn.instances if i.name.startswith("layer")]
    for of, layer in zip(places, layers, strict=True):
        somas = [i for i in layer.cell.instances if i.name.startswith("soma")]
        synapses = next(i for i in layer.cell.instances if i.name == "synapses")
        for row, soma in enumerate(somas):
            box = soma.cell.layout.bbox().transformed(layer.trans * soma.trans)
            assert of[row, 0, 0] == pytest.approx(box.center().x / 1e3, abs=0.5, rel=0)
            assert of[row, 0, 1] == pytest.approx(box.center().y / 1e3, abs=0.8, rel=0)
        box = synapses.cell.layout.bbox().transformed(layer.trans * synapses.trans)
        assert of[:, 1:].mean(axis=(0, 1)) == pytest.approx(
            [box.center().x / 1e3, box.center().y / 1e3], abs=0.8, rel=0
        )
    assert places[1][0, 0, 0] - places[0][0, 0, 0] > 30, "or layers lie on each other"
