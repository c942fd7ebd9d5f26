"""Raw files written by ngspice itself, read back; files that are none, or cut short."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest

from analoom.flows.simulator.ngspice import circuit, deck
from analoom.flows.simulator.raw_file import RawFile, read_plots, read_raw
from analoom.pdk.errors import InputError

pytestmark = pytest.mark.tools

ANALYSES = ("tran 10n 3u", "ac dec 5 1k 1meg")


def written(path: Path, analysis: str, form: str = "binary") -> dict[str, np.ndarray]:
    """Writes a raw file of an RC's answer; what the simulator itself returned."""
    with circuit(deck("rc", "v1 a 0 pulse(0 1 0 1n 1n 1 2) ac 1", "r1 a b 1k", "c1 b 0 1n")) as loaded:
        result = loaded.run(analysis)
        loaded.command(f"set filetype={form}")
        loaded.command(f"write {path}")
        loaded.command("set filetype=binary")
    return result


def node(raw: RawFile) -> np.ndarray:
    return raw[next(name for name in raw.names if name in ("b", "v(b)"))]


@pytest.mark.parametrize("analysis", ANALYSES)
def test_vectors_are_the_simulators(tmp_path: Path, analysis: str) -> None:
    result = written(tmp_path / "one.raw", analysis)
    raw = read_raw(tmp_path / "one.raw")
    assert np.array_equal(node(raw), result["b"])
    assert np.iscomplexobj(raw.values) == analysis.startswith("ac")
    assert raw.title == "* rc"


@pytest.mark.parametrize("analysis", ANALYSES)
def test_ascii_files_hold_the_same_to_the_digits_written(tmp_path: Path, analysis: str) -> None:
    result = written(tmp_path / "one.raw", analysis, "ascii")
    raw = read_raw(tmp_path / "one.raw")
    assert b"Values:" in (tmp_path / "one.raw").read_bytes()
    assert node(raw) == pytest.approx(result["b"], rel=1e-11, abs=0)
    assert raw.values.shape[1] == len(result["b"])


@pytest.mark.parametrize("form", ["binary", "ascii"])
def test_several_plots_in_one_file_are_read_in_order(tmp_path: Path, form: str) -> None:
    expected = [written(tmp_path / f"{k}.raw", analysis, form) for k, analysis in enumerate(ANALYSES)]
    both = tmp_path / "both.raw"
    both.write_bytes(b"".join((tmp_path / f"{k}.raw").read_bytes() for k in range(2)))
    plots = read_plots(both)
    assert len(plots) == 2
    for raw, result in zip(plots, expected, strict=True):
        assert node(raw) == pytest.approx(result["b"], rel=1e-11, abs=0)
    assert plots[0].plot != plots[1].plot
    assert np.array_equal(read_raw(both).values, plots[0].values)


@pytest.mark.parametrize("form", ["binary", "ascii"])
def test_a_short_file_is_refused_first_plot_or_last(tmp_path: Path, form: str) -> None:
    path = tmp_path / "one.raw"
    written(path, ANALYSES[0], form)
    whole = path.read_bytes()
    for kept in (whole[:-30], whole + whole[:-30]):
        path.write_bytes(kept)
        with pytest.raises(InputError, match="cut short"):
            read_plots(path)
    if form == "ascii":
        path.write_bytes(whole.replace(b"e+00", b"e+0x", 1))
        with pytest.raises(InputError, match="no number"):
            read_raw(path)
    path.write_bytes(whole + whole[: whole.index(b"Variables:")])
    assert len(read_plots(path, 1)) == 1
    with pytest.raises(InputError, match="no raw file"):
        read_plots(path)


@pytest.mark.parametrize("content", [b"", b"Title: rc\nPlotname: op\n", b"\x00\x01\x02" * 100])
def test_another_format_is_refused(tmp_path: Path, content: bytes) -> None:
    path = tmp_path / "one.raw"
    path.write_bytes(content)
    with pytest.raises(InputError, match="no raw file"):
        read_raw(path)


@pytest.mark.parametrize(
    ("old", "new", "says"),
    [
        (b"No. Points: ", b"No. Points: many ", "states 'many"),
        (b"No. Variables: 4", b"No. Variables: 5", "but states 5"),
        (b"Flags:", b"Floats:", "no 'Flags'"),
    ],
)
def test_a_head_that_does_not_hold_together_is_refused(tmp_path: Path, old: bytes, new: bytes, says: str) -> None:
    path = tmp_path / "one.raw"
    written(path, ANALYSES[0])
    assert old in path.read_bytes()
    path.write_bytes(path.read_bytes().replace(old, new, 1))
    with pytest.raises(InputError, match=says):
        read_raw(path)


def test_an_absent_file_and_an_absent_vector_are_named(tmp_path: Path) -> None:
    with pytest.raises(InputError, match="absent"):
        read_raw(tmp_path / "none.raw")
    written(tmp_path / "one.raw", ANALYSES[0])
    with pytest.raises(InputError, match="no vector 'nosuch'; it has: "):
        read_raw(tmp_path / "one.raw")["nosuch"]
