"""A new system, as one folder and as a user's one file, goes through every command without another file changed."""

import json
import os
import subprocess
import sys
from pathlib import Path

import pytest
import thrown_away

from analoom.flows.systems.lookup import add_system
from analoom.flows.systems.record import System
from analoom.pdk.errors import InputError

pytestmark = [pytest.mark.slow, pytest.mark.tools]

ANALOOM = str(Path(sys.executable).parent / "analoom")


WRITERS = (pytest.param(thrown_away.write_room, marks=pytest.mark.full, id="a folder"), thrown_away.write_file)


@pytest.fixture(scope="module", params=WRITERS)
def run(request, tmp_path_factory):
    """Runs a command line in a folder with the system, and returns its JSON."""
    folder = tmp_path_factory.mktemp("thrown")
    cells = request.param(folder)
    env = {**os.environ, "PYTHONPATH": str(folder)}

    def call(*words, expect=0):
        line = [ANALOOM, "--cells", str(cells), *words, "--json"]
        done = subprocess.run(line, cwd=folder, env=env, capture_output=True, text=True, timeout=300)
        assert done.returncode == expect, done.stderr + done.stdout
        return json.loads(done.stdout)

    call.folder = folder
    return call


def test_it_is_listed_with_its_system(run):
    (row,) = [row for row in run("list") if row["name"] == "ground_switch"]
    assert (row["system"], row["kind"]) == ("grounding", "ground_switch")


def test_it_is_built_checked_and_extracted(run):
    assert run("build", "ground_switch")["area_um2"] > 5
    assert run("drc", "ground_switch")["engines"]["fast"]["rules_run"] > 100
    assert run("lvs", "ground_switch")["clean"]
    assert run("pex", "ground_switch")["nets"]["d"]["substrate_f"] > 0


def test_its_bench_measures_both_views(run):
    """Twice the width is half the resistance, wires add some."""
    narrow, wide = (run("sim", "ground_switch", "-p", f"w={w}")["metrics"]["r_on"]["value"] for w in (2, 4))
    assert narrow / wide == pytest.approx(2, rel=0.05)
    assert run("sim", "ground_switch", "--view", "post")["metrics"]["r_on"]["value"] > narrow
    assert "settings.v_on" in run("sim", "ground_switch", "--set", "v_on=5", expect=2)["error"]["message"]


@pytest.mark.full
def test_its_mismatch_has_sigma_yield_and_sections(run):
    """The ratio of sigmas at w = 2 and 8: delvto of the continuous models, K/sqrt(wl)(.245/w+.965)(.056/wl+.999)."""
    found = run("mismatch", "ground_switch", "--set", "limit=0.01")
    assert 1e-4 < found["metrics"]["r_error"]["sigma"] < 0.05
    assert found["yields"]["r_error"]["normal"] and found["overdrive_v"] == 1.2
    twin = run("mismatch", "ground_switch", "-p", "w=8")
    by_hand = 2 * (0.245 / 2 + 0.965) / (0.245 / 8 + 0.965) * (0.056 / 0.3 + 0.999) / (0.056 / 1.2 + 0.999)
    assert found["metrics"]["r_error"]["sigma"] / twin["metrics"]["r_error"]["sigma"] == pytest.approx(
        by_hand, rel=1e-3
    )
    assert "not judged" in run("mismatch", "ground_switch", "--engine", "ngspice", expect=2)["error"]["message"]


@pytest.mark.full
def test_the_flow_and_its_page_show_it(run):
    found = run("flow", "ground_switch", "--engine", "fast")
    assert found["clean"] and found["mismatch"]["budget"]["total"] == found["mismatch"]["budget"]["random"]
    page = (run.folder / found["report"]).read_text()
    assert "sigma of r_error" in page and "r_on, schematic" in page
    assert run("report", str(Path(found["report"]).parent))["report"] == found["report"]


@pytest.mark.full
def test_a_sweep_measures_and_searches_it(run):
    found = run("sweep", "job.yaml", "--workers", "1")
    assert found["failed"] == 0 and found["smallest"][0]["met"]
    assert (run.folder / found["report"]).is_file()


def test_names_that_will_not_do_are_refused():
    with pytest.raises(InputError, match="called by a Python name"):
        add_system(System(name="../x", kind="y"))
    with pytest.raises(InputError, match="analoom has the kind 'pair'"):
        add_system(System(name="transistor", kind="pair"))


def test_a_cell_of_a_system_that_is_not_there_is_told_so(tmp_path):
    """The broken twin: the same cell without its system."""
    (tmp_path / "cells.py").write_text(thrown_away.CELL)
    line = [ANALOOM, "--cells", "cells.py", "sim", "ground_switch", "--json"]
    done = subprocess.run(line, cwd=tmp_path, capture_output=True, text=True, timeout=120)
    assert done.returncode == 2
    assert "no system called 'grounding'" in json.loads(done.stdout)["error"]["message"]
