"""Auto-zeroed inputs: what is refused before anything is drawn."""

from __future__ import annotations

import pytest

from analoom.cells.model.registry import entry
from analoom.pdk.errors import SpecError


@pytest.mark.parametrize(
    ("name", "fields", "field", "remedy"),
    [
        ("opamp", {"w_hold": 20.0}, "w_hold", "auto_zero=true"),
        ("comparator", {"w_steady": 20.0}, "w_steady", "auto_zero=true"),
        ("opamp", {"auto_zero": True, "w_switch": 0.845}, "w_switch", "w_switch=0.84"),
        ("follower", {"opamp": {"auto_zero": True}}, "opamp.auto_zero", "auto_zero=false"),
    ],
)
def test_sizes_of_what_is_not_there_are_refused(name: str, fields: dict, field: str, remedy: str) -> None:
    with pytest.raises(SpecError) as refused:
        entry(name).spec_type.parse(fields)
    assert refused.value.field == field
    assert refused.value.remedy is not None and refused.value.remedy.endswith(remedy)
