"""The simulator, in process and as an application: right where a formula says so, its complaints as ToolError, nothing
left behind."""

from __future__ import annotations

import os
import resource
import signal
import subprocess
import sys
import tempfile
import threading
from contextlib import nullcontext
from pathlib import Path

import numpy as np
import pytest
from bare_cells import pair

from analoom.flows.simulate import simulate
from analoom.flows.simulator import ngspice
from analoom.flows.simulator.ngspice import BACKEND_VARIABLE, BACKENDS, by_application, circuit, deck
from analoom.pdk.errors import InputError, ToolError

pytestmark = pytest.mark.tools


@pytest.fixture(params=BACKENDS)
def backend(request: pytest.FixtureRequest, monkeypatch: pytest.MonkeyPatch) -> str:
    monkeypatch.setenv(BACKEND_VARIABLE, request.param)
    return str(request.param)


def test_divider(backend: str) -> None:
    check_divider()


def check_divider() -> None:
    with circuit(deck("divider", "v1 a 0 3", "r1 a b 1k", "r2 b 0 2k")) as loaded:
        op = loaded.op()
        assert op["b"] == pytest.approx(2.0)
        assert op["v1#branch"] == pytest.approx(-1e-3)
        loaded.set("v1", 6.0)
        assert loaded.op()["b"] == pytest.approx(4.0)


@pytest.mark.parametrize("value", [np.float64(6.0), np.float32(6.0), np.array(6.0), np.int64(6), 6])
def test_any_kind_of_number_reaches_a_source(value: float, backend: str) -> None:
    """numpy 2 writes `np.float64(6.0)` for its own, which ngspice does not take."""
    with circuit(deck("divider", "v1 a 0 3", "r1 a b 1k", "r2 b 0 2k")) as loaded:
        loaded.set("v1", value)
        assert loaded.op()["b"] == pytest.approx(4.0)


@pytest.mark.parametrize(
    ("device", "parameter", "value", "said"),
    [
        ("nosuch", "dc", 1.0, "no such device or model name nosuch"),
        ("v1", "nosuch", 1.0, "no such parameter nosuch"),
        ("r1", "dc", 1.0, "no such parameter dc"),
        ("v1", "dc", float("nan"), "no such vector nan"),
    ],
)
def test_what_cannot_be_altered_is_an_error(device: str, parameter: str, value: float, said: str, backend: str) -> None:
    with (
        circuit(deck("divider", "v1 a 0 3", "r1 a b 1k", "r2 b 0 2k")) as loaded,
        pytest.raises(ToolError, match=f"refused .*alter {device} {parameter}.*{said}"),
    ):
        loaded.alter(device, parameter, value)
        loaded.op()


def test_rc_step_is_exponential(backend: str) -> None:
    with circuit(deck("rc", "v1 a 0 pulse(0 1 0 1p 1p 1 2)", "r1 a b 1k", "c1 b 0 1n")) as loaded:
        result = loaded.run("tran 10n 3u 0 10n")
    expected = 1 - np.exp(-result["time"] / 1e-6)
    assert np.abs(result["b"] - expected).max() < 2e-3


def test_gmin_is_small(backend: str) -> None:
    """Two capacitors in series leave a node to gmin and nothing: at 1e-12 S the diode would leak 1.8 pA."""
    with circuit(deck("leak", "v1 a 0 1.8", "d1 0 a dm", ".model dm d is=1e-20")) as loaded:
        assert abs(loaded.op()["v1#branch"]) < 1e-14


@pytest.mark.parametrize(
    ("line", "said"), [("x1 a b nosuch", "nosuch"), ("m1 a b 0 0 nomodel", "nomodel"), ("r1 a 0 {missing}", "missing")]
)
def test_a_refused_netlist_says_what_ngspice_said(line: str, said: str, backend: str) -> None:
    refused = pytest.raises(ToolError, match="refused the circuit")
    with refused as caught, circuit(deck("bad", "v1 a 0 1", line)) as loaded:
        loaded.op()
    assert said in caught.value.message


def test_a_title_may_have_any_word(backend: str) -> None:
    with circuit(deck("an error that failed", "v1 a 0 3", "r1 a b 1k", "r2 b 0 2k")) as loaded:
        assert loaded.op()["b"] == pytest.approx(2.0, rel=1e-6)


def test_after_a_refusal_the_next_circuit_works() -> None:
    """An undefined parameter kills the library: it has to be loaded anew."""
    for line in ("x1 a b nosuch", "r1 a 0 {missing}"):
        with pytest.raises(ToolError), circuit(deck("bad", line)):
            pass
        check_divider()


def test_an_unknown_analysis_is_an_error_and_not_an_empty_result(backend: str) -> None:
    with circuit(deck("divider", "v1 a 0 3", "r1 a 0 1k")) as loaded, pytest.raises(ToolError, match="no result"):
        loaded.run("dc nosuch 0 1 0.1")


@pytest.mark.slow
def test_memory_does_not_grow_with_circuits() -> None:
    def run(times: int) -> int:
        for _ in range(times):
            with circuit(deck("divider", "v1 a 0 3", "r1 a b 1k", "r2 b 0 2k")) as loaded:
                loaded.run("dc v1 0 3 0.001")
        return resource.getrusage(resource.RUSAGE_SELF).ru_maxrss

    before = run(20)
    assert run(100) - before < 10_000


def said_without(library: str) -> str:
    """What a process says whose library is at another path."""
    code = (
        "from analoom.flows.simulator.ngspice import circuit, deck\n"
        "from analoom.pdk.errors import InputError, ToolError\n"
        "try:\n"
        "    with circuit(deck('x', 'r1 a 0 1')): pass\n"
        "except ToolError as e:\n"
        "    print(e.message, '|', e.remedy)\n"
    )
    env = {**os.environ, "NGSPICE_LIBRARY_PATH": library}
    command = [sys.executable, "-c", code]
    return subprocess.run(command, capture_output=True, text=True, env=env, timeout=60, check=True).stdout


def test_a_missing_library_is_named_with_the_command_that_installs_it() -> None:
    said = said_without("/nowhere/libngspice.so")
    assert "libngspice is not installed at NGSPICE_LIBRARY_PATH=/nowhere/libngspice.so" in said
    assert "libngspice0" in said or "brew install" in said


def test_a_file_that_is_no_library_is_named(tmp_path: Path) -> None:
    (tmp_path / "libngspice.so.0").write_text("no library")
    said = said_without(str(tmp_path / "libngspice.so.0"))
    assert f"{tmp_path}/libngspice.so.0 cannot be loaded" in said
    assert "NGSPICE_LIBRARY_PATH" in said


def test_a_transient_that_stops_half_way_is_an_error_and_not_a_short_result(backend: str) -> None:
    """A node driven by 1 A into 1 pF meets a current source of exp(100 V) GA at 0.5 V: no step is small enough."""
    lines = "b1 a 0 i = v(a) > 0.5 ? -1e9*exp(100*v(a)) : -1", "c1 a 0 1p"
    with circuit(deck("runaway", *lines)) as loaded, pytest.raises(ToolError, match="did not converge") as caught:
        loaded.run("tran 1n 10n uic")
    for said in ("runaway", "t = 5e-13 s", "at a", "gmin=1e-15"):
        assert said in caught.value.message


def test_an_operating_point_that_is_not_found_says_what_was_tried(backend: str) -> None:
    """v = v^2 + 2 has no real solution."""
    lines = "v1 x 0 1", "b1 a 0 v = v(a)*v(a)+1+v(x)", "r1 a 0 1k"
    with circuit(deck("no solution", *lines)) as loaded, pytest.raises(ToolError) as caught:
        loaded.op()
    for said in ("no solution", "dynamic gmin stepping", "true gmin stepping", "source stepping"):
        assert said in caught.value.message


def test_a_sweep_that_stops_half_way_says_where(backend: str) -> None:
    """v = v^2 + 1 + x has solutions up to x = -0.75, so that the point -0.5 of the sweep is the first without one."""
    lines = "v1 x 0 -3", "b1 a 0 v = v(a)*v(a)+1+v(x)", "r1 a 0 1k"
    with circuit(deck("parabola", *lines)) as loaded, pytest.raises(ToolError) as caught:
        loaded.run("dc v1 -3 1 0.25")
    for said in ("parabola: `dc v1 -3 1 0.25` did not converge", "at v1 = -0.5", "source stepping", "gmin=1e-15"):
        assert said in caught.value.message


def test_two_sources_in_parallel_are_named(backend: str) -> None:
    with circuit(deck("clash", "v1 a 0 1", "v2 a 0 2", "r1 a 0 1k")) as loaded, pytest.raises(ToolError) as caught:
        loaded.op()
    assert "v2#branch" in caught.value.message or "v1#branch" in caught.value.message


def test_a_thousand_runs_do_not_grow() -> None:
    """One process, 1,000 circuits loaded, run and freed: the first 200 fill the pools, then memory stays."""
    text = deck("divider", "v1 a 0 3", "r1 a b 1k", "r2 b 0 2k")

    def peak_kb(runs: int) -> int:
        for _ in range(runs):
            with circuit(text) as loaded:
                loaded.op()
        return resource.getrusage(resource.RUSAGE_SELF).ru_maxrss

    first = peak_kb(200)
    assert peak_kb(800) - first < 2000


def test_both_ways_give_the_same_transistor_currents_and_charges(monkeypatch: pytest.MonkeyPatch) -> None:
    results = []
    for name in BACKENDS:
        monkeypatch.setenv(BACKEND_VARIABLE, name)
        results.append({metric: m.value for metric, m in simulate(pair()).metrics.items()})
    assert results[0] == pytest.approx(results[1], rel=1e-9, abs=0)


def test_an_unknown_way_is_refused(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv(BACKEND_VARIABLE, "xyce")
    with pytest.raises(InputError, match="ANALOOM_NGSPICE = xyce: one of library, application"):
        check_divider()


def test_without_the_library_the_application_is_taken(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.delenv(BACKEND_VARIABLE, raising=False)
    assert not by_application()
    monkeypatch.setattr("analoom.flows.simulator.ngspice.library_found", lambda: False)
    assert by_application()
    check_divider()


def test_no_file_is_left_anywhere(backend: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Neither in the working folder nor in the temporary one, over 30 circuits, one of them refused."""
    places = {name: tmp_path / name for name in ("here", "temporary")}
    for place in places.values():
        place.mkdir()
    monkeypatch.chdir(places["here"])
    monkeypatch.setattr(tempfile, "tempdir", str(places["temporary"]))
    for _ in range(30 if backend == "library" else 5):
        check_divider()
    with pytest.raises(ToolError), circuit(deck("bad", "x1 a b nosuch")) as loaded:
        loaded.op()
    assert [path for place in places.values() for path in place.rglob("*")] == []


@pytest.mark.slow
@pytest.mark.parametrize("held", [True, False])
def test_ctrl_c_in_a_script_comes_at_the_end_of_the_analysis(held: bool, monkeypatch: pytest.MonkeyPatch) -> None:
    """Not held back, it is raised in a callback of ngspice, where it is lost."""
    if not held:
        monkeypatch.setattr(ngspice, "interruptions_held", nullcontext)
        monkeypatch.setattr(sys, "unraisablehook", lambda _: None)
    with circuit(deck("rc", "v1 a 0 sin(0 1 1e6)", "r1 a b 1k", "c1 b 0 1n")) as loaded:
        loaded.run("tran 1n 1u")
        threading.Timer(0.1, signal.raise_signal, (signal.SIGINT,)).start()
        with pytest.raises(KeyboardInterrupt) if held else nullcontext():
            loaded.run("tran 1n 100u")
