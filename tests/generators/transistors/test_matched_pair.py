"""The pair's matching, read back from the drawn shapes: centroid, mirror symmetry, equal wiring, islands."""

import klayout.db as kdb
import pytest

from analoom.cells.model import registry
from analoom.flows.files.layout_source import of_cell
from analoom.flows.pex.extract import extract
from analoom.generators.transistors.pair_rows import diffusions, pair_units
from analoom.pdk.errors import SpecError
from analoom.pdk.layers import Layer
from drawn import region


def gates_by_net(cell):
    """{net: gate boxes}: poly over diffusion, named by the met2 bus its gate column reaches by a via."""
    gates = region(cell, Layer.POLY) & region(cell, Layer.DIFF)
    vias = list(region(cell, Layer.VIA).each())
    buses = {pin.name: pin.box for pin in cell.pins if pin.layer is Layer.MET2}
    found = {}
    for gate in gates.each():
        box = gate.bbox()
        over = [v.bbox() for v in vias if box.left < v.bbox().center().x < box.right and v.bbox().bottom > box.top]
        net = next((n for v in over for n, bus in buses.items() if v.inside(bus)), "dummy")
        found.setdefault(net, []).append(box)
    return found


def centroid(boxes):
    area = sum(b.area() for b in boxes)
    return tuple(
        sum(b.area() * (lo + hi) / 2 for b, lo, hi in ((b, *e) for b, e in edges)) / area
        for edges in ([(b, (b.left, b.right)) for b in boxes], [(b, (b.bottom, b.top)) for b in boxes])
    )


@pytest.mark.parametrize(
    "fields", [{}, {"nf": 2, "w": 2, "l": 0.15}, {"nf": 6, "w": 6}, {"device": "pfet_01v8_hvt", "nf": 8}]
)
def test_abba_has_one_exact_centroid_in_the_drawn_gates(fields):
    gates = gates_by_net(registry.build("matched_pair", fields))
    assert len(gates["g1"]) == len(gates["g2"]) == fields.get("nf", 4)
    assert centroid(gates["g1"]) == centroid(gates["g2"])


def test_abab_is_off_centre_by_one_unit():
    gates = gates_by_net(registry.build("matched_pair", {"pattern": "abab"}))
    (x1, y1), (x2, y2) = centroid(gates["g1"]), centroid(gates["g2"])
    assert y1 == y2 and x2 - x1 == gates["g2"][0].left - gates["g1"][0].left


@pytest.mark.parametrize(
    ("nf", "order", "fingers"), [(2, "1212", 1), (4, "1212", 2), (6, "121212", 2), (3, "121212", 1)]
)
def test_abab_alternates_and_has_each_device_twice(nf, order, fingers):
    """Of nf fingers each; pairs of fingers share a drain where two or more pairs are left to alternate."""
    units = pair_units("abab", nf, 1, (0, 0))
    assert ("".join(map(str, units.rows[0])), units.fingers) == (order, fingers)


def test_declared_match_group_is_what_is_drawn():
    cell = registry.build("matched_pair", {"nf": 6, "w": 6, "l": 0.5})
    gates, group = gates_by_net(cell), cell.match_groups[0].members
    assert sorted(map(str, gates["g1"])) == sorted(map(str, group["m1"]))
    assert sorted(map(str, gates["g2"])) == sorted(map(str, group["m2"]))


@pytest.mark.parametrize(
    "layer", [Layer.DIFF, Layer.POLY, Layer.LI1, Layer.MET1, Layer.MET2, Layer.LICON, Layer.MCON, Layer.VIA]
)
def test_abba_is_its_own_mirror_image(layer):
    cell = registry.build("matched_pair")
    drawn = region(cell, layer)
    centre = cell.match_groups[0].centroid_nm("m1")[0]
    assert drawn.count() > 0
    mirrored = drawn.transformed(kdb.Trans(kdb.Trans.M90, round(2 * centre), 0))
    assert (drawn ^ mirrored).is_empty()


def test_both_devices_see_the_same_met1():
    cell = registry.build("matched_pair")
    columns = [p.bbox() for p in region(cell, Layer.MET1).each() if p.is_box()]
    below = {b.height() for b in columns if b.bottom < 0}
    above = {b.height() for b in columns if b.bottom > 0}
    assert len(below) == len(above) == 1


def test_no_diffusion_joins_two_drains():
    islands = diffusions((1, 2, 2, 1), 1, dummies=True)
    assert [i.regions for i in islands] == [("s", "s", "d1"), ("d2", "s", "d2"), ("d1", "s", "s")]
    for nf in range(2, 13, 2):
        for pattern in ("abba", "abab"):
            units = pair_units(pattern, nf, 2, (1000, 1000))
            for island in diffusions(units.rows[0], units.fingers, dummies=True):
                for left, gate, right in zip(island.regions, island.gates, island.regions[1:], strict=False):
                    assert {left, right} == ({"s"} if gate == "b" else {"s", "d" + gate[1]})


@pytest.mark.parametrize(
    ("fields", "field", "said"),
    [
        ({"nf": 3, "w": 3}, "nf", "even for pattern abba"),
        ({"w": 1.0}, "w", "at least 1.68 um (nf = 4)"),
        ({"w": 4.01}, "w", "multiple of 0.005"),
        ({"l": 0.1503}, "l", "multiple of 0.005"),
        ({"pattern": "baab"}, "pattern", "abba"),
        ({"nf": 4, "w": 200}, "w", "LU.2"),
        ({"legs": 2}, "legs", "one of the fields"),
    ],
)
def test_bad_specs_are_refused_by_field_and_bound(fields, field, said):
    with pytest.raises(SpecError) as error:
        registry.build("matched_pair", fields)
    assert error.value.field == field
    assert said in str(error.value)


@pytest.mark.slow
def test_wiring_of_both_sides_weighs_alike(tmp_path):
    """By extraction the two drains, and the two gates, differ by less than a tenth in what they see of quiet nets."""
    nets = extract(of_cell(registry.build("matched_pair")), workdir=tmp_path).nets
    for one, two in (("d1", "d2"), ("g1", "g2")):
        quiet = [nets[n].substrate_f + nets[n].coupling_f["s"] for n in (one, two)]
        assert quiet[0] == pytest.approx(quiet[1], rel=0.1, abs=0)
