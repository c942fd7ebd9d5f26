"""Pairs and mirrors in rows, shared or separate, in one well or in islands: clean, centred, wired alike."""

from itertools import pairwise

import klayout.db as kdb
import pytest

from analoom.cells.model import registry
from analoom.flows.drc.check import drc_cell, run_drc
from analoom.flows.files.layout_source import of_cell
from analoom.flows.lvs.check import lvs_cell, run_lvs
from analoom.flows.mismatch import mismatch
from analoom.flows.pex.extract import extract
from analoom.flows.pex.symmetry import symmetry
from analoom.flows.simulate import simulate
from analoom.generators.matching.centroid import place_rows
from analoom.generators.matching.placement import DUMMY
from analoom.pdk.errors import SpecError
from analoom.pdk.layers import Layer
from broken import twin, with_box, without
from drawn import region

PAIR_PATTERNS = ("abba", "abab", "cross_quad", "centroid_2d")
MIRROR_PATTERNS = ("centroid", "interdigitated", "cross_quad", "centroid_2d")
GATE_TO_BUS_NM = 2300
"""More than from a gate's edge to the farthest gate bus of its row, less than to the first via of the row above."""

PAIRS = [
    {"pattern": p, "well": w, "sharing": s, "device": d, "w": 2.4, "l": 0.5}
    for p in PAIR_PATTERNS
    for w in ("common", "isolated", "islands")
    for s in ("shared", "separate")
    for d in ("nfet_01v8", "pfet_01v8_lvt")
]
MIRRORS = [
    {"pattern": p, "well": w, "sharing": s, "device": d, "l": 0.5, "ratios": (2, 4, 2)}
    for p in MIRROR_PATTERNS
    for w in ("common", "isolated")
    for s in ("shared", "separate")
    for d in ("nfet_01v8_lvt", "pfet_01v8")
]
PRODUCT = [("matched_pair", f) for f in PAIRS] + [("current_mirror", f) for f in MIRRORS]
ODD = [
    ("matched_pair", {"pattern": "centroid_2d", "nf": 6, "w": 6, "rows": 4, "dummies": False}),
    ("matched_pair", {"pattern": "cross_quad", "nf": 6, "w": 6, "sharing": "separate", "well": "islands"}),
    ("matched_pair", {"pattern": "abab", "nf": 3, "w": 3, "well": "islands"}),
    ("matched_pair", {"pattern": "centroid_2d", "nf": 6, "w": 6, "rows": 3, "well": "islands", "dummies": False}),
    ("current_mirror", {"pattern": "centroid_2d", "ratios": (1, 2, 4, 8), "rows": 4}),
    ("current_mirror", {"pattern": "centroid_2d", "ratios": (3, 1), "rows": 3, "dummies": False}),
    ("current_mirror", {"pattern": "cross_quad", "ratios": (2,) * 17, "well": "isolated"}),
]


def given(case):
    name, fields = case
    return "-".join([name, *map(str, fields.values())]).replace(" ", "")


def slow_or_not(case):
    """Every combination of an n-type at once; those of p-types, and the widest, in the slow part."""
    quick = case[1].get("device", "n")[0] == "n" and case is not ODD[-1]
    return pytest.param(case, marks=() if quick else pytest.mark.slow, id=given(case))


@pytest.mark.parametrize("case", [slow_or_not(case) for case in PRODUCT + ODD])
def test_clean_in_fast_drc_and_lvs(tmp_path, case):
    cell = registry.build(*case)
    drc_cell(cell, tmp_path).require_clean()
    lvs_cell(cell, tmp_path).require_clean()


@pytest.mark.full
@pytest.mark.tools
@pytest.mark.parametrize("case", [PRODUCT[27], PRODUCT[34], ODD[1], ODD[4]], ids=given)
def test_clean_in_the_sign_off_engines(tmp_path, case):
    drc_cell(registry.build(*case), tmp_path, ("klayout", "magic")).require_clean()
    lvs_cell(registry.build(*case), tmp_path, ("netgen",)).require_clean()


def gates_by_net(cell):
    """{net: gate boxes}: poly over diffusion, named by the met2 bus above it that its column reaches by a via."""
    buses = [(pin.name, pin.box) for pin in cell.pins if pin.layer is Layer.MET2 and pin.name[0] in "gi"]
    vias, found = [v.bbox() for v in region(cell, Layer.VIA).each()], {}
    for gate in (region(cell, Layer.POLY) & region(cell, Layer.DIFF)).each():
        box = gate.bbox()
        band = kdb.Box(box.left, box.top, box.right, box.top + GATE_TO_BUS_NM)
        nets = {n for n, bus in buses for v in vias if v.inside(band) and v.inside(bus)}
        found.setdefault(nets.pop() if nets else "dummy", []).append(box)
        assert not nets
    return found


def centre(boxes):
    """(x, y) of equal boxes, times their number and two: exact."""
    return sum(b.left + b.right for b in boxes), sum(b.bottom + b.top for b in boxes)


@pytest.mark.parametrize("well", ["common", "islands"])
@pytest.mark.parametrize(
    "fields",
    [
        {"pattern": "cross_quad"},
        {"pattern": "cross_quad", "nf": 6, "w": 6, "sharing": "separate"},
        {"pattern": "centroid_2d", "nf": 8, "w": 8, "rows": 4},
        {"pattern": "centroid_2d", "nf": 8, "w": 8, "rows": 2, "device": "pfet_01v8"},
    ],
)
def test_devices_share_one_exact_centre_in_the_drawn_gates(fields, well):
    cell = registry.build("matched_pair", {**fields, "well": well})
    gates, group = gates_by_net(cell), cell.match_groups[0].members
    assert len(gates["g1"]) == len(gates["g2"]) == fields.get("nf", 4)
    assert centre(gates["g1"]) == centre(gates["g2"])
    assert sorted(map(str, gates["g1"])) == sorted(map(str, group["m1"]))
    assert cell.notes["centroid_residual_um"] == 0


def test_sides_of_a_mirror_in_rows_hold_their_units():
    cell = registry.build("current_mirror", {"pattern": "centroid_2d", "ratios": (1, 2, 4, 8), "rows": 3})
    members = cell.match_groups[0].members
    assert [len(boxes) for boxes in members.values()] == [2, 4, 8, 16]
    assert sorted(map(str, gates_by_net(cell)["in"])) == sorted(str(b) for boxes in members.values() for b in boxes)
    assert cell.notes["centroid_residual_um"] == 0


def test_what_is_left_of_the_centre_is_said():
    """Two units, one above the other: each is half the distance of the rows off."""
    cell = registry.build("matched_pair", {"pattern": "centroid_2d", "nf": 2, "w": 2})
    (one,), (two,) = ({b.bottom for b in boxes} for boxes in cell.match_groups[0].members.values())
    assert cell.notes["centroid_residual_um"] == pytest.approx(abs(one - two) / 2000)
    assert cell.notes["centroid_offset_y_um"]["m1"] == -cell.notes["centroid_offset_y_um"]["m2"]


@pytest.mark.parametrize(
    ("weights", "rows"), [((4, 4), 2), ((3, 3), 5), ((1, 2, 4, 8), 4), ((3, 5, 7), 3), ((7, 7), 5), ((1, 1, 1), 2)]
)
def test_rows_hold_every_unit_and_dummies_only_at_their_ends(weights, rows):
    placed = place_rows(weights, rows, 1000, 3000)
    assert [len(placed.sites(k)) for k in range(len(weights))] == list(weights)
    for line in placed.owner:
        inner = [k for k, who in enumerate(line) if who != DUMMY]
        assert inner and all(line[k] != DUMMY for k in range(inner[0], inner[-1] + 1))


@pytest.mark.parametrize(("weights", "rows"), [((2, 2), 2), ((4, 2, 6), 4), ((3, 5, 7), 3), ((1, 2, 4, 8), 5)])
def test_what_can_be_centred_is(weights, rows):
    """Three odd weights in an odd grid too, where no unit of a weight is the mirror image of another."""
    placed = place_rows(weights, rows, 1000, 3000)
    assert all(placed.centroid_nm(k) == pytest.approx((0, 0), abs=1e-6) for k in range(len(weights)))


def spreads(fields, folder, name="matched_pair"):
    cell = registry.build(name, fields)
    groups = symmetry(cell, extract(of_cell(cell), workdir=folder))["groups"]
    return {group["name"]: group["c_spread"] for group in groups}


@pytest.mark.slow
@pytest.mark.parametrize("well", ["common", "isolated", "islands"])
@pytest.mark.parametrize("fields", [{"pattern": "cross_quad"}, {"pattern": "centroid_2d", "nf": 6, "w": 6, "rows": 3}])
def test_both_sides_in_rows_weigh_alike(tmp_path, fields, well):
    found = spreads({**fields, "well": well}, tmp_path)
    assert set(found) == ({"d", "g", "s"} if well == "islands" else {"d", "g"})
    assert max(found.values()) < (0.004 if fields["pattern"] == "cross_quad" else 0.01)


@pytest.mark.slow
def test_one_row_or_one_more_strip_of_metal_does_not_weigh_alike(tmp_path):
    assert spreads({}, tmp_path)["g"] > 0.01
    cell = registry.build("matched_pair", {"pattern": "cross_quad"})
    bus = next(pin.box for pin in cell.pins if pin.name == "d2")
    more = kdb.Box(bus.right, bus.bottom, bus.right + 3000, bus.top)
    heavier = extract(twin(cell, with_box(Layer.MET2, more)), workdir=tmp_path)
    assert max(group["c_spread"] for group in symmetry(cell, heavier)["groups"]) > 0.01


@pytest.mark.slow
@pytest.mark.parametrize("pattern", ["cross_quad", "centroid_2d"])
def test_outputs_of_equal_units_weigh_alike(tmp_path, pattern):
    assert spreads({"pattern": pattern, "ratios": (2, 2, 2, 2)}, tmp_path, "current_mirror")["out"] < 0.01


@pytest.mark.slow
def test_each_unit_adds_the_same_to_its_output(tmp_path):
    """Buses of all outputs are alike, so C over units is a straight line: from 2 to 4 units as from 4 to 8; what lies
    beside a unit bends it by 3.5 %.
    """
    cell = registry.build("current_mirror", {"pattern": "cross_quad", "ratios": (2, 2, 4, 8)})
    c_f = {n: net.total_f for n, net in extract(of_cell(cell), workdir=tmp_path).nets.items()}
    low, high = (c_f["out2"] - c_f["out1"]) / 2, (c_f["out3"] - c_f["out2"]) / 4
    assert low == pytest.approx(high, rel=0.04, abs=0)


@pytest.mark.parametrize(
    ("fields", "share"),
    [
        ({}, {"d1": 0.5, "d2": 0.5}),
        ({"nf": 2, "w": 2}, {"d1": 0.5, "d2": 0.5}),
        ({"nf": 2, "w": 2, "sharing": "separate"}, {"d1": 1.0, "d2": 1.0}),
        ({"nf": 6, "w": 6, "pattern": "cross_quad"}, {"d1": 0.5, "d2": 0.5}),
        ({"nf": 3, "w": 3, "pattern": "abab", "sharing": "separate"}, {"d1": 1.0, "d2": 1.0}),
    ],
)
def test_both_devices_carry_current_in_the_same_directions(fields, share):
    assert registry.build("matched_pair", fields).notes["source_left_frac"] == share


def test_separate_units_stand_on_diffusions_of_their_own():
    cell = registry.build("matched_pair", {"sharing": "separate"})
    drawn = region(cell, Layer.DIFF)
    assert drawn.count() == 2 * 4 // 2 + 2
    assert len({(p.bbox().width(), p.bbox().height()) for p in drawn.each()}) == 1
    lefts = sorted(p.bbox().left for p in drawn.each())
    assert len({b - a for a, b in pairwise(lefts)}) == 1


def test_islands_cost_the_area_that_is_drawn():
    islands, common = (registry.build("matched_pair", {"well": w}) for w in ("islands", "common"))
    notes = islands.notes
    assert notes["area_um2"] == pytest.approx(islands.area_um2)
    assert notes["area_common_um2"] == pytest.approx(common.area_um2)
    assert notes["area_by_common"] == pytest.approx(islands.area_um2 / common.area_um2, abs=1e-4)
    drawn = region(islands, Layer.POLY) & region(islands, Layer.DIFF)
    dummies = 8 * 1.0 * 1.0
    assert notes["gate_area_um2"] == pytest.approx(drawn.area() / 1e6 - dummies)


@pytest.mark.parametrize("device", ["nfet_01v8", "pfet_01v8"])
def test_bodies_of_islands_are_their_sources(device):
    cell = registry.build("matched_pair", {"well": "islands", "device": device})
    assert cell.circuit.ports == ("d1", "g1", "d2", "g2", "s1", "s2", *(["nw"] if device[0] == "n" else []))
    assert all(mos.nets["b"] == mos.nets["s"] for mos in cell.circuit.devices)
    wells = region(cell, Layer.NWELL)
    assert (wells.holes().count() if device[0] == "n" else wells.count()) == 4


def gap(layer, where):
    """Damage: `layer` taken away in a box (nm)."""

    def damage(copy, top):
        at = copy.layer(*layer.value)
        left = kdb.Region(top.begin_shapes_rec(at)) - kdb.Region(where)
        copy.clear_layer(at)
        top.shapes(at).insert(left)

    return damage


def wall(cell):
    """A piece of the n-well between the first two islands, from one to the other."""
    one, two = sorted((p.bbox() for p in region(cell, Layer.NWELL).holes().each()), key=lambda b: b.left)[:2]
    return kdb.Box(one.right, one.center().y, two.left, one.center().y + 1500)


@pytest.mark.parametrize("what", ["gap", "no deep well", "no tap in an island"])
def test_lvs_catches_islands_that_are_not(tmp_path, what):
    cell = registry.build("matched_pair", {"well": "islands"})
    first = min((p.bbox() for p in region(cell, Layer.NWELL).holes().each()), key=lambda b: b.left)
    damage = {
        "gap": gap(Layer.NWELL, wall(cell)),
        "no deep well": without(Layer.DNWELL),
        "no tap in an island": gap(Layer.TAP, first),
    }[what]
    assert not run_lvs(twin(cell, damage), cell.spice(), cell.name, tmp_path).clean


def test_drc_catches_a_gap_in_the_wall(tmp_path):
    cell = registry.build("matched_pair", {"well": "islands"})
    assert not run_drc(twin(cell, gap(Layer.NWELL, wall(cell))), ("fast",), tmp_path).clean


@pytest.mark.slow
@pytest.mark.tools
def test_magic_catches_a_ring_that_ends_within_the_deep_well(tmp_path):
    """nwell.5a: the deep n-well is a rule's length inside the ring."""
    cell = registry.build("matched_pair", {"well": "islands"})
    edge = region(cell, Layer.NWELL).bbox()
    cut = kdb.Box(edge.left, edge.bottom, edge.left + 300, edge.top)
    assert not run_drc(twin(cell, gap(Layer.NWELL, cut)), ("magic",), tmp_path).clean


@pytest.mark.slow
@pytest.mark.parametrize(
    ("name", "fields"),
    [
        ("matched_pair", {"well": "islands"}),
        ("matched_pair", {"pattern": "cross_quad", "well": "islands", "device": "pfet_01v8"}),
        ("matched_pair", {"pattern": "centroid_2d", "well": "isolated", "sharing": "separate"}),
        ("current_mirror", {"pattern": "centroid_2d", "well": "isolated", "ratios": (2, 4)}),
    ],
)
def test_simulation_and_mismatch_find_the_sides(name, fields):
    """As schematics all wells are alike: equal devices have no offset, and the same random spread as in one well."""
    cell, common = (registry.build(name, f) for f in (fields, {**fields, "well": "common"}))
    metrics = simulate(cell).metrics
    assert metrics["offset" if name == "matched_pair" else "gain_error"].value == pytest.approx(
        simulate(common).metrics["offset" if name == "matched_pair" else "gain_error"].value, abs=1e-9
    )
    assert mismatch(cell).metrics["delta_vth"].sigma == pytest.approx(mismatch(common).metrics["delta_vth"].sigma)


@pytest.mark.parametrize(
    ("name", "fields", "field", "said"),
    [
        ("matched_pair", {"rows": 3}, "rows", "2 for pattern abba"),
        ("matched_pair", {"pattern": "centroid_2d", "rows": 5}, "rows", "at most 4"),
        ("matched_pair", {"pattern": "centroid_2d", "rows": 65}, "rows", "less than or equal to 64"),
        ("matched_pair", {"pattern": "cross_quad", "nf": 5, "w": 5}, "nf", "even for pattern cross_quad"),
        ("matched_pair", {"pattern": "centroid_2d", "rows": 3, "well": "islands"}, "rows", "a divisor of nf = 4"),
        ("matched_pair", {"well": "islands", "nf": 4, "w": 200}, "w", "LU.2"),
        ("matched_pair", {"well": "deep"}, "well", "islands"),
        ("current_mirror", {"well": "islands"}, "well", "isolated"),
        ("current_mirror", {"rows": 4}, "rows", "2 for pattern centroid"),
        ("current_mirror", {"pattern": "cross_quad", "ratios": (1, 2)}, "ratios", "even for pattern cross_quad"),
        ("current_mirror", {"pattern": "centroid_2d", "rows": 5}, "rows", "at most 4, the units"),
        ("current_mirror", {"pattern": "centroid_2d", "ratios": (1,) * 18}, "ratios", "can be routed"),
        ("mosfet", {"well": "islands"}, "well", "isolated"),
    ],
)
def test_refusals(name, fields, field, said):
    with pytest.raises(SpecError) as refused:
        registry.build(name, fields)
    assert refused.value.field == field and said in str(refused.value)
