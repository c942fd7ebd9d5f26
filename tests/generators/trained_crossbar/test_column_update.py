"""What moves the weights of a column: its parts, its views, and sizes that cannot be drawn."""

from functools import cache

import pytest

from analoom.cells.model.circuit import Cap
from analoom.flows.lvs.check import lvs_cell, run_lvs
from analoom.flows.netlists.flat_devices import flat_devices
from analoom.generators.trained_crossbar.column_update import ColumnUpdateSpec, column_update
from analoom.pdk.errors import SpecError
from analoom.pdk.layers import Layer
from broken import twin, without


@cache
def drawn(**fields):
    return column_update(ColumnUpdateSpec.parse(fields))


def test_views_agree_and_do_not_without_a_via(tmp_path):
    assert lvs_cell(drawn(), tmp_path).clean
    broken = twin(drawn(), without(Layer.VIA3))
    assert not run_lvs(broken, drawn().spice(), drawn().name, tmp_path).clean


def test_capacitor_across_amplifier_is_one_more():
    without_it, across = (
        [f.nets for f in flat_devices(drawn(**fields).circuit) if isinstance(f.device, Cap)]
        for fields in ({}, {"w_cf": 4.0})
    )
    assert len(across) == 1 + len(without_it)
    assert {"top": "gate", "bottom": "amp"} in across


@pytest.mark.parametrize(
    ("field", "value"), [("w_cf", 0.1), ("w_null", 0.1), ("w_switch", 0.5), ("l_steer", 0.1), ("tail", 0)]
)
def test_sizes_that_cannot_be_drawn_are_refused_by_name(field, value):
    with pytest.raises(SpecError) as refused:
        ColumnUpdateSpec.parse({field: value})
    assert refused.value.field == field
