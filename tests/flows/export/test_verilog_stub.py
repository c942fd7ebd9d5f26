"""The Verilog stub, parsed by slang: a module with the ports of the cell and nothing else."""

from __future__ import annotations

import pyslang
import pytest
from bare_cells import bare
from pyslang.syntax import SyntaxKind, SyntaxTree

from analoom.cells.model import registry
from analoom.cells.model.cell import Kind, Pin
from analoom.cells.model.circuit import Circuit
from analoom.cells.model.drawing import Box
from analoom.flows.export.port_names import ports_of
from analoom.flows.export.verilog_stub import WORDS, escape, verilog_text
from analoom.pdk.layers import Layer

EXAMPLES = [(name, k) for name, entry in registry.entries().items() for k in range(len(entry.examples))]
WITH_SUPPLIES = "`define USE_POWER_PINS\n"


def parsed(text: str) -> tuple[str, dict[str, str]]:
    """Name and ports (with direction) of the one module in `text`. Fails on whatever slang complains of."""
    tree = SyntaxTree.fromText(text)
    assert not list(tree.diagnostics), [str(problem.code) for problem in tree.diagnostics]
    module = tree.root
    assert module.kind == SyntaxKind.ModuleDeclaration
    assert not [m for m in module.members if m.kind != SyntaxKind.EmptyMember], "a stub holds nothing"
    ports = [p for p in module.header.ports.ports if p.kind == SyntaxKind.ImplicitAnsiPort]
    return module.header.name.valueText, {p.declarator.name.valueText: p.header.direction.valueText for p in ports}


@pytest.mark.parametrize(("name", "k"), EXAMPLES)
def test_every_cell_has_its_ports_supplies_only_where_asked_for(name: str, k: int) -> None:
    cell = registry.build(name, registry.entries()[name].examples[k])
    supplies = {pin.name for pin in cell.pins if pin.use != "signal"}
    module, ports = parsed(WITH_SUPPLIES + verilog_text(cell))
    assert module == cell.name
    assert sorted(ports) == sorted(cell.circuit.ports)
    assert ports == {port.name: port.direction for port in ports_of(cell)}
    _, signals = parsed(verilog_text(cell))
    assert set(signals) == (set(ports) - supplies or set(ports)), "a cell of supplies alone has them always"


def drawn_nowhere(*names: str, use: str = "signal") -> object:
    cell = bare(Kind.DEVICE, Circuit("module", names))
    cell.pins = tuple(Pin(name, Layer.MET1, Box(0, 0, 1, 1), use) for name in names)  # type: ignore[arg-type]
    return cell


def test_words_of_the_language_are_escaped() -> None:
    module, ports = parsed(verilog_text(drawn_nowhere("input", "wire", "d")))  # type: ignore[arg-type]
    assert module == "module" and set(ports) == {"input", "wire", "d"}


def test_a_cell_of_supplies_alone_is_a_module() -> None:
    _, ports = parsed(verilog_text(drawn_nowhere("vdd", "vss", use="power")))  # type: ignore[arg-type]
    assert set(ports) == {"vdd", "vss"}


def test_the_words_are_those_that_slang_keeps() -> None:
    kept = [kind for kind in dir(pyslang.parsing.TokenKind) if kind.endswith("Keyword")]
    assert len(kept) == len(WORDS)
    for word in WORDS:
        assert list(SyntaxTree.fromText(f"module m (inout {word}); endmodule").diagnostics), word
        assert not list(SyntaxTree.fromText(f"module m (inout {escape(word)}); endmodule").diagnostics), word


def test_slang_finds_what_is_broken() -> None:
    text = verilog_text(registry.build("mosfet"))
    for broken in (text.replace(");", ";"), text.replace("input g,", "input g"), text.replace("endmodule", "")):
        assert list(SyntaxTree.fromText(broken).diagnostics)
