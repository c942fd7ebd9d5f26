"""Arrays of the other units: clean and wired as said, no bottom net over a top plate, wires hidden, dense, refusals."""

from itertools import pairwise

import klayout.db as kdb
import pytest

from analoom.cells.model import registry
from analoom.flows.drc.check import drc_cell, run_drc
from analoom.flows.lvs.check import lvs_cell, run_lvs
from analoom.pdk.errors import SpecError
from analoom.pdk.layers import CONDUCTORS, CUTS, Layer
from broken import twin, with_box, without
from drawn import assert_on_grid, region

KINDS = {
    "cap_mim_m3_1": {"w": 2.0},
    "cap_mim_m3_2": {"device": "cap_mim_m3_2", "w": 2.5},
    "stacked": {"device": "stacked", "w": 2.5},
    "mom": {"device": "mom", "fingers": {"c": 4.0}},
}
WEIGHTS = (1, 1, 2, 4, 8)
ARRAYS = [
    {"weights": WEIGHTS},
    {"weights": (3, 5, 7), "pattern": "spiral"},
    {"weights": (1,)},
    {"weights": (2, 2, 3), "dummies": False},
]
CASES = [(kind, k) for kind in KINDS for k in range(len(ARRAYS)) if (kind, k) != ("mom", 3)]
each_kind = pytest.mark.parametrize("kind", KINDS)
PLATE_OF = {Layer.VIA3: Layer.CAPM, Layer.VIA4: Layer.CAP2M}


def array(kind, **fields):
    return registry.build("cap_array", {"weights": WEIGHTS, "unit": KINDS[kind], **fields})


def wires_by_net(cell):
    """{net: {layer: region}} of metals and MIM plates, traced flat from the drawing by the pins' labels."""
    metals = [layer for layer in CONDUCTORS if layer not in (Layer.POLY, Layer.LI1)]
    parts = {layer: region(cell, layer) for layer in (*metals, *PLATE_OF.values())}
    net = kdb.LayoutToNetlist(cell.name, 0.001)
    for layer, part in parts.items():
        net.register(part, layer.name)
        net.connect(part)
    for cut in (Layer.VIA, Layer.VIA2, Layer.VIA3, Layer.VIA4):
        plate = parts.get(PLATE_OF.get(cut), kdb.Region())
        for name, low, via in (
            ("wire", CUTS[cut][0], region(cell, cut) - plate),
            ("plate", PLATE_OF.get(cut), region(cell, cut) & plate),
        ):
            net.register(via, f"{cut.name}_{name}")
            net.connect(via)
            if low is not None:
                net.connect(parts[low], via)
                net.connect(via, parts[CUTS[cut][1]])
    net.extract_netlist()
    return {
        pin.name: {
            layer: net.shapes_of_net(net.probe_net(parts[pin.layer], pin.box.center()), part, True)
            for layer, part in parts.items()
        }
        for pin in cell.pins
    }


@pytest.mark.parametrize(("kind", "k"), CASES)
def test_clean_in_fast_drc_and_lvs(tmp_path, kind, k):
    cell = registry.build("cap_array", {"unit": KINDS[kind], **ARRAYS[k]})
    drc_cell(cell, tmp_path).require_clean()
    lvs_cell(cell, tmp_path).require_clean()


@pytest.mark.parametrize(
    "unit",
    [
        {"device": "mom", "fingers": {"count": 9, "length": 8.665}},
        {"device": "stacked", "w": 2.005},
        {"device": "cap_mim_m3_2", "w": 1.705},
    ],
    ids=lambda unit: unit["device"],
)
def test_odd_sizes_stay_on_the_grid(unit):
    """The first was once drawn off it: half of a gap of 305 nm."""
    assert_on_grid(registry.build("cap_array", {"weights": (1, 2), "unit": unit}))


def test_metal_that_hangs_on_a_plate_counts_as_plate(tmp_path):
    """As in the deck, whose MR_cap2m.SP.2 takes the whole met4 polygon: a wire of one plate 0.7 um from the next."""
    cell = array("cap_mim_m3_2", dummies=False)
    first, second = sorted(cell.match_groups[0].members["b4"], key=lambda b: (b.bottom, b.left))[:2]
    assert first.bottom == second.bottom, "neighbours in a row"
    wire = kdb.Box(first.right, first.bottom + 1000, first.right + 640, first.bottom + 1300)
    damaged = twin(cell, with_box(Layer.MET4, wire))
    assert "cap2m.2b" in run_drc(damaged, ("fast",), tmp_path).engines["fast"].violations


@pytest.mark.tools
@each_kind
def test_netgen_agrees(tmp_path, kind):
    lvs_cell(array(kind), tmp_path, ("netgen",)).require_clean()


@each_kind
def test_a_unit_on_another_weight_fails_lvs(tmp_path, kind):
    cell = array(kind)
    lines = cell.spice().splitlines()
    at = next(k for k, line in enumerate(lines) if line.startswith("Xb3_1 "))
    lines[at] = lines[at].replace(" b3 ", " b4 ")
    assert not run_lvs(twin(cell, lambda *_: None), "\n".join(lines), cell.name, tmp_path).clean


@each_kind
def test_without_its_lowest_cut_lvs_fails(tmp_path, kind):
    cell = array(kind)
    for cut in (Layer.VIA, Layer.VIA2):
        assert not run_lvs(twin(cell, without(cut)), cell.spice(), cell.name, tmp_path).clean


@each_kind
def test_dummies_lie_on_vss_alone(kind):
    """As many as the cell says; none on `top` or a weight."""
    cell = array(kind)
    dummies = [i for i in cell.instances if i.name.startswith("dummy")]
    assert len(dummies) == cell.grid.dummies > 0
    assert all(set(i.nets.values()) == {"vss"} for i in dummies)
    assert cell.grid.empty == (0 if kind == "cap_mim_m3_1" else 1)


def above(layer):
    """Metals over `layer`."""
    heights = (*CONDUCTORS[2:5], Layer.CAPM, Layer.MET4, Layer.CAP2M, Layer.MET5)
    return heights[heights.index(layer) + 1 :]


@each_kind
def test_no_wire_of_a_weight_lies_over_a_top_plate(kind):
    """Top plates: capm and cap2m on `top`, and what is met4 of `top` in a stack. Plates of a device are no wires: in a
    stack the upper capacitor's met5 side lies over met4 as the device has it, but nowhere past its own unit."""
    cell = array(kind)
    nets, units = wires_by_net(cell), [i for i in cell.instances if not i.name.startswith("dummy")]
    own = {
        f"b{k}": kdb.Region([i.cell.bbox_nm.moved(i.trans.disp) for i in units if i.nets["bottom"] == f"b{k}"])
        for k in range(len(WEIGHTS))
    }
    for net, outlines in own.items():
        for plate in (Layer.CAPM, Layer.CAP2M, Layer.MET4):
            for metal in above(plate):
                over = nets[net].get(metal, kdb.Region()) & nets["top"][plate]
                assert (over - outlines).is_empty(), (net, plate, metal)
    if kind != "stacked":
        assert all((nets[b][m] & nets["top"][Layer.MET4]).is_empty() for b in own for m in (Layer.MET5,))


def open_to_top(nets, shield):
    """Met1 and met2 of the weights that lies under `top` with nothing of another net, nor their own plate, between.

    `shield`: what counts as between. Ways: met1 up to met3 or higher, met2 up to met4 or higher.
    """
    own = [f"b{k}" for k in range(len(WEIGHTS))]
    tops = sum((nets["top"][layer] for layer in (Layer.MET3, Layer.MET4, Layer.MET5)), kdb.Region())
    return sum(((nets[b][Layer.MET1] & tops) - shield for b in own), kdb.Region())


@each_kind
def test_wires_below_are_hidden_from_the_top_net(kind):
    """Met2 or met3 that is not `top`'s, or a met4 bottom plate, covers the tracks wherever `top` lies over them.

    Fingers have slots of 0.28 um beside the bars, which only the ways out between units cross: less than 3 %.
    """
    cell = array(kind)
    nets = wires_by_net(cell)
    plates = sum((nets[f"b{k}"][Layer.MET4] for k in range(len(WEIGHTS))), nets["vss"][Layer.MET4])
    shield = region(cell, Layer.MET2) + (region(cell, Layer.MET3) - nets["top"][Layer.MET3])
    found = open_to_top(nets, shield + (plates if kind != "mom" else kdb.Region()))
    tracks = sum(nets[f"b{k}"][Layer.MET1].area() for k in range(len(WEIGHTS)))
    assert found.area() <= (0.03 * tracks if kind == "mom" else 0)


@pytest.mark.parametrize("kind", ["cap_mim_m3_2", "mom"])
def test_without_metal_on_vss_tracks_are_seen(kind):
    """The same question of the weights' own metal alone (met3 plates hide all by themselves, under them at least)."""
    cell = array(kind)
    nets = wires_by_net(cell)
    own = sum((nets[f"b{k}"][m] for k in range(len(WEIGHTS)) for m in (Layer.MET2, Layer.MET3)), kdb.Region())
    assert open_to_top(nets, own).area() > 0


@pytest.mark.slow
@each_kind
@pytest.mark.parametrize("size", [0, 1])
def test_the_core_is_as_dense_as_the_named_rule_allows(kind, size):
    """64 units fill their grid: its area is within 5 % of that of 64 bare units at the least pitch."""
    units = {
        "cap_mim_m3_1": ({"w": 1.0}, {"w": 5.0}),
        "cap_mim_m3_2": ({"device": "cap_mim_m3_2", "w": 1.2}, {"device": "cap_mim_m3_2", "w": 5.0}),
        "stacked": ({"device": "stacked", "w": 1.72}, {"device": "stacked", "w": 5.0}),
        "mom": ({"device": "mom", "fingers": {"c": 2.0}}, {"device": "mom", "fingers": {"c": 10.0}}),
    }[kind]
    notes = registry.build("cap_array", {"weights": (1, 1, 2, 4, 8, 16, 32), "unit": units[size]}).notes
    assert 1 <= notes["core_over_rule"] <= 1.05, notes
    assert all(rule for rule in notes["rules"])


@pytest.mark.parametrize(("kind", "cut"), [("cap_mim_m3_2", 1.2), ("stacked", 1.2)])
def test_the_named_rule_binds(tmp_path, kind, cut):
    """Met4 of two neighbouring bottom plates one step closer breaks cap2m.2b or capm.2b."""
    cell = array(kind, dummies=False)
    boxes = sorted(cell.match_groups[0].members["b4"], key=lambda b: (b.bottom, b.left))
    one = next(a for a, b in pairwise(boxes) if a.bottom == b.bottom) if len(boxes) > 1 else boxes[0]
    layer = Layer.MET4 if kind == "cap_mim_m3_2" else Layer.MET3
    wider = with_box(layer, kdb.Box(one.right, one.bottom + 500, one.right + 145, one.bottom + 1500))
    assert not run_drc(twin(cell, wider), ("fast",), tmp_path).clean


@each_kind
def test_figures_of_area_and_wiring(kind):
    """Plates over area, and wire length by layer, from the drawing."""
    cell = array(kind)
    notes, whole = cell.notes, cell.area_um2
    plate = sum(i.cell.notes.get("plate_area_um2", 0) for i in cell.instances if i.name.startswith("b"))
    assert kind == "mom" or notes["area_efficiency"] == pytest.approx(plate / whole, abs=1e-3)
    assert 0 < notes["area_efficiency"] < notes["core_efficiency"] < 2
    assert set(notes["wiring_um_per_unit"]) == {"met1", "met2", "met3", "met4", "met5"}
    tracks = kdb.Region(cell.layout.shapes(cell.layout.layout().layer(*Layer.MET1.value))).merged()
    assert notes["wiring_um2_per_unit"]["met1"] == pytest.approx(tracks.area() / 1e6 / sum(WEIGHTS), abs=2e-3)


@pytest.mark.parametrize(
    ("fields", "field", "said"),
    [
        ({"unit": {"device": "stacked", "w": 1.5}}, "unit.w", r"1\.72 um for stacked"),
        ({"unit": {"device": "mom", "fingers": {"layers": "met1-met4"}}}, "unit.fingers.layers", "below them"),
        ({"unit": {"device": "mom"}, "dummies": False}, "dummies", "true for mom units"),
        ({"unit": {"device": "mom", "fingers": {"c": 0.1}}}, "unit.fingers", "1 to 20 fF"),
        ({"unit": {"device": "cap_mim_m3_2", "w": 1.5}, "stubs": [0.1, 0, 0, 0]}, "stubs.0", "at most 0 um"),
        ({"unit": {"device": "mom"}, "stubs": [0.2, 0, 0, 0]}, "stubs.0", r"at most 0\.12 um"),
        ({"unit": {"device": "stacked", "w": 3.0}, "stubs": [0.1]}, "stubs", "one per weight"),
    ],
)
def test_refusals(fields, field, said):
    with pytest.raises(SpecError, match=said) as refused:
        registry.build("cap_array", fields)
    assert refused.value.field == field
