"""The CDL of every example is the layout's circuit, read by our reader and by netgen; a changed one is not."""

from __future__ import annotations

import re
import sys
from pathlib import Path

import klayout.db as kdb
import pytest
from flat_directions import flat_directions

from analoom.cells.model import registry
from analoom.cells.model.cell import Cell
from analoom.flows.export.cdl import cdl_text, write_cdl
from analoom.flows.files.layout_source import of_cell
from analoom.flows.lvs.check import run_lvs

EXAMPLES = [(name, k) for name, entry in registry.entries().items() for k in range(len(entry.examples))]
NAMES = list(registry.entries())


def example(name: str, k: int) -> Cell:
    return registry.build(name, registry.entries()[name].examples[k])


def smallest(name: str) -> Cell:
    """The example with the fewest devices, of those that have any: metal fingers and taps have none to change."""
    every = [example(name, k) for k in range(len(registry.entries()[name].examples))]
    return min(every, key=lambda cell: cell.circuit.device_count() or sys.maxsize)


def wider(text: str) -> str:
    """The first device half as wide again: no dummy, whose width among others' in parallel netgen does not tell."""
    found, sizes = re.subn(r" (w|area)=(\S+)", lambda at: f" {at[1]}={1.5 * float(at[2]):g}", text, count=1)
    return found if sizes else with_another_port(text)


def with_another_port(text: str) -> str:
    """For a cell without a device: the last port by another name."""
    return re.sub(r"^(\.SUBCKT .*) \w+$", r"\1 elsewhere", text, count=1, flags=re.MULTILINE)


def opened(text: str) -> str:
    """The last device's first terminal on a net of its own."""
    lines = text.splitlines()
    sized = [k for k, line in enumerate(lines) if " w=" in line or " area=" in line]
    if not sized:
        return with_another_port(text)
    at = sized[-1]
    name, _, *rest = lines[at].split()
    lines[at] = " ".join([name, "elsewhere", *rest])
    return "\n".join([*lines, ""])


@pytest.mark.parametrize(("name", "k"), EXAMPLES)
def test_the_layout_matches_the_cdl(tmp_path: Path, name: str, k: int) -> None:
    cell = example(name, k)
    run_lvs(of_cell(cell), write_cdl(cell, tmp_path / "cell.cdl"), cell.name, tmp_path).require_clean()


@pytest.mark.parametrize("name", NAMES)
@pytest.mark.parametrize("damage", [pytest.param(wider, marks=pytest.mark.full), opened])
def test_a_changed_cdl_does_not_match(tmp_path: Path, name: str, damage: object) -> None:
    cell = smallest(name)
    (tmp_path / "cell.cdl").write_text(damage(cdl_text(cell)))  # type: ignore[operator]
    assert not run_lvs(of_cell(cell), tmp_path / "cell.cdl", cell.name, tmp_path).clean


@pytest.mark.tools
@pytest.mark.slow
@pytest.mark.parametrize("name", NAMES)
def test_netgen_reads_it_alike(tmp_path: Path, name: str) -> None:
    cell = smallest(name)
    path = write_cdl(cell, tmp_path / "cell.cdl")
    run_lvs(of_cell(cell), path, cell.name, tmp_path / "good", ("netgen",)).require_clean()
    path.write_text(wider(cdl_text(cell)))
    report = run_lvs(of_cell(cell), path, cell.name, tmp_path / "bad", ("netgen",))
    assert report.engines["netgen"].state == "mismatch"


@pytest.mark.parametrize(("name", "k"), EXAMPLES)
def test_klayout_s_own_reader_finds_every_pin_and_device(tmp_path: Path, name: str, k: int) -> None:
    """Without our delegate a device is a call of a subcircuit that has no content."""
    cell, netlist = example(name, k), kdb.Netlist()
    netlist.read(str(write_cdl(cell, tmp_path / "cell.cdl")), kdb.NetlistSpiceReader())
    circuit = netlist.circuit_by_name(cell.name.upper())
    assert [pin.name() for pin in circuit.each_pin()] == [port.upper() for port in cell.circuit.ports]
    assert sum(_devices(circuit, {}).values()) == cell.circuit.device_count()


def _devices(circuit: kdb.Circuit, known: dict[str, dict[str, int]]) -> dict[str, int]:
    if circuit.name not in known:
        found: dict[str, int] = {}
        for call in circuit.each_subcircuit():
            model = call.circuit_ref().name
            below = {model: 1} if model.startswith("SKY130_FD_PR__") else _devices(call.circuit_ref(), known)
            found = {key: found.get(key, 0) + below.get(key, 0) for key in {*found, *below}}
        known[circuit.name] = found
    return known[circuit.name]


@pytest.mark.parametrize(("name", "k"), EXAMPLES)
def test_every_port_has_its_direction(name: str, k: int, tmp_path: Path) -> None:
    cell = example(name, k)
    of_top = cdl_text(cell).rpartition(".SUBCKT")[2]
    told = [word for line in re.findall(r"^\*\.PININFO (.*)$", of_top, re.MULTILINE) for word in line.split()]
    letters = {"input": "I", "output": "O", "inout": "B"}
    wanted = flat_directions(cell, tmp_path)
    assert told == [f"{port}:{letters[wanted[port]]}" for port in cell.circuit.ports]
