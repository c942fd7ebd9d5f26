"""Diffusion between two transistors in series has no wire, so it needs no label."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import pytest

from analoom.cells.model.registry import build
from analoom.flows.files.layout_source import of_cell
from analoom.flows.netlists.flat_devices import flat_devices
from analoom.flows.pex.extract import extract
from analoom.flows.pex.parasitics.netlist import post_circuit_text, wired_nets
from analoom.pdk.errors import InputError


def test_only_the_middle_of_a_stack_needs_no_wire() -> None:
    """A clocked inverter's two stacks each have one such net; the nodes of the latch all have gates."""
    wired = wired_nets(list(flat_devices(build("weight_bit").circuit)))
    assert {"m", "mb", "s", "q", "a", "y", "c"} <= wired
    assert not {net for net in wired if net.startswith(("h1_", "h2_"))}
    assert {"a", "b"} <= wired_nets(list(flat_devices(build("analog_switch", {"dummy": False}).circuit)))


def test_a_wire_without_its_label_is_still_refused(tmp_path: Path) -> None:
    cell = build("weight_bit")
    parasitics = extract(of_cell(cell), "c", workdir=tmp_path)
    assert "Xh1_cn m ck1b h1_low vss" in post_circuit_text(cell, parasitics)
    lost = replace(parasitics, nets={net: c for net, c in parasitics.nets.items() if net != "mb"})
    with pytest.raises(InputError, match="no label in the layout names the circuit's net mb"):
        post_circuit_text(cell, lost)


def test_resistances_too(tmp_path: Path) -> None:
    """Both transistors of a stack sit on the one node between them; thin strips beside pads are no wires of 10 nm."""
    cell = build("weight_bit")
    parasitics = extract(of_cell(cell), "rc", workdir=tmp_path)
    text = post_circuit_text(cell, parasitics)
    assert text.count(" h1_low ") == 2
    assert parasitics.resistors > 50
