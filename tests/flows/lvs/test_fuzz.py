"""Both readers on damaged text and bytes: a result or a refusal, never a traceback, never a hang."""

import random
import time

import pytest
from hand_drawn import NFET, Hand
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from netlist_dialects import DIALECTS

from analoom.cells.model import registry
from analoom.flows.files import layout_trial
from analoom.flows.files.layout_source import of_file
from analoom.flows.lvs.reference.netlist import read_reference
from analoom.pdk.errors import InputError
from analoom.pdk.install import standard_cells_dir

TEXT = f""".param wide=1
.subckt unit d g s b m=1
Xa d g s b {NFET} w='wide*2' l=0.15 nf=2 m=2 mult=2
R1 d s sky130_fd_pr__res_generic_po w=1 l=2
.ends unit
.subckt top d g
X1 d g g g unit
+ m=2
* a comment
Xc d g sky130_fd_pr__cap_mim_m3_1 w=2 l=2
.ends
"""
TOKENS = (
    *TEXT.split(),
    *(".subckt", ".ends", ".include", ".param", ".global", ".end", "+", "*", "w=", "=", "m=1e9"),
    *("'", "{", "}", "(", ")", "w=2+", "w='(1'", "l={2*}"),
    *('"a b"', "a/b", "$(rm -rf)", "..", "\\", "é", "\x00", "m=-1", "l=1e-400", "w=nan", "1e", "--"),
    *("w='1/0'", "top", "unit"),
)
lines = st.lists(st.lists(st.sampled_from(TOKENS), max_size=8).map(" ".join), max_size=12).map("\n".join)
unlimited = settings(deadline=None, database=None, suppress_health_check=list(HealthCheck))
COUNT, FEWER, NETLISTS, LAYOUTS = 300, 100, 7_000, 10_000
"""Examples every time, and in `make test-full` by strategy: above 20,000 for either reader."""

WRITTEN = 20_000
"""Netlists that were written by someone, then damaged, in `make test-full`."""

LONGEST_S = 5.0
SIGNS = "+*$;.='\"{}()[]<>/\\,:#!0eXRV \t\n\r"


def netlist_is_read_or_refused(folder, text):
    path = folder / "fuzz.spice"
    path.write_bytes(text.encode("utf-8", "surrogatepass"))
    try:
        assert read_reference(path, "top") is not None
    except InputError as refused:
        assert str(path) in refused.message


def damaged_text():
    cut = st.tuples(st.integers(0, len(TEXT)), st.integers(0, 20), st.sampled_from(TOKENS))
    return st.lists(cut, min_size=1, max_size=4).map(_spliced)


def _spliced(cuts):
    text = TEXT
    for at, length, token in cuts:
        text = text[:at] + token + text[at + length :]
    return text


def written_netlists():
    """Of each the files by name: the dialects, and cells of the library as SPICE and CDL."""
    folder = standard_cells_dir("sky130_fd_sc_hd")
    for name in ("inv/sky130_fd_sc_hd__inv_1", "mux4/sky130_fd_sc_hd__mux4_1", "conb/sky130_fd_sc_hd__conb_1"):
        for suffix in ("spice", "cdl"):
            text = (folder / f"{name}.{suffix}").read_text().replace(name.split("/")[1], "top")
            yield {"top.spice": text[text.lower().index(".subckt") :]}
    yield from (dialect.files(broken=False) for dialect in DIALECTS)


def damaged(rng, text):
    """A few changes: lines gone, doubled or moved, characters or words put in, or the end cut off."""
    for _ in range(rng.choice([1, 1, 2, 4])):
        lines, at = text.split("\n"), rng.randrange(len(text) + 1)
        one, other = rng.randrange(len(lines)), rng.randrange(len(lines))
        text = rng.choice(
            [
                "\n".join(lines[:one] + lines[one + 1 :]),
                "\n".join([*lines[:one], lines[other], *lines[one:]]),
                "\n".join([*lines[:one], f"+ {lines[one]}", *lines[one + 1 :]]),
                text[:at] + rng.choice(SIGNS) + text[at + rng.randint(0, 2) :],
                text[:at] + f" {rng.choice(TOKENS)} " + text[at + rng.randint(0, 6) :],
                text[:at] + text[at + rng.randint(1, 9) :],
                text[: max(at, 1)],
            ]
        )
    return text


def layout_is_read_or_refused(folder, name, data):
    path = folder / name
    path.write_bytes(data)
    try:
        source = of_file(path)
    except InputError as refused:
        assert str(path) in refused.message
        return
    assert not source.top.bbox().empty()


def damaged_bytes(original):
    change = st.tuples(st.integers(0, len(original) - 1), st.binary(max_size=6), st.integers(0, 8))
    return st.tuples(st.lists(change, max_size=4), st.integers(0, len(original))).map(
        lambda damage: _patched(original, *damage)
    )


def _patched(data, changes, length):
    for at, new, old in changes:
        data = data[:at] + new + data[at + old :]
    return data[: length or None]


@pytest.fixture(scope="module")
def originals(tmp_path_factory):
    folder = tmp_path_factory.mktemp("fuzz")
    cell = registry.build("mosfet")
    return {suffix: cell.write(folder / f"m.{suffix}").read_bytes() for suffix in ("gds", "oas")}


@pytest.mark.slow
@pytest.mark.parametrize("count", [COUNT, pytest.param(NETLISTS, marks=[pytest.mark.full, pytest.mark.slow])])
@pytest.mark.parametrize("strategy", [lines, damaged_text(), st.text(max_size=80)], ids=["tokens", "splices", "text"])
def test_any_netlist(tmp_path, strategy, count):
    @settings(unlimited, max_examples=count)
    @given(strategy)
    def run(text):
        netlist_is_read_or_refused(tmp_path, text)

    run()


@pytest.mark.parametrize("count", [COUNT, pytest.param(WRITTEN, marks=[pytest.mark.full, pytest.mark.slow])])
def test_any_damaged_netlist(tmp_path, count):
    rng, originals = random.Random(count), list(written_netlists())
    read, names = 0, ("top.spice", "cells.spice")
    for number in range(count):
        files = rng.choice(originals)
        for name, text in files.items():
            (tmp_path / name).write_bytes(damaged(rng, text).encode("utf-8", "surrogatepass"))
        netlists = [tmp_path / name for name in names if name in files]
        begun = time.perf_counter()
        try:
            read += read_reference(netlists, "top") is not None
        except InputError as refused:
            assert str(tmp_path) in refused.message, number
        assert time.perf_counter() - begun < LONGEST_S, number
    assert count / 20 < read < count, "else the damage is too much or too little to tell anything"


@pytest.mark.slow
@pytest.mark.parametrize("count", [FEWER, pytest.param(LAYOUTS, marks=pytest.mark.full)])
@pytest.mark.parametrize("suffix", ["gds", pytest.param("oas", marks=pytest.mark.full)])
def test_any_layout_file(tmp_path, originals, suffix, count, monkeypatch):
    monkeypatch.setattr(layout_trial, "TRIAL_S", 3.0)

    @settings(unlimited, max_examples=count)
    @given(damaged_bytes(originals[suffix]))
    def run(data):
        layout_is_read_or_refused(tmp_path, f"fuzz.{suffix}", data)

    run()


def test_a_cell_that_holds_itself_is_refused(tmp_path):
    """Written by hand, record by record: a GDS cell A with an SREF of A (GDSII Stream Format, Release 6)."""
    path = tmp_path / "loop.gds"
    path.write_bytes(b"".join(_record(kind, data) for kind, data in _loop()))
    with pytest.raises(InputError):
        of_file(path)


def _record(kind, data):
    data += b"\0" * (len(data) % 2)
    return (len(data) + 4).to_bytes(2, "big") + kind.to_bytes(2, "big") + data


def _loop():
    times, unit = bytes(24), bytes.fromhex("3e4189374bc6a7f03944b82fa09b5a54")
    yield from ((0x0002, b"\x02\x58"), (0x0102, times), (0x0206, b"LIB"), (0x0305, unit))
    yield from ((0x0502, times), (0x0606, b"A"), (0x0A00, b""), (0x1206, b"A"), (0x1003, bytes(8)), (0x1100, b""))
    yield from ((0x0700, b""), (0x0400, b""))


@pytest.mark.parametrize("name", ["with blank", "quo'te", 'quo"te', "a/b", "$(touch x)", ".include /etc/passwd", "é"])
def test_odd_cell_names_pass_through_lvs(tmp_path, name):
    from analoom.flows.lvs.check import run_lvs

    hand = Hand(name)
    hand.transistor()
    hand.names()
    hand.tap(1500)
    reference = f".subckt top d g s b\nXm d g s b {NFET} w=1 l=0.15\n.ends\n"
    assert run_lvs(hand.source(), reference, "top", tmp_path).clean
    assert not (tmp_path / "x").exists()
