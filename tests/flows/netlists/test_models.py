"""Trimmed libraries: made once, small, refused where no bin holds the size (`test_models_equal.py`: their numbers)."""

from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import pytest

from analoom.flows.netlists.model_variants import Size, with_variants
from analoom.flows.netlists.models import trimmed_library
from analoom.flows.simulator.ngspice import circuit, deck
from analoom.pdk.corners import corner
from analoom.pdk.devices import MIM_M3, MOS
from analoom.pdk.errors import InputError, ToolError

SIZES = [
    ("nfet_01v8", 1.0, 0.15, 1),
    ("nfet_01v8", 4.0, 0.15, 4),
    ("nfet_01v8", 4.0, 1.0, 2),
    ("nfet_01v8", 0.42, 0.5, 1),
    ("nfet_01v8_lvt", 2.0, 0.5, 1),
    ("pfet_01v8", 5.0, 0.35, 2),
    ("pfet_01v8_lvt", 1.0, 0.35, 1),
    ("pfet_01v8_hvt", 4.0, 8.0, 1),
]


@pytest.fixture(autouse=True)
def own_cache(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("XDG_CACHE_HOME", str(tmp_path / "cache"))


def _currents(models: str) -> dict[str, float]:
    """Drain current of every size at |V_gs| = 0.9, |V_ds| = 1.2 V."""
    lines = []
    for k, (name, w, length, nf) in enumerate(SIZES):
        sign = -1 if MOS[name].is_p else 1
        lines += [f"vd{k} d{k} 0 {1.2 * sign}", f"vg{k} g{k} 0 {0.9 * sign}"]
        lines.append(with_variants(f"x{k} d{k} g{k} 0 0 {MOS[name].model} w={w} l={length} nf={nf}"))
    with circuit(deck("models", models, *lines)) as loaded:
        op = loaded.op()
    return {f"{name} {w}/{length}": op[f"vd{k}#branch"] for k, (name, w, length, _) in enumerate(SIZES)}


def _sizes() -> list[Size]:
    return [Size(MOS[name].model, *size) for name, *size in SIZES] + [Size(MIM_M3.model)]


@pytest.mark.tools
def test_a_library_of_other_sizes_is_not_enough() -> None:
    path = trimmed_library([Size(MOS["nfet_01v8"].model, 1.0, 8.0)], corner("tt"))
    with pytest.raises(ToolError, match="refused the circuit"):
        _currents(f'.include "{path}"')


def test_a_size_without_a_bin_is_refused() -> None:
    with pytest.raises(
        InputError, match=r"sky130_fd_pr__nfet_01v8 has no model bin for w = 1 um, l = 0.149 um, nf = 1"
    ):
        trimmed_library([Size(MOS["nfet_01v8"].model, 1.0, 0.149)], corner("tt"))


def test_an_unknown_model_is_refused() -> None:
    with pytest.raises(InputError, match="hold no sky130_fd_pr__nfet_9v"):
        trimmed_library([Size("sky130_fd_pr__nfet_9v", 1.0, 1.0)], corner("tt"))


def test_made_once_and_by_several_at_once(tmp_path: Path) -> None:
    with ThreadPoolExecutor(4) as pool:
        paths = set(pool.map(lambda _: trimmed_library(_sizes(), corner("tt")), range(8)))
    assert len(paths) == 1
    (path,) = paths
    stamp = path.stat().st_mtime_ns
    assert trimmed_library(_sizes(), corner("tt")).stat().st_mtime_ns == stamp
    assert [p.name for p in path.parent.iterdir()] == [path.name]


def test_corner_and_mismatch_have_files_of_their_own() -> None:
    made = {trimmed_library(_sizes(), corner(c), mismatch=m) for c in ("tt", "ss") for m in (False, True)}
    assert len(made) == 4
    assert sum("MC_MM_SWITCH=1" in path.read_text() for path in made) == 2


def test_a_trimmed_library_is_small() -> None:
    """One bin of one transistor: about 21 kB by hand-made trimming, 2 MB for the whole file."""
    path = trimmed_library([Size(MOS["nfet_01v8"].model, 0.7, 0.3)], corner("tt"))
    assert path.stat().st_size < 40_000
