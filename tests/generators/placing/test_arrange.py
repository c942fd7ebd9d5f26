"""Parts lie in rows and stacks, their middles in line, as near as wells and plates allow."""

import pytest

from analoom import build
from analoom.generators.placing.arrange import clearance_nm, grid, placed, row, stack
from analoom.generators.placing.leaf import Leaf
from analoom.pdk import rules


def leaf(name, cell, **fields):
    drawn = build(cell, fields)
    return Leaf(name, drawn, {port: port for port in drawn.circuit.ports})


def boxes(tree, extra=None):
    found = placed(tree, extra or {})
    return {i.name: i.cell.bbox_nm.transformed(i.trans) for i in found.instances}, found


@pytest.mark.parametrize(
    ("one", "other", "rule"),
    [
        (("mosfet", {}), ("mosfet", {}), rules.IMPLANT_SPACE),
        (("mosfet", {"device": "pfet_01v8"}), ("mosfet", {"device": "pfet_01v8"}), rules.NWELL_SPACE),
        (("mosfet", {"well": "isolated"}), ("mosfet", {"well": "isolated"}), rules.DNWELL_SPACE),
        (("unit_cap", {}), ("unit_cap", {}), rules.CAPM_TO_OTHER_PLATE),
    ],
)
def test_neighbours_keep_at_least_what_the_rule_says(one, other, rule):
    a, b = (build(name, fields) for name, fields in (one, other))
    assert clearance_nm(a, b) == clearance_nm(b, a) >= rule.value_nm


def test_rows_and_stacks_nest_and_have_their_middles_in_line():
    small, wide = leaf("a", "mosfet", w=2, l=0.5), leaf("b", "mosfet", w=4, l=2, nf=2)
    third = leaf("c", "mosfet", device="pfet_01v8", w=2, l=0.5)
    at, found = boxes(stack(row(small, wide), third))
    assert at["a"].right < at["b"].left and at["c"].bottom > max(at["a"].top, at["b"].top)
    assert abs(at["a"].center().y - at["b"].center().y) <= 10
    assert abs((at["a"].left + at["b"].right) // 2 - at["c"].center().x) <= 10
    assert {(gap.line.along, gap.index) for gap in found.gaps} == {("x", 0), ("y", 0)}


def test_a_gap_grows_by_what_it_is_given():
    parts = [leaf(f"p{k}", "mosfet") for k in range(4)]
    tree = grid([parts[:2], parts[2:]])
    narrow, found = boxes(tree)
    gap = next(gap for gap in found.gaps if gap.line.along == "y")
    wide, _ = boxes(tree, {(gap.line, gap.index): 1000})
    assert wide["p2"].bottom - wide["p0"].top == narrow["p2"].bottom - narrow["p0"].top + 1000


def test_a_turned_part_is_a_mirror_image():
    cell = build("current_mirror", {"ratios": (1, 3)})
    plain, turned = Leaf("a", cell, {}), Leaf("b", cell, {}, "y")
    instances = {i.name: i for i in placed(row(plain, turned), {}).instances}
    pin = next(pin for pin in cell.pins if pin.name == "b")
    left, right = (pin.box.transformed(instances[name].trans) for name in "ab")
    at, _ = boxes(row(plain, turned))
    assert left.left - at["a"].left == at["b"].right - right.right
