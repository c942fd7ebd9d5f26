"""Rows of transistors: contacts apart, tracks apart, nets joined over rows; drawn they are the circuit, broken not."""

from dataclasses import replace
from itertools import combinations, pairwise

import pytest

from analoom.cells.backprop.abutting_parts import HiddenParts, OutputParts
from analoom.cells.backprop.backprop_back import backprop_back
from analoom.cells.backprop.backprop_error import backprop_error
from analoom.cells.backprop.backprop_neuron import backprop_neuron
from analoom.cells.backprop.backprop_synapse import backprop_synapse
from analoom.cells.backprop.network_rows import neuron_rows, synapse_rows
from analoom.cells.backprop.network_sizes import (
    BackpropBackSpec,
    BackpropErrorSpec,
    BackpropNeuronSpec,
    BackpropSizes,
    BackpropSynapseSpec,
)
from analoom.cells.rows.chains import Chain, Rows
from analoom.cells.rows.plan import RowsPlan
from analoom.flows.drc.check import drc_cell
from analoom.flows.lvs.check import lvs_cell, run_lvs
from analoom.pdk.layers import Layer
from broken import twin, without

MET1_AND_VIAS_NM, MET2_NM = 400, 140
"""Pads of two vias side by side (2 x 55 nm about 150 nm, and 140 nm between: via.4a, m1.2), and m2.2."""
SIZES = BackpropSizes()
PARTS = {
    "synapse": backprop_synapse(BackpropSynapseSpec()),
    "neuron of 3": backprop_neuron(BackpropNeuronSpec()),
    "neuron of 9": backprop_neuron(BackpropNeuronSpec(inputs=9)),
    "error": backprop_error(BackpropErrorSpec()),
    "back of 1": backprop_back(BackpropBackSpec()),
    "back of 3": backprop_back(BackpropBackSpec(outputs=3)),
}
OUTPUT = OutputParts("test", SIZES, BackpropNeuronSpec(inputs=5), 2)
HIDDEN = HiddenParts("test", SIZES, BackpropNeuronSpec(), 2, OUTPUT.globals_to_right)
SIDE_BY_SIDE = (
    (HIDDEN.synapse, HIDDEN.neuron_cell, HIDDEN.back, HIDDEN.output_synapse),
    (OUTPUT.neuron_cell, OUTPUT.errors["e"], OUTPUT.bias, OUTPUT.errors["g"], OUTPUT.constant),
)


@pytest.mark.parametrize("rows", [synapse_rows(SIZES), neuron_rows(BackpropNeuronSpec(inputs=5))])
def test_columns_that_could_meet_keep_their_distance(rows):
    plan = RowsPlan(rows)
    for k, band in enumerate(plan.bands):
        xs = [terminal.x for terminal in band.terminals]
        through = [x for net, x in plan.links.items() if _spans(plan, net, k)]
        assert all(abs(a - b) >= MET1_AND_VIAS_NM for a, b in combinations([*xs, *through], 2))


def _spans(plan, net, band):
    at = [track.band for track in plan.tracks if track.net == net]
    at += [0] if net == "vss" else [len(plan.bands) - 1] if net == "vdd" else []
    return min(at) <= band <= max(at)


@pytest.mark.parametrize("rows", [synapse_rows(SIZES), neuron_rows(BackpropNeuronSpec(inputs=5))])
def test_wires_on_one_track_keep_their_distance(rows):
    plan = RowsPlan(rows)
    on_one = {}
    for track in plan.tracks:
        on_one.setdefault(track.y, []).append(track)
    for tracks in on_one.values():
        for one, other in pairwise(sorted(tracks, key=lambda track: track.left)):
            assert one.right + 160 + MET2_NM <= other.left - 160


def test_every_net_of_several_rows_has_a_link_and_no_other():
    plan = RowsPlan(synapse_rows(SIZES))
    assert set(plan.links) == {"w", "xp", "xn", "um", "uw"}, "counted by hand in the list of its transistors"


def test_a_supply_goes_straight_to_its_rail_only_past_contacts_that_are_its_own():
    rows = synapse_rows(SIZES)
    assert RowsPlan(rows).is_straight("vss", 1, 265), "above the source of the other tail"
    assert "vss" in RowsPlan(replace(rows, straight=False)).links
    inset = (Chain(("d", "vss"), ("bias",), 1000, 2000), *rows.n[0][1:])
    assert "vss" in RowsPlan(replace(rows, n=(inset, rows.n[1]))).links, "above a drain"


def test_a_chain_with_a_region_too_few_is_refused():
    with pytest.raises(ValueError, match="2 gates have 3 regions"):
        Chain(("a", "b"), ("x", "y"), 1000, 500)


def test_a_gate_without_a_row_of_p_types_has_no_upper_rail():
    plan = RowsPlan(Rows(n=((Chain(("vss", "d"), ("g",), 1000, 500),),), p=(), ports=("d", "g")))
    assert {track.net for track in plan.tracks} == {"d", "g"}


@pytest.mark.parametrize("name", PARTS)
def test_parts_are_clean_and_their_circuit(tmp_path, name):
    drc_cell(PARTS[name], tmp_path).require_clean()
    lvs_cell(PARTS[name], tmp_path).require_clean()


@pytest.mark.parametrize("cell", [cell for row in SIDE_BY_SIDE for cell in row], ids=lambda cell: cell.name)
def test_parts_that_lie_side_by_side_are_clean_and_their_circuit(tmp_path, cell):
    drc_cell(cell, tmp_path).require_clean()
    lvs_cell(cell, tmp_path).require_clean()


@pytest.mark.parametrize("row", SIDE_BY_SIDE, ids=("hidden", "output"))
def test_what_leaves_parts_side_by_side_lies_on_common_tracks(row):
    pitch, tracks = 430, set()
    for cell in row:
        at_edge = [pin.box for pin in cell.pins if pin.layer is Layer.MET2]
        tracks |= {box.center().y for box in at_edge if box.left == 0 or box.right == cell.fabric.pitch_nm[0]}
    for one, other in pairwise(sorted(tracks)):
        assert other - one >= pitch, "the pitch of tracks of met2 that hold a via2"


@pytest.mark.full
@pytest.mark.tools
def test_sign_off_engines_find_the_parts_clean(tmp_path):
    for cell in (PARTS["synapse"], PARTS["neuron of 3"], PARTS["error"], PARTS["back of 1"]):
        drc_cell(cell, tmp_path, ("klayout", "magic")).require_clean()


@pytest.mark.parametrize("cut", [Layer.VIA, Layer.VIA2, Layer.VIA3])
def test_a_synapse_without_its_vias_is_another_circuit(tmp_path, cut):
    cell = PARTS["synapse"]
    assert not run_lvs(twin(cell, without(cut)), cell.spice(), cell.name, tmp_path).clean
