"""What is told of a cell's fields and settings: unit, range, default and meaning, of nested ones too."""

from __future__ import annotations

from typing import Any

import pytest

from analoom.cells.model.field_range import range_text
from analoom.cells.model.registry import entries
from analoom.flows.fields import field_rows
from analoom.flows.listing import about, settings_of, units_of_fields
from analoom.flows.sweep.table.words import head
from analoom.flows.systems.lookup import every_system
from analoom.pdk.errors import InputError


def by_name(rows: list[dict[str, Any]]) -> dict[str, dict[str, Any]]:
    return {row["name"]: row for row in rows}


def test_one_cell_is_told_with_nested_fields_pins_and_metrics() -> None:
    told = about("cap_array")
    fields = by_name(told["fields"])
    assert fields["unit.w"] == {
        "name": "unit.w",
        "unit": "um",
        "range": "1 to 50",
        "default": 2.0,
        "meaning": "side of the square top plate of a MIM unit",
    }
    assert fields["unit.fingers.length"]["range"] == "1.2 to 20" and "unit" not in fields
    assert told["pins"] == ["top", "b0", "b1", "b2", "b3", "vss"]
    assert told["metrics"]["inl_max"]["unit"] == "LSB" and told["metrics"]["ratio_error_b3"]["meaning"]


def test_the_fields_of_each_cell_that_a_field_may_hold_are_told() -> None:
    rows = about("crossbar")["fields"]
    assert by_name(rows)["synapse.cell"]["range"] == "synapse_2t1c, synapse_cs"
    written = [row["meaning"] for row in rows if row["name"] == "synapse.w_write"]
    assert written == ["Write transistor width (of synapse_2t1c)", "Write transistor width (of synapse_cs)"]


def test_settings_are_told_and_a_cell_without_them_is_refused() -> None:
    told = settings_of("mosfet", "sim")["settings"]
    assert told["v_ds"] == {
        "unit": "V",
        "range": "above 0, at most 5.5",
        "default": 0.9,
        "meaning": "drain-source voltage",
    }
    with pytest.raises(InputError, match="no mismatch metrics for a switch"):
        settings_of("weight_bit", "mismatch")


@pytest.mark.parametrize(
    ("field", "said"),
    [
        ({"minimum": 1, "maximum": 9}, "1 to 9"),
        ({"ge": 1.2, "le": 20.0}, "1.2 to 20"),
        ({"anyOf": [{"exclusiveMinimum": 0, "exclusiveMaximum": 1}, {"type": "null"}]}, "above 0, below 1"),
        ({"minimum": 1}, "at least 1"),
        ({"enum": ["a", "b"]}, "a, b"),
        ({"type": "boolean"}, "true, false"),
        ({"type": "array", "items": {"minimum": 1}}, "at least 1 each"),
        ({"unit": "um", "range": "by device"}, "by device"),
        ({"type": "string"}, ""),
    ],
)
def test_ranges_are_told_as_the_schema_has_them(field: dict[str, Any], said: str) -> None:
    assert range_text(field) == said


def without_unit(schema: dict[str, Any]) -> list[str]:
    """The fields of real numbers that say no unit, and those without a meaning."""
    kinds = {
        name: {field.get("type"), *(part.get("type") for part in field.get("anyOf", ()))}
        for name, field in fields_of(schema)
    }
    bare = [name for name, field in fields_of(schema) if "number" in kinds[name] and "unit" not in field]
    return bare + [row["name"] for row in field_rows(schema) if not row["meaning"]]


def fields_of(schema: dict[str, Any]) -> list[tuple[str, dict[str, Any]]]:
    models = [schema, *schema.get("$defs", {}).values()]
    return [pair for model in models for pair in model.get("properties", {}).items()]


def test_every_field_and_setting_has_a_unit_and_a_meaning() -> None:
    schemas = {name: entry.schema() for name, entry in entries().items()}
    for system in every_system():
        for kind, chosen in (("bench", system.bench), ("mismatch", system.mismatch)):
            if chosen is not None:
                schemas[f"{system.kind} {kind}"] = chosen.settings.model_json_schema()
    assert {name: bare for name, schema in schemas.items() if (bare := without_unit(schema))} == {}


def test_a_field_without_unit_or_meaning_is_seen() -> None:
    assert without_unit({"properties": {"w": {"type": "number", "description": "width"}}}) == ["w"]
    assert without_unit({"properties": {"w": {"type": "number", "unit": "um"}}}) == ["w"]


def test_columns_of_a_sweep_say_their_units() -> None:
    units = units_of_fields("crossbar", ["rows", "synapse.l_read"])
    assert units == {"synapse.l_read": "um"}
    assert [head(name, {**units, "area_um2": "um2"}) for name in ("rows", "synapse.l_read", "area_um2")] == [
        "rows",
        "synapse.l_read (um)",
        "area_um2",
    ]
