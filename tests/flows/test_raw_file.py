"""Raw files written by ngspice itself, read back; files that are none, or cut short."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest

from analoom.flows.ngspice import circuit, deck
from analoom.flows.raw_file import read_raw
from analoom.pdk.errors import InputError

pytestmark = pytest.mark.tools


def written(path: Path, analysis: str) -> dict[str, np.ndarray]:
    """Writes a raw file of an RC's answer; what the simulator itself returned."""
    with circuit(deck("rc", "v1 a 0 pulse(0 1 0 1n 1n 1 2) ac 1", "r1 a b 1k", "c1 b 0 1n")) as loaded:
        result = loaded.run(analysis)
        loaded.command("set filetype=binary")
        loaded.command(f"write {path}")
    return result


@pytest.mark.parametrize("analysis", ["tran 10n 3u", "ac dec 5 1k 1meg"])
def test_vectors_are_the_simulators(tmp_path: Path, analysis: str) -> None:
    result = written(tmp_path / "one.raw", analysis)
    raw = read_raw(tmp_path / "one.raw")
    node = next(name for name in raw.names if name in ("b", "v(b)"))
    assert np.array_equal(raw[node], result["b"])
    assert np.iscomplexobj(raw.values) == analysis.startswith("ac")


def test_a_short_file_and_another_format_are_refused(tmp_path: Path) -> None:
    path = tmp_path / "one.raw"
    written(path, "tran 10n 3u")
    whole = path.read_bytes()
    path.write_bytes(whole[:-8])
    with pytest.raises(InputError, match="cut short"):
        read_raw(path)
    path.write_text("Title: rc\nValues:\n")
    with pytest.raises(InputError, match="no binary raw file"):
        read_raw(path)
    path.write_bytes(whole)
    with pytest.raises(InputError, match="no vector"):
        read_raw(path)["nosuch"]
