"""Parts of 5 V and of 1.8 V in one block: the distances between them keep the rules of hvi and of the n-wells in it."""

from pathlib import Path

import pytest

from analoom import Spec, draw, drc_cell, lvs_cell
from analoom.generators.placing import arrange
from analoom.generators.wiring import Floorplan

N, P = ("nfet_01v8", "nfet_g5v0d10v5"), ("pfet_01v8", "pfet_g5v0d10v5")


def stage(name: str, tail_device: str, pair_device: str, load_device: str):
    """A pair with its tail and its load, stacked."""
    floor = Floorplan(name)
    nets = {"d": "tail", "g": "vb", "s": "vss", "b": "vss"}
    tail = floor.part("tail", draw.mosfet(device=tail_device, w=4, l=1, nf=2), nets)
    inputs = {"g1": "inp", "g2": "inn", "d1": "x", "d2": "out", "s": "tail", "b": "vss"}
    pair = floor.part("pair", draw.matched_pair(device=pair_device, w=4, l=0.5), inputs)
    mirror = draw.current_mirror(device=load_device, w=2, l=1, ratios=(1, 1))
    load = floor.part("load", mirror, {"in": "x", "out1": "out", "s": "vdd", "b": "vdd"})
    floor.pins(left=["vb", "inp"], right=["inn", "out"], bottom=["vss"], top=["vdd"])
    return floor.cell(floor.stack(tail, pair, load), Spec(), "macro")


@pytest.mark.slow
@pytest.mark.parametrize(
    ("name", "devices"),
    [
        ("hv_all", (N[1], N[1], P[1])),
        ("hv_pair", (N[0], N[1], P[0])),
        ("hv_load", (N[0], N[0], P[1])),
        ("hv_tail", (N[1], N[0], P[0])),
    ],
)
def test_a_block_of_both_is_clean(name, devices, tmp_path: Path) -> None:
    cell = stage(name, *devices)
    drc_cell(cell, tmp_path, ("fast",)).require_clean()
    lvs_cell(cell, tmp_path, ("fast",)).require_clean()


def test_without_the_distance_of_oxides_the_block_is_not_clean(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(arrange, "_of_oxide", lambda a, b: 0)
    found = drc_cell(stage("hv_close", N[0], N[1], P[0]), tmp_path, ("fast",)).engines["fast"].violations
    assert {"hvi.5", "hvi.2a", "nwell.8", "difftap.23"} & set(found)


def test_n_wells_of_5_v_keep_off_any_other() -> None:
    """2 um: SkyWater's nwell.8, read by eye; hvi to an n-well 0.7 um: hvi.5."""
    thick, thin = draw.mosfet(device=P[1], l=0.5), draw.mosfet(device=P[0])
    assert arrange.clearance_nm(thick, thin) == arrange.clearance_nm(thin, thick) == 2000
    assert arrange.clearance_nm(draw.mosfet(device=N[1], l=0.5), thin) == 700
