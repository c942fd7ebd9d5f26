"""The charge-domain multiplier: wiring against a plain loop, the chain, sizes, areas, refusals, broken twins."""

from collections import Counter

import klayout.db as kdb
import pytest

from analoom.cells.model import registry
from analoom.flows.drc.check import drc_cell, run_drc
from analoom.flows.files.layout_source import of_cell
from analoom.flows.lvs.check import lvs_cell, run_lvs
from analoom.flows.pex.extract import extract
from analoom.generators.array.block_tree import units_below
from analoom.generators.charge_mac.charge_mac import shift_order, weight_nodes
from analoom.pdk.errors import SpecError
from analoom.pdk.layers import Layer
from broken import twin, without

SPECS = [
    {"inputs": 1, "bits": 2},
    {"inputs": 2, "bits": 6, "outputs": 2, "unit": {"w": 1.0}},
    {"inputs": 3, "bits": 3, "outputs": 3, "w_switch": 10.0},
    {"inputs": 2, "bits": 5, "outputs": 2, "w_select": 2.0, "l": 0.5, "unit": {"w": 5.0}},
    {"inputs": 1, "bits": 4, "variant": "naive", "dummies": False, "w_switch": 0.84, "w_sample": 4.0},
]
each_spec = pytest.mark.parametrize("fields", SPECS)


def leaves(cell):
    """(path, leaf, nets of its ports) of every cell without instances."""
    return list(units_below(cell, {port: port for port in cell.circuit.ports}))


@pytest.mark.slow
@each_spec
def test_clean_in_fast_drc_and_lvs(tmp_path, fields):
    cell = registry.build("charge_mac", fields)
    drc_cell(cell, tmp_path).require_clean()
    lvs_cell(cell, tmp_path).require_clean()


@pytest.mark.full
@pytest.mark.tools
@pytest.mark.parametrize("fields", SPECS[:3:2])
def test_clean_in_the_sign_off_engines(tmp_path, fields):
    cell = registry.build("charge_mac", fields)
    drc_cell(cell, tmp_path, ("klayout", "magic")).require_clean()
    lvs_cell(cell, tmp_path, ("netgen",)).require_clean()


@pytest.mark.slow
def test_the_largest_is_clean(tmp_path):
    cell = registry.build("charge_mac", {"inputs": 64, "bits": 6, "outputs": 8})
    drc_cell(cell, tmp_path).require_clean()
    lvs_cell(cell, tmp_path).require_clean()


@each_spec
def test_every_bit_switches_the_units_of_its_weight(fields):
    """By a loop over outputs, inputs and bits; the tree says nothing about which tile is which."""
    cell = registry.build("charge_mac", fields)
    spec = cell.spec
    nets = {(j, i, k): found for j, i, k, _, found in weight_nodes(cell)}
    units = Counter((n["top"], n["bottom"]) for path, leaf, n in leaves(cell) if ".caps." in path)
    for j in range(spec.outputs):
        for i in range(spec.inputs):
            sign = nets[j, i, spec.bits - 1]
            assert (sign["a"], sign["c"]) == (f"xb{i}", f"x{i}")
            for k in range(spec.bits - 1):
                bit = nets[j, i, k]
                assert bit["a"] == sign["y"]
                assert bit.get("c") == ("vcm" if spec.variant == "complementary" else None)
                assert units[f"row{j}.top", bit["y"]] == 2**k
    assert len(nets) == spec.outputs * spec.inputs * spec.bits


@each_spec
def test_the_chain_visits_every_bit_in_the_order_told(fields):
    cell = registry.build("charge_mac", fields)
    by_d = {nets["d"]: ((j, i, k), nets["q"]) for j, i, k, _, nets in weight_nodes(cell)}
    at, visited = "din", []
    while at != "dout":
        bit, at = by_d[at]
        visited.append(bit)
    assert visited == shift_order(cell)
    assert len(set(visited)) == len(visited) == len(by_d)


@each_spec
def test_inputs_run_from_left_to_right_and_outputs_upward(fields):
    cell = registry.build("charge_mac", fields)
    at = {pin.name: pin.box.center() for pin in cell.pins}
    xs = [at[f"{net}{i}"].x for i in range(cell.spec.inputs) for net in ("x", "xb")]
    ys = [at[f"out{j}"].y for j in range(cell.spec.outputs)]
    assert xs == sorted(xs) and ys == sorted(ys)
    assert len(set(xs)) == len(xs) and len(set(ys)) == len(ys)


@each_spec
def test_areas_add_up_to_the_whole(fields):
    cell = registry.build("charge_mac", fields)
    areas = cell.areas_um2
    assert sum(areas.values()) == pytest.approx(cell.area_um2, abs=0.01)
    assert all(area > 0 for area in areas.values())
    largest = cell.spec.outputs * cell.spec.inputs * (2 ** (cell.spec.bits - 1) - 1) * cell.spec.unit.w**2
    assert areas["units"] > largest, "units at their pitch take more than their plates"


def test_reset_and_sampling_switch_have_sizes_of_their_own():
    cell = registry.build("charge_mac", {"inputs": 1, "bits": 2, "w_switch": 4.0, "w_sample": 0.84})
    found = {path: leaf.spec.w for path, leaf, _ in leaves(cell) if path.endswith((".reset", ".sample"))}
    assert found == {"row0.reset": 4.0, "row0.sample": 0.84}


@pytest.mark.slow
def test_wires_that_swing_opposite_ways_couple_alike(tmp_path):
    """What a clock and its complement, or x and xb, put on the common plate and on the output nearly cancels."""
    nets = extract(of_cell(registry.build("charge_mac", {"inputs": 2, "bits": 2})), workdir=tmp_path).nets
    top, out = nets["row0.top"].coupling_f, nets["out0"].coupling_f
    assert out["smp"] == pytest.approx(out["smpb"], rel=0.05, abs=0)
    assert top["rst"] == pytest.approx(top["rstb"], rel=0.10, abs=0)
    assert top["x1"] == pytest.approx(top["xb1"], rel=0.05, abs=0)


def test_a_tile_does_not_depend_on_how_many_there_are():
    few, many = (registry.build("charge_mac", {"inputs": n, "outputs": m}) for n, m in ((1, 1), (5, 2)))
    assert few.notes["tile_um"] == many.notes["tile_um"]


@pytest.mark.parametrize(
    ("fields", "field"),
    [
        ({"inputs": 0}, "inputs"),
        ({"inputs": 65}, "inputs"),
        ({"bits": 1}, "bits"),
        ({"bits": 7}, "bits"),
        ({"outputs": 9}, "outputs"),
        ({"variant": "clever"}, "variant"),
        ({"w_switch": 1.005}, "w_switch"),
        ({"w_sample": 0.8}, "w_sample"),
        ({"w_select": 0.4}, "w_select"),
        ({"l": 0.1}, "l"),
        ({"unit": {"w": 0.5}}, "unit.w"),
        ({"unit": {"device": "stacked", "w": 3.0}}, "unit.device"),
        ({"weights": [1, 2]}, "weights"),
    ],
)
def test_what_cannot_be_drawn_is_refused(fields, field):
    with pytest.raises(SpecError) as refused:
        registry.build("charge_mac", fields)
    assert refused.value.field == field


def moved_lines(layer, name, by_nm):
    """Damage: every shape of `layer` in cells of that name moved to the right."""

    def damage(copy, _):
        for cell in copy.each_cell():
            if name in cell.name:
                cell.shapes(copy.layer(*layer.value)).transform(kdb.Trans(by_nm, 0))

    return damage


@pytest.mark.slow
@pytest.mark.parametrize("layer", [Layer.VIA2, Layer.VIA3, Layer.VIA, Layer.MET4])
def test_without_a_layer_lvs_fails(tmp_path, layer):
    cell = registry.build("charge_mac", {"inputs": 1, "bits": 2})
    assert not run_lvs(twin(cell, without(layer)), cell.spice(), cell.name, tmp_path).clean


@pytest.mark.slow
def test_moved_lines_are_found(tmp_path):
    cell = registry.build("charge_mac", {"inputs": 2, "bits": 3})
    broken = twin(cell, moved_lines(Layer.MET3, "_tile_", 640))
    assert not run_lvs(broken, cell.spice(), cell.name, tmp_path).clean
    assert not run_drc(twin(cell, moved_lines(Layer.MET3, "_tile_", 200)), ("fast",), tmp_path).clean


@pytest.mark.parametrize("swap", [(" xs vcm b0 ", " xs vcm b1 "), (" xb x xs ", " x xb xs ")])
def test_bits_wired_otherwise_do_not_match(tmp_path, swap):
    """Units of bit 0 under bit 1, and a sign that takes x for xb."""
    cell = registry.build("charge_mac", {"inputs": 2, "bits": 3})
    text = cell.spice()
    assert all(word in text for word in swap[:1])
    first, second = swap
    other = text.replace(first, " * ").replace(second, first).replace(" * ", second)
    assert not run_lvs(twin(cell, lambda *_: None), other, cell.name, tmp_path).clean


def bridged(copy, top):
    """Damage: met3 from the rows' switches to the lines of their clocks, where jumpers lead over."""
    met3 = copy.layer(*Layer.MET3.value)
    for cell in copy.each_cell():
        jumpers = kdb.Region(cell.shapes(copy.layer(*Layer.VIA3.value))) if "_row_" in cell.name else kdb.Region()
        ends = [box for box in (via.bbox() for via in jumpers.each()) if box.left > top.bbox().right - 6000]
        for y in {box.bottom for box in ends}:
            xs = sorted(box.left for box in ends if box.bottom == y)
            cell.shapes(met3).insert(kdb.Box(xs[0], y, xs[-1] + 200, y + 200))


@pytest.mark.slow
def test_no_clock_of_the_switches_gathers_too_much_for_its_gates(tmp_path):
    """A row of 45 um on gates of 0.126 um2: met3 from the gates to the line would have more than 400 times that."""
    cell = registry.build(
        "charge_mac",
        {"inputs": 1, "bits": 2, "unit": {"w": 25.0}, "w_switch": 0.84, "w_sample": 0.84, "dummies": False},
    )
    drc_cell(cell, tmp_path, ("antenna",)).require_clean()
    report = run_drc(twin(cell, bridged), ("antenna",), tmp_path)
    assert set(report.engines["antenna"].violations) == {"antenna.met3"}
