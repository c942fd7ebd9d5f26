"""Antenna ratios through the hierarchy: equal to klayout's own flat check, one bad cell of a large array found."""

import random
from dataclasses import replace
from functools import partial

import klayout.db as kdb
import pytest
from drc_cases import L, layout_of, mos
from oracles.flat_antenna import STACK, flat_findings

from analoom.cells.model.registry import build
from analoom.flows.drc.check import run_drc
from analoom.flows.drc.signoff import antenna as drc_antenna
from analoom.flows.drc.signoff.antenna_worst import broken_by
from analoom.flows.files.layout_source import dissolve, of_layout
from analoom.pdk.install import magic_tech
from broken import twin

RANDOM_LAYOUTS = 40
GATE_UM2, LI_RATIO, LI_THICKNESS_UM, LI_WIDTH_UM = 0.42 * 0.15, 75, 0.1, 0.17
LIMIT_NM = round(1000 * (LI_RATIO * GATE_UM2 / LI_THICKNESS_UM / 2 - LI_WIDTH_UM)) // 5 * 5
"""`antenna li sidewall 75`, `height allli 0.9361 0.10`: the longest wire on one gate; the sidewall is 2 (w + l) t."""
CUTS = (L.LICON, L.MCON, L.VIA, L.VIA2, L.VIA3, L.VIA4)


def antenna(source, folder):
    return run_drc(source, ("antenna",), folder).engines["antenna"]


def random_cell(layout, name, below, rng):
    """Shapes on any level, and the cells below placed anywhere, turned, as arrays, overlapping."""
    cell = layout.create_cell(name)
    for _ in range(rng.randint(1, 12)):
        layer = rng.choice([*STACK, L.DIFF, L.DIFF, L.POLY, L.TAP, L.CAPM])
        w, h = (300, 300) if layer in CUTS else rng.choice([(200, 200), (2000, 200), (200, 2000), (1000, 1000)])
        x, y = rng.randrange(40) * 100, rng.randrange(40) * 100
        cell.shapes(layout.layer(*layer.value)).insert(kdb.Box(x, y, x + w, y + h))
    for inner in below:
        for _ in range(rng.randint(0, 2)):
            at = kdb.Trans(rng.randrange(4), rng.random() < 0.5, rng.randrange(40) * 100, rng.randrange(40) * 100)
            steps = kdb.Vector(rng.choice([1000, 2000]), 0), kdb.Vector(0, rng.choice([1000, 3000]))
            count = rng.choice([1, 1, 2])
            cell.insert(kdb.CellInstArray(inner.cell_index(), at, *steps, count, count))
    return cell


def random_layout(seed):
    rng, layout, cells = random.Random(seed), kdb.Layout(), []
    layout.dbu = 0.001
    for depth in range(rng.randint(1, 4)):
        cells.append(random_cell(layout, f"c{depth}", cells, rng))
    return of_layout(layout, cells[-1])


def strict_ratios(tech):
    """The tech file's ratios lowered, so that small random layouts break them."""
    found = drc_antenna.ratios(tech)
    return [replace(r, largest=r.largest / 1000, with_diode=r.with_diode and r.with_diode / 400) for r in found]


@pytest.mark.slow
def test_hierarchical_findings_are_the_flat_ones():
    ratios = strict_ratios(magic_tech().read_text())
    broken = 0
    for seed in range(RANDOM_LAYOUTS):
        source = random_layout(seed)
        marked = {}
        wiring = drc_antenna.Wiring(source)
        torn = set()
        for ratio in ratios:
            nets = wiring.up_to(ratio.layer)
            torn |= nets.torn
            for net in nets.where(partial(broken_by, ratio)):
                marked.setdefault(ratio.layer, kdb.Region()).insert(kdb.Region(list(net.metal())))
        if not torn:
            want = flat_findings(source, ratios)
            assert {layer: region.merged().area() for layer, region in marked.items()} == want, seed
            broken += bool(want)
    assert broken > RANDOM_LAYOUTS // 10


def test_cells_that_tear_a_net_apart_are_dissolved(tmp_path, monkeypatch):
    """Seeds of layouts with such cells: the verdict is the flat one all the same."""
    strict = strict_ratios(magic_tech().read_text())
    monkeypatch.setattr(drc_antenna, "ratios", lambda text: strict)
    asked = []
    monkeypatch.setattr(drc_antenna, "dissolve", lambda *a: asked.append(a) or dissolve(*a))
    for seed in (217, 279, 311):
        source = random_layout(seed)
        found = {rule.removeprefix("antenna.") for rule in antenna(source, tmp_path).violations}
        assert found == {layer.name.lower() for layer in flat_findings(source, strict)}
    assert asked


def gate_cell(layout, name, length_nm):
    """A gate with a wire of li1, of which the bottom left corner of the diffusion is (-325, 0)."""
    drawn = layout_of([*mos(cap=600), (L.LICON, -85, 780, 85, 950), (L.LI1, -85, 780, 85, 780 + length_nm)])
    cell = layout.create_cell(name)
    for info in drawn.layer_infos():
        cell.shapes(layout.layer(info)).insert(drawn.top_cell().shapes(drawn.layer(info)))
    return cell


def array(doublings, good_nm, bad_nm):
    """2 ** doublings squared cells as a tree of blocks, the one at the bottom left with another wire."""
    layout = kdb.Layout()
    layout.dbu = 0.001
    good, bad, pitch = gate_cell(layout, "good", good_nm), gate_cell(layout, "bad", bad_nm), 40_000
    for level in range(doublings):
        goods, mixed = layout.create_cell(f"good{level}"), layout.create_cell(f"bad{level}")
        for x in (0, pitch):
            for y in (0, pitch):
                goods.insert(kdb.CellInstArray(good.cell_index(), kdb.Trans(x, y)))
                other = bad if (x, y) == (0, 0) else good
                mixed.insert(kdb.CellInstArray(other.cell_index(), kdb.Trans(x, y)))
        good, bad, pitch = goods, mixed, 2 * pitch
    return of_layout(layout, bad)


@pytest.mark.parametrize("doublings", [5, pytest.param(10, marks=pytest.mark.full)])
def test_one_bad_cell_of_an_array_is_named_and_placed(tmp_path, doublings):
    assert antenna(array(doublings, LIMIT_NM, LIMIT_NM), tmp_path).clean
    found = antenna(array(doublings, LIMIT_NM, LIMIT_NM + 5), tmp_path)
    assert (found.violations, found.cells) == ({"antenna.li1": 1}, {"antenna.li1": {"bad": 1}})
    top_um = (780 + LIMIT_NM + 5) / 1000
    assert found.locations["antenna.li1"] == (f"(-0.085, 0.780)-(0.085, {top_um:.3f})",)


def test_a_bad_cell_that_stands_often_is_one_finding_with_its_places(tmp_path):
    found = antenna(array(5, LIMIT_NM + 5, LIMIT_NM), tmp_path)
    assert found.violations == {"antenna.li1": 4**5 - 1}
    assert found.cells == {"antenna.li1": {"good": 4**5 - 1}}
    assert f"in good, placed {4**5 - 1} times, at" in found.summary()


@pytest.mark.slow
@pytest.mark.parametrize(("rows", "cols"), [(64, 64), pytest.param(512, 2048, marks=pytest.mark.full)])
def test_a_crossbar_of_any_size_is_judged(tmp_path, rows, cols):
    """A lone gate with too long a wire, left of the array, is found; without it the crossbar is clean."""

    def lone_gate(layout, top):
        cell = gate_cell(layout, "lone", LIMIT_NM + 5)
        top.insert(kdb.CellInstArray(cell.cell_index(), kdb.Trans(top.bbox().left - 10_000, 0)))

    crossbar = build("crossbar", {"rows": rows, "cols": cols})
    assert antenna(twin(crossbar, lambda layout, top: None), tmp_path).clean
    found = antenna(twin(crossbar, lone_gate), tmp_path)
    assert (found.violations, found.cells["antenna.li1"]) == ({"antenna.li1": 1}, {"lone": 1})
