"""The chip of a network by its engines: one that is out of time is "not run" and never clean, and is tried again."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest

from analoom.cells.model.registry import build
from analoom.flows.compile import sign_off as module
from analoom.flows.compile.kept import Kept
from analoom.flows.compile.options import CompileOptions
from analoom.flows.compile.sign_off import is_clean, not_drawn, sign_off, verdicts
from analoom.flows.drc.check import drc_cell
from analoom.flows.files.application import Watch
from analoom.flows.sweep.workers.store import PointStore
from analoom.pdk.errors import InputError

OPTIONS = CompileOptions(drc_engines=("fast", "magic"), lvs_engines=("fast",), extract=False)


def signed(folder: Path, options: CompileOptions = OPTIONS) -> dict[str, dict[str, Any]]:
    return sign_off(build("mosfet"), folder, options, Kept(PointStore(folder / "steps")), lambda step: None)


@pytest.mark.tools
@pytest.mark.slow
def test_magic_out_of_time_is_not_run_never_clean_and_alone_is_run_again(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    asked: list[str] = []

    def judged(cell: Any, folder: Path, engines: tuple[str, ...], watch: Watch) -> Any:
        asked.extend(engines)
        return drc_cell(cell, folder, engines, watch)

    monkeypatch.setattr(module, "drc_cell", judged)
    first = signed(tmp_path, replace(OPTIONS, tools_timeout_s=0.01))
    assert verdicts(first)["drc"] == {"fast": "clean", "magic": "not run"}
    assert not is_clean(first) and not first["drc"]["clean"]
    assert "0.01 s" in first["drc"]["engines"]["magic"]["reason"]
    second = signed(tmp_path)
    assert asked == ["fast", "magic", "magic"], "what was done is kept"
    assert is_clean(second) and verdicts(second)["drc"]["magic"] == "clean"
    assert is_clean(signed(tmp_path)) and len(asked) == 3


def test_an_engine_that_does_not_apply_is_no_fault_of_all_but_one_that_was_asked_for(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(module.drc, "engine_names", lambda engines: ("fast", "density"))
    of = {"fast": {"state": "clean"}, "density": {"state": "not run", "applies": False}}

    class Report:
        def __init__(self, engine: str) -> None:
            self.engine = engine

        def to_json(self) -> dict[str, Any]:
            return {"clean": False, "engines": {self.engine: of[self.engine]}}

    monkeypatch.setattr(module, "drc_cell", lambda cell, folder, engines, watch: Report(*engines))
    for asked, clean in ((("all",), True), (("fast", "density"), False)):
        assert signed(tmp_path, replace(OPTIONS, drc_engines=asked))["drc"]["clean"] is clean
    of["fast"] = {"state": "violations"}
    assert not signed(tmp_path / "other")["drc"]["clean"]


def test_what_was_not_drawn_is_not_run_by_any_engine_and_not_clean() -> None:
    found = not_drawn(replace(OPTIONS, lvs_engines=("all",)), None)
    states = {"drc": dict.fromkeys(("fast", "magic"), "not run"), "lvs": dict.fromkeys(("fast", "netgen"), "not run")}
    assert verdicts(found) == states and not is_clean(found)
    assert found["build"] == {} and not_drawn(OPTIONS, 12.5)["build"] == {"area_um2": 12.5}
    with pytest.raises(InputError, match="fats"):
        not_drawn(replace(OPTIONS, drc_engines=("fats",)), None)
