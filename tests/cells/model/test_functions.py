"""Registered cells as functions: real signatures, help that tells the fields, the same refusals as `build`."""

from __future__ import annotations

import inspect
import pydoc

import pytest
from pydantic import Field

import analoom
from analoom.cells.model.cell import LengthUm, Spec
from analoom.cells.model.functions import field_words


def test_a_cell_is_a_function_of_its_fields() -> None:
    assert analoom.draw.matched_pair(w=6, l=0.5) is analoom.build("matched_pair", w=6, l=0.5)


def test_the_signature_has_the_fields_with_their_defaults() -> None:
    """Defaults of the crossbar as its README section gives them: 16 x 16 of the cell 2T1C."""
    parameters = inspect.signature(analoom.draw.crossbar).parameters
    assert {name: parameter.default for name, parameter in parameters.items()} == {
        "rows": 16, "cols": 16, "synapse": {"cell": "synapse_2t1c"}
    }  # fmt: skip
    assert parameters["rows"].annotation is int


class _WidthSpec(Spec):
    w: LengthUm = Field(2.0, ge=0.42, le=5, description="gate width")


def test_help_tells_unit_bounds_and_default() -> None:
    assert field_words(_WidthSpec) == {"w": "gate width, um; 0.42 to 5; default 2.0"}
    told = pydoc.render_doc(analoom.draw.crossbar, renderer=pydoc.plaintext)
    assert "rows: number of rows (inputs); 1 to 4096; default 16" in told


def test_every_cell_has_its_help() -> None:
    for name in dir(analoom.draw):
        said = inspect.getdoc(getattr(analoom.draw, name)) or ""
        fields = inspect.signature(getattr(analoom.draw, name)).parameters
        assert all(f"{field}: " in said for field in fields), name


def test_a_wrong_value_is_refused_by_name() -> None:
    with pytest.raises(analoom.SpecError, match="w = -4"):
        analoom.draw.matched_pair(w=-4)


def test_an_unknown_cell_is_no_attribute() -> None:
    with pytest.raises(AttributeError, match="no cell called 'matched_pear'"):
        _ = analoom.draw.matched_pear
