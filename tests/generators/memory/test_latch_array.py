"""Arrays of latches: wiring against a plain loop, addresses, the register, areas, refusals, broken twins."""

import klayout.db as kdb
import pytest

from analoom.cells.model import registry
from analoom.flows.drc.check import drc_cell, run_drc
from analoom.flows.lvs.check import lvs_cell, run_lvs
from analoom.generators.memory.latch_array import register_order
from analoom.pdk.errors import SpecError
from analoom.pdk.layers import Layer
from broken import twin, with_box

SPECS = [
    {"rows": 2, "cols": 6, "drivers": False},
    {"rows": 4, "cols": 5, "complement": True, "drivers": False, "latch": {"w": 0.6}},
    {"rows": 5, "cols": 3},
    {"rows": 1, "cols": 5, "complement": True, "latch": {"w": 1.755}},
]
each_spec = pytest.mark.parametrize("fields", SPECS)


def latches(cell, at, nets):
    """(place of its origin, nets of its ports in the array's own names) of every latch, by a walk of our own."""
    for instance in cell.instances:
        inner = {port: nets.get(net, net) for port, net in instance.nets.items()}
        if instance.cell.kind == "latch":
            yield (at * instance.trans).disp, inner
        elif instance.cell.instances:
            yield from latches(instance.cell, at * instance.trans, inner)


@each_spec
def test_clean_in_fast_drc_and_lvs(tmp_path, fields):
    cell = registry.build("latch_array", fields)
    drc_cell(cell, tmp_path).require_clean()
    lvs_cell(cell, tmp_path).require_clean()


@each_spec
def test_every_latch_is_on_the_lines_of_its_place(fields):
    """Row and column by where it lies, against the nets that the tree gives it; odd rows are turned over."""
    cell = registry.build("latch_array", fields)
    width, height = registry.build("latch", fields.get("latch")).fabric.pitch_nm
    seen = {}
    for corner, nets in latches(cell, kdb.Trans(), {port: port for port in cell.circuit.ports}):
        col, turned = corner.x // width, corner.y % height != 0
        row = (corner.y - 10) // height - 1 if turned else corner.y // height
        seen[row, col] = nets
        assert turned == (row % 2 == 1)
    wanted = {}
    for row in range(fields["rows"]):
        for col in range(fields["cols"]):
            wanted[row, col] = {"wl": f"wl{row}", "bl": f"bl{col}", "blb": f"blb{col}", "q": f"q{row}_{col}"}
    assert seen.keys() == wanted.keys()
    for place, nets in wanted.items():
        assert nets.items() <= seen[place].items()


@each_spec
def test_every_bit_comes_out_over_its_column(fields):
    cell = registry.build("latch_array", fields)
    width, _ = registry.build("latch", fields.get("latch")).fabric.pitch_nm
    outs = {pin.name: pin.box for pin in cell.pins if pin.name.startswith("q")}
    nodes = ("q", "qb") if fields.get("complement") else ("q",)
    assert len(outs) == fields["rows"] * fields["cols"] * len(nodes)
    for name, box in outs.items():
        assert box.center().x // width == int(name.partition("_")[2])
        assert box.top == max(pin.box.top for pin in cell.pins)


def test_a_row_listens_to_its_number():
    """Each word driver's inputs are high for one address alone, that of its row."""
    cell = registry.build("latch_array", {"rows": 6, "cols": 1})
    drivers = {i.nets["wl"]: [net for port, net in i.nets.items() if port[:2] == "in"] for i in cell.instances[1:7]}
    for number in range(6):
        high = {f"a{bit}" + ("" if number >> bit & 1 else "b") for bit in range(3)}
        assert [word for word, inputs in drivers.items() if set(inputs) <= high] == [f"wl{number}"]


def test_the_register_runs_through_the_columns_in_the_order_told():
    cell = registry.build("latch_array", {"rows": 1, "cols": 7})
    stages = {i.nets["d"]: (i.nets["bl"], i.nets["q"]) for i in cell.instances if i.name.startswith("column")}
    at, visited = "din", []
    while at != "dout":
        line, at = stages[at]
        visited.append(int(line.removeprefix("bl")))
    assert visited == register_order(cell.spec) and sorted(visited) == list(range(7))


def test_sixty_four_bits_take_less_than_twenty_um2_each_drivers_included():
    """A latch of 2.56 by 2.88 um; parts add up to the outline."""
    cell = registry.build("latch_array")
    assert cell.notes["latch_area_um2"] == pytest.approx(2.56 * 2.88, rel=1e-4)
    assert cell.area_um2 / 64 < 20
    assert sum(cell.areas_um2.values()) == pytest.approx(cell.area_um2, rel=1e-6)
    assert all(area > 0 for area in cell.areas_um2.values())


@pytest.mark.parametrize(
    ("fields", "field", "fix"),
    [({"rows": 9}, "rows", None), ({"rows": 5, "complement": True}, "rows", 4), ({"cols": 65}, "cols", None)],
)
def test_more_bits_than_can_come_out_are_refused(fields, field, fix):
    with pytest.raises(SpecError) as refused:
        registry.build("latch_array", fields)
    assert refused.value.field == field
    assert fix is None or str(fix) in str(refused.value)


def test_bit_lines_of_one_column_exchanged_do_not_match(tmp_path):
    cell = registry.build("latch_array", {"rows": 2, "cols": 2, "drivers": False})
    line = "Xr0c1 wl0 bl1 blb1 q0_1"
    assert line in cell.spice()
    wrong = cell.spice().replace(line, "Xr0c1 wl0 blb1 bl1 q0_1")
    assert not run_lvs(twin(cell, lambda *_: None), wrong, cell.name, tmp_path).clean


def test_rows_of_the_wrong_address_do_not_match(tmp_path):
    cell = registry.build("latch_array", {"rows": 2, "cols": 1})
    assert "Xword0 a0b wl0" in cell.spice()
    wrong = cell.spice().replace("Xword0 a0b wl0", "Xword0 a0 wl0")
    assert not run_lvs(twin(cell, lambda *_: None), wrong, cell.name, tmp_path).clean


def test_two_bits_that_meet_on_their_way_out_are_found(tmp_path):
    cell = registry.build("latch_array", {"rows": 2, "cols": 2, "drivers": False})
    one, other = (next(pin.box for pin in cell.pins if pin.name == name) for name in ("q0_0", "q1_0"))
    bridge = kdb.Box(min(one.left, other.left), one.bottom, max(one.right, other.right), one.top)
    broken = twin(cell, with_box(Layer.MET3, bridge))
    assert not run_lvs(broken, cell.spice(), cell.name, tmp_path).clean
    shifted = twin(cell, with_box(Layer.MET3, one.moved(100 if one.left < other.left else -100, 0)))
    assert not run_drc(shifted, ("fast",), tmp_path).clean


@pytest.mark.slow
def test_the_largest_is_clean(tmp_path):
    cell = registry.build("latch_array", {"rows": 8, "cols": 64})
    drc_cell(cell, tmp_path).require_clean()
    lvs_cell(cell, tmp_path).require_clean()
