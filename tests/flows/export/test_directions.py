"""Directions of pins: small circuits with the answer that is plain by hand, and what users expect of whole cells."""

from __future__ import annotations

import pytest

from analoom.cells.model.circuit import Cap, Circuit, Device, Diode, Mos, Res, SubInstance
from analoom.cells.model.registry import build
from analoom.flows.export.directions import directions
from analoom.flows.export.port_names import ports_of
from analoom.pdk.devices import DIODES, MIM_M3, MOS, RESISTORS

N, P = MOS["nfet_01v8"], MOS["pfet_01v8"]


def n(name: str, d: str, g: str, s: str = "vss") -> Mos:
    return Mos(name, N, 1.0, 0.15, {"d": d, "g": g, "s": s, "b": "vss"})


def p(name: str, d: str, g: str, s: str = "vdd") -> Mos:
    return Mos(name, P, 1.0, 0.15, {"d": d, "g": g, "s": s, "b": "vdd"})


def ways(*devices: Device, ports: str = "a y", instances: tuple[SubInstance, ...] = ()) -> dict[str, str]:
    names = (*ports.split(), "vdd", "vss")
    return dict(directions(Circuit("cell", names, devices, instances), ["vdd"], ["vss"]))


INVERTER = (n("n", "y", "a"), p("p", "y", "a"))
NAND = (n("n1", "y", "a", "x"), n("n2", "x", "b"), p("p1", "y", "a"), p("p2", "y", "b"))
SWITCH = (n("n", "y", "a", "z"), p("p", "y", "ab", "z"))
FOLLOWER = (n("n", "vdd", "a", "y"), n("bias", "y", "vb"))
DIODES_UP_AND_DOWN = (n("n", "y", "y"), p("p", "y", "y"))
LATCH = (n("s", "a", "w", "q"), n("n1", "q", "qb"), p("p1", "q", "qb"), n("n2", "qb", "q"), p("p2", "qb", "q"))
RESISTOR = next(iter(RESISTORS.values()))


@pytest.mark.parametrize(
    ("devices", "ports", "wanted"),
    [
        (INVERTER, "a y", "input output"),
        (NAND, "a b y", "input input output"),
        (SWITCH, "a ab y z", "input input inout inout"),
        (FOLLOWER, "a vb y", "input input inout"),
        (DIODES_UP_AND_DOWN, "y", "inout"),
        (LATCH, "a w", "inout input"),
        ((n("n", "y", "a"),), "a y", "input inout"),
        ((*INVERTER, n("m", "z", "y", "a2")), "a y z a2", "input output inout inout"),
        ((*INVERTER, n("s", "y", "w", "z")), "a w y z", "input input inout inout"),
        ((*INVERTER, Cap("c", MIM_M3, 5, 5, {"top": "y", "bottom": "vss"})), "a y", "input output"),
        ((*INVERTER, Cap("c", MIM_M3, 5, 5, {"top": "a", "bottom": "vss"})), "a y", "inout output"),
        ((*INVERTER, Diode("d", next(iter(DIODES.values())), 1, 1, {"a": "vss", "c": "a"})), "a y", "input output"),
        ((), "a", "inout"),
    ],
)
def test_small_circuits(devices: tuple[Device, ...], ports: str, wanted: str) -> None:
    found = ways(*devices, ports=ports)
    assert [found[name] for name in ports.split()] == wanted.split()
    assert (found["vdd"], found["vss"]) == ("inout", "inout")


def test_a_resistor_leads_on() -> None:
    body = dict.fromkeys(RESISTOR.terminals, "vss") | {"r0": "y", "r1": "z"}
    inverter = (n("n", "y", "a"), p("p", "y", "a"))
    found = ways(*inverter, Res("r", RESISTOR, 1, 10, body), ports="a y z")
    assert found["y"] == "inout", "another pin is behind the resistor"


def test_what_lies_in_cells_below_counts() -> None:
    """An inverter of two cells: one has the n transistor, the other the p; each alone drives one way."""
    low = Circuit("low", ("d", "g", "vss"), (n("n", "d", "g", "vss"),))
    high = Circuit("high", ("d", "g", "vdd"), (p("p", "d", "g", "vdd"),))
    made = (
        SubInstance("l", low, {"d": "y", "g": "a", "vss": "vss"}),
        SubInstance("h", high, {"d": "y", "g": "a", "vdd": "vdd"}),
    )
    assert ways(instances=made) == {"a": "input", "y": "output", "vdd": "inout", "vss": "inout"}


def test_a_diode_that_is_tied_outside_its_cell_counts() -> None:
    one = Circuit("one", ("d", "g", "vss"), (n("n", "d", "g", "vss"),))
    tied = SubInstance("i", one, {"d": "y", "g": "y", "vss": "vss"})
    assert ways(p("p", "y", "a"), instances=(tied,))["y"] == "inout"
    apart = SubInstance("i", one, {"d": "y", "g": "a", "vss": "vss"})
    assert ways(p("p", "y", "a"), instances=(apart,))["y"] == "output"


@pytest.mark.parametrize(
    ("name", "wanted"),
    [
        ("mosfet", {"g": "input", "d": "inout", "s": "inout"}),
        ("opamp", {"inp": "input", "inn": "input", "out": "output", "bias": "inout"}),
        ("current_mirror", {"in": "inout", "out1": "inout"}),
        ("latch", {"wl": "input", "bl": "inout", "q": "inout"}),
        ("unit_cap", {"top": "inout", "bottom": "inout"}),
    ],
)
def test_whole_cells(name: str, wanted: dict[str, str]) -> None:
    found = {port.name: port.direction for port in ports_of(build(name))}
    assert wanted.items() <= found.items()
