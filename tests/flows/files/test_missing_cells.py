"""A file that places a cell it does not hold: DRC, LVS and extraction name the cell and pass no verdict on it."""

import klayout.db as kdb
import pytest
from hand_drawn import NFET, Hand, subckt

from analoom.flows.drc.check import run_drc
from analoom.flows.files.layout_source import of_file
from analoom.flows.lvs.check import run_lvs
from analoom.flows.pex.extract import extract
from analoom.pdk.layers import Layer

WORDS = "cells that are not in the file: lost"
WIRE = (Layer.MET1, 0, 0, 1000, 1000)
NMOS = subckt("d g s b", f"Xm d g s b {NFET} w=1 l=0.15")


def written(hand, path, lost, inside=None):
    """A file of `hand` with a second cell placed in it, which the file lacks where `lost`."""
    other = hand.layout.create_cell("lost")
    if inside:
        other.shapes(hand.layout.layer(*inside[0].value)).insert(kdb.Box(*inside[1:]))
    hand.cell.insert(kdb.CellInstArray(other.cell_index(), kdb.Trans(20_000, 0)))
    other.ghost_cell = lost
    hand.layout.write(str(path))
    return of_file(path)


def wire():
    hand = Hand()
    hand.box(*WIRE)
    hand.pin(Layer.MET1, "a", 500, 500)
    return hand


def transistor():
    hand = Hand()
    hand.transistor()
    hand.names()
    hand.tap(1500)
    return hand


@pytest.mark.parametrize("suffix", ["gds", "oas"])
def test_it_is_no_verdict_in_drc(suffix, tmp_path):
    report = run_drc(written(wire(), tmp_path / f"a.{suffix}", lost=True), ("fast",), tmp_path)
    engine = report.engines["fast"]
    assert (report.clean, engine.state, engine.reason) == (False, "not run", WORDS)
    whole = run_drc(written(wire(), tmp_path / f"b.{suffix}", lost=False, inside=WIRE), ("fast",), tmp_path)
    assert whole.clean and whole.engines["fast"].reason is None


def test_violations_elsewhere_are_told_beside_it(tmp_path):
    hand = wire()
    hand.box(Layer.MET1, 5000, 0, 5100, 1000)
    engine = run_drc(written(hand, tmp_path / "a.gds", lost=True), ("fast",), tmp_path).engines["fast"]
    assert engine.state == "violations" and engine.violations == {"m1.1": 1}
    assert WORDS in engine.reason and WORDS in engine.summary()


@pytest.mark.slow
@pytest.mark.tools
@pytest.mark.parametrize("engine", ["klayout", "magic", "pins", "zero_area", "antenna"])
def test_no_other_engine_is_clean_either(engine, tmp_path):
    report = run_drc(written(wire(), tmp_path / "a.gds", lost=True), (engine,), tmp_path)
    assert not report.clean and WORDS in report.engines[engine].reason


def test_it_is_a_mismatch_in_lvs(tmp_path):
    report = run_lvs(written(transistor(), tmp_path / "a.gds", lost=True), NMOS, "top", tmp_path)
    assert report.differences == (f"{WORDS}: nothing in them was compared",)
    empty = run_lvs(written(transistor(), tmp_path / "b.gds", lost=False), NMOS, "top", tmp_path)
    assert empty.clean, "a cell that is there and holds nothing"


@pytest.mark.parametrize("mode", ["c", "rc"])
def test_extraction_names_it(mode, tmp_path):
    assert WORDS in extract(written(wire(), tmp_path / "a.gds", lost=True), mode=mode, workdir=tmp_path).notes
    whole = extract(written(wire(), tmp_path / "b.gds", lost=False, inside=WIRE), mode=mode, workdir=tmp_path)
    assert WORDS not in whole.notes


def test_a_long_list_is_cut(tmp_path):
    hand = wire()
    for n in range(8):
        other = hand.layout.create_cell(f"lost{n}")
        hand.cell.insert(kdb.CellInstArray(other.cell_index(), kdb.Trans(0, 0)))
        other.ghost_cell = True
    hand.layout.write(str(tmp_path / "a.gds"))
    source = of_file(tmp_path / "a.gds")
    assert len(source.missing) == 8
    assert source.incomplete == "cells that are not in the file: lost0, lost1, lost2, lost3, lost4 and 3 more"
