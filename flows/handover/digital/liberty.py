"""The Liberty file of a macro: its pins with directions and capacitances, its supplies, and no timing arc.

The capacitance of a pin is that of its wires, from the extraction; of gates that it drives nothing is known here.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping, Sequence

from analoom.flows.export.port_names import Port

TEMPERATURE_DEGC = 25.0
AT = f"temperature : {TEMPERATURE_DEGC:g};"
F_TO_PF = 1e12
PIN = re.compile(r"^    (pin|pg_pin) \((\w+)\) \{(.*)\}$", re.MULTILINE)

HEAD = (
    "technology (cmos);",
    "delay_model : table_lookup;",
    'time_unit : "1ns";',
    'voltage_unit : "1V";',
    'current_unit : "1mA";',
    'pulling_resistance_unit : "1kohm";',
    'leakage_power_unit : "1nW";',
    "capacitive_load_unit (1, pf);",
    *(f"{kind}_threshold_pct_{edge} : 50;" for kind in ("input", "output") for edge in ("rise", "fall")),
    *(
        f"slew_{end}_threshold_pct_{edge} : {pct};"
        for end, pct in (("lower", 20), ("upper", 80))
        for edge in ("rise", "fall")
    ),
    "nom_process : 1;",
    f"nom_temperature : {TEMPERATURE_DEGC:g};",
)


def liberty_text(
    name: str, ports: Sequence[Port], total_f: Mapping[str, float], area_um2: float, supply_v: float
) -> str:
    """The library of one cell; `total_f` holds the capacitance (F) of each signal pin's wires."""
    volts = {port.name: supply_v if port.use == "power" else 0.0 for port in ports if port.is_supply}
    lines = [
        f"/* {name}: a macro without timing arcs; capacitances are of the wires alone, gates aside */",
        f"library ({name}) {{",
        *(f"  {line}" for line in HEAD),
        f"  nom_voltage : {supply_v:g};",
        *(f"  voltage_map ({supply}, {volt:g});" for supply, volt in volts.items()),
        f"  operating_conditions (typical) {{ process : 1; voltage : {supply_v:g}; {AT} }}",
        "  default_operating_conditions : typical;",
        f"  cell ({name}) {{",
        f"    area : {area_um2:.6g};",
        "    is_macro_cell : true;",
        "    interface_timing : true;",
        "    dont_touch : true;",
        "    dont_use : true;",
        *(f"    pg_pin ({port.name}) {{ {_supply(port)} }}" for port in ports if port.is_supply),
        *(f"    pin ({port.name}) {{ {_signal(port, total_f, ports)} }}" for port in ports if not port.is_supply),
        "  }",
        "}",
        "",
    ]
    return "\n".join(lines)


def pins_of(text: str) -> dict[str, str]:
    """The pins of a library that was written so: what stands in the braces of each."""
    return {name: inside for _, name, inside in PIN.findall(text)}


def _supply(port: Port) -> str:
    return f"pg_type : primary_{port.use}; voltage_name : {port.name};"


def _signal(port: Port, total_f: Mapping[str, float], ports: Sequence[Port]) -> str:
    return " ".join(_attributes(port, total_f[port.name], ports))


def _attributes(port: Port, c_f: float, ports: Sequence[Port]) -> Iterator[str]:
    """The supplies of a pin are told where there is one of each."""
    yield f"direction : {port.direction}; capacitance : {c_f * F_TO_PF:.6g};"
    for use in ("power", "ground"):
        supplies = [other.name for other in ports if other.use == use]
        if len(supplies) == 1:
            yield f"related_{use}_pin : {supplies[0]};"
