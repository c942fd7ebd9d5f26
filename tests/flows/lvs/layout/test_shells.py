"""Cells without devices are compared by the names of their ports."""

from __future__ import annotations

from types import SimpleNamespace

import klayout.db as kdb

from analoom.flows.lvs.layout.shells import pair_shells


def shell(*ports: str) -> kdb.Netlist:
    """A netlist of one cell, TOP, that holds nothing but ports."""
    netlist, circuit = kdb.Netlist(), kdb.Circuit()
    circuit.name = "TOP"
    netlist.add(circuit)
    for port in ports:
        circuit.connect_pin(circuit.create_pin(port), circuit.create_net(port))
    return netlist


def test_ports_on_both_sides_are_paired_and_others_with_nothing() -> None:
    paired: list[tuple[str, str]] = []

    def same_nets(layout: object, reference: object, wire: kdb.Net, net: kdb.Net, must_match: bool) -> None:
        paired.append((wire.name, net.name))

    comparer = SimpleNamespace(same_nets=same_nets)
    assert pair_shells(comparer, shell("a", "B", "d"), shell("A", "B", "C"), "TOP")  # type: ignore[arg-type]
    assert paired == [("a", "A"), ("B", "B")]
    assert not pair_shells(comparer, shell("a"), shell("A"), "TOP"), "one wire alone has nothing to compare"  # type: ignore[arg-type]
