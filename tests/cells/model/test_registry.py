"""Names, sharing and refusals of the registry."""

import pytest

from analoom.cells.model import registry
from analoom.cells.model.cell import Cell, Kind, Spec
from analoom.cells.model.circuit import Circuit
from analoom.cells.model.drawing import Drawing
from analoom.pdk.errors import InputError


def test_same_spec_is_the_same_cell_and_defaults_do_not_matter():
    assert registry.build("mosfet", {"w": 3}) is registry.build("mosfet", {"w": 3.0, "nf": 1})


def test_names_are_readable_and_differ_for_different_specs():
    assert registry.build("mosfet").name == "mosfet"
    assert registry.build("mosfet", {"w": 3.5, "nf": 2}).name == "mosfet_w3p5_nf2"
    names = {registry.build("mosfet", {"w": 1 + k / 100}).name for k in range(20)}
    assert len(names) == 20


@pytest.mark.parametrize("name", ["no_such_cell", "registry", "__init__", "../mosfet", ""])
def test_unknown_cell_names_the_known_ones(name: str):
    with pytest.raises(InputError, match="matched_pair"):
        registry.build(name)


def test_every_entry_has_a_summary_and_default_that_builds():
    for name, entry in registry.entries().items():
        assert entry.summary.endswith(".")
        assert entry.schema()["properties"], name
        assert all(p.get("description") for p in entry.schema()["properties"].values()), name


@pytest.mark.slow
def test_every_entry_of_ours_names_its_system_and_its_cells_carry_it():
    for name, entry in registry.entries().items():
        cell = registry.build(name)
        assert entry.system and (cell.system, cell.kind) == (entry.system, entry.kind), name
    assert registry.entry("matched_pair").system == "transistor" and type(registry.entry("matched_pair").kind) is str


@pytest.mark.parametrize(
    "kind, system", [(Kind.PAIR, "transistor"), ("array", "crossbar"), ("neuron", ""), ("odd", "")]
)
def test_a_kind_alone_gives_its_system(kind: str, system: str, monkeypatch: pytest.MonkeyPatch):
    def lone(spec):
        """A cell registered by its kind."""

    lone.__module__ = "analoom.cells.lone"
    monkeypatch.setattr(registry, "_ENTRIES", {})
    registry.register(Spec, kind=kind)(lone)
    entry = registry._ENTRIES["lone"]
    assert (entry.kind, entry.system, type(entry.kind)) == (kind, system, str)


def test_a_cell_that_names_neither_carries_what_it_was_registered_with(monkeypatch: pytest.MonkeyPatch):
    def nameless(spec):
        """A cell without kind and system."""
        drawing = Drawing(registry.cell_name("nameless", spec))
        return Cell(drawing.cell.name, "", spec, drawing.cell, Circuit(drawing.cell.name, ()), ())

    nameless.__module__ = "analoom.cells.nameless"
    monkeypatch.setattr(registry, "_ENTRIES", {})
    cell = registry.register(Spec, system="odd_system", kind="odd")(nameless)(Spec())
    assert (cell.system, cell.kind) == ("odd_system", "odd")


def test_a_module_anywhere_may_register_even_without_a_docstring(monkeypatch: pytest.MonkeyPatch):
    def stray(spec):
        raise NotImplementedError

    stray.__module__ = "somewhere.stray"
    monkeypatch.setattr(registry, "_ENTRIES", {})
    registry.register(Spec)(stray)
    entry = registry.registered()["stray"]
    assert (entry.summary, entry.kind, entry.system, entry.ours) == ("", "macro", "", False)
    assert registry.entry("stray") is entry


def test_a_name_registers_once():
    def mosfet(spec):
        """Another mosfet."""

    mosfet.__module__ = "analoom.cells.other"
    registry.build("mosfet")
    with pytest.raises(
        InputError, match=r"two cells are called mosfet: one in .*mosfet\.py, one in analoom.cells.other"
    ):
        registry.register(Spec, system="transistor", kind="device")(mosfet)
