"""Comparators as drawn: sizes are those of the spec, damage is seen, what cannot be drawn is refused by its field."""

from __future__ import annotations

import pytest

from analoom.cells.model.registry import build
from analoom.flows.drc.check import run_drc
from analoom.flows.files.layout_source import of_cell
from analoom.flows.lvs.check import run_lvs
from analoom.flows.netlists.flat_devices import flat_devices
from analoom.pdk.errors import SpecError
from analoom.pdk.layers import Layer
from broken import twin, without

NAMES = ["comparator", "clocked_comparator"]
REFUSED = [
    ("comparator", {"w_pair": 0.5}, "w_pair"),
    ("comparator", {"nf_pair": 5}, "nf_pair"),
    ("comparator", {"w_load": 1.0}, "w_load"),
    ("comparator", {"l_bias": 0.1}, "l_bias"),
    ("clocked_comparator", {"w_keep": 0.5}, "w_keep"),
    ("clocked_comparator", {"l_pair": 0.1}, "l_pair"),
]


def sizes(cell):
    """(w, l, nf, m) of every live transistor by its part."""
    live = [f for f in flat_devices(cell.circuit) if f.nets["d"] != f.nets["s"]]
    return {f.path[0]: (f.device.w_um, f.device.l_um, f.device.nf, f.device.m) for f in live}


@pytest.mark.parametrize("name", NAMES)
def test_a_comparator_without_its_cuts_fails(tmp_path, name):
    cell = build(name)
    run_drc(of_cell(cell), ("fast",), tmp_path).require_clean()
    run_lvs(of_cell(cell), cell.spice(), cell.name, tmp_path).require_clean()
    assert not run_lvs(twin(cell, without(Layer.VIA2)), cell.spice(), cell.name, tmp_path).clean


def test_sizes_are_those_of_the_spec():
    found = sizes(build("comparator"))
    assert found["pair"] == (8.0, 0.5, 4, 1)
    assert (found["load"], found["stage"], found["bias"]) == ((1.0, 1.0, 2, 2), (1.0, 1.0, 2, 4), (2.0, 1.0, 2, 2))
    found = sizes(build("clocked_comparator"))
    assert (found["pair"], found["sense"], found["keep_n"]) == ((8.0, 0.5, 4, 1), (4.0, 0.15, 2, 1), (0.84, 0.35, 2, 1))


@pytest.mark.parametrize(("name", "fields", "field"), REFUSED)
def test_what_cannot_be_drawn_is_refused_by_its_field(name, fields, field):
    with pytest.raises(SpecError) as refused:
        build(name, fields)
    assert refused.value.field == field
