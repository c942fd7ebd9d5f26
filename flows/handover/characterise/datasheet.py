"""The datasheet that CACE reads (format 5.2): pins, conditions, and one parameter with the metrics of the bench.

Source of the format: docs/source/reference_manual/datasheet_format.md of github.com/fossi-foundation/cace.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

import yaml

from analoom.cells.model.cell import Cell
from analoom.flows.bench.glossary import Meaning, meaning_of
from analoom.flows.export.port_names import Port
from analoom.flows.systems.lookup import system_of

FORMAT = 5.2
PARAMETER = "bench"


def datasheet_text(
    cell: Cell,
    ports: Sequence[Port],
    metrics: Sequence[str],
    conditions: Mapping[str, Mapping[str, Any]],
    about: Mapping[str, str],
) -> str:
    """The datasheet as YAML; no metric has a limit, as none is known."""
    spec = {name: _row(meaning_of(system_of(cell).glossary, name), name) for name in metrics}
    tool = {"ngspice": {"template": f"{PARAMETER}.sch", "format": "ascii", "suffix": ".data", "variables": [*metrics]}}
    sheet = {
        "name": cell.name,
        "description": f"{cell.kind} drawn by analoom",
        "PDK": "sky130A",
        "cace_format": FORMAT,
        "authorship": dict(about),
        "paths": {
            "root": "..",
            "schematic": "xschem",
            "layout": "gds",
            "netlist": "netlist",
            "templates": "cace/templates",
            "documentation": "docs",
        },
        "pins": {port.name: {"description": port.name, "type": port.use, "direction": "inout"} for port in ports},
        "default_conditions": {name: dict(value) for name, value in conditions.items()},
        "parameters": {PARAMETER: {"display": "bench", "description": "as analoom sim", "spec": spec, "tool": tool}},
    }
    return yaml.safe_dump(sheet, sort_keys=False, allow_unicode=True)


def _row(meaning: Meaning | None, name: str) -> dict[str, Any]:
    """What the datasheet says of a metric: its value, whatever it is."""
    said = {"description": meaning.text} if meaning else {}
    unit = {"unit": meaning.unit} if meaning and meaning.unit != "frac" else {}
    return {"display": name, **said, **unit, "typical": {"value": "any"}}
