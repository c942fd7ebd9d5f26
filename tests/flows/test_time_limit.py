"""The time limit of other applications, from the command line: told, no verdict, nothing half-written."""

import json
import os

import pytest

from analoom.flows.cli import main as cli

PROBES = {"magic": ("--version", "8.3.677"), "netgen-lvs": ("-batch", "Netgen 1.5.200 compiled on Monday")}


@pytest.fixture
def slow_tools(tmp_path, monkeypatch):
    """Stand-ins that say their version, begin a result, and then go on for a minute."""
    for name, (probe, says) in PROBES.items():
        tool = tmp_path / name
        quits = f'case "$1 $2" in "{probe} "|"{probe} quit") echo {says}; exit;; esac'
        tool.write_text(f"#!/bin/sh\n{quits}\necho half > drc_magic.txt; echo half > lvs_netgen.txt\nexec sleep 60\n")
        tool.chmod(0o755)
    monkeypatch.setenv("PATH", f"{tmp_path}:{os.environ['PATH']}")


def analoom(capfd, *words):
    """(exit code, JSON document) of a command."""
    with pytest.raises(SystemExit) as stopped:
        cli.main([*map(str, words), "--json"])
    return stopped.value.code, json.loads(capfd.readouterr().out)


@pytest.mark.parametrize(("command", "engine"), [("drc", "magic"), ("lvs", "netgen")])
def test_an_engine_out_of_time_is_not_run(capfd, tmp_path, slow_tools, command, engine):
    words = (command, "mosfet", "--timeout", "0.5", "--out", tmp_path / "results")
    code, said = analoom(capfd, *words, "--engine", f"fast,{engine}")
    stopped = said["engines"][engine]
    assert (code, said["clean"], stopped["state"]) == (1, False, "not run")
    assert "stopped after 0.5 s; try: allow more time (--timeout 5)" in stopped["reason"]
    assert not [p.name for p in (tmp_path / "results").iterdir() if engine in p.name or p.name.startswith(".")]
    code, said = analoom(capfd, *words, "--engine", engine)
    assert code == 2 and "stopped after 0.5 s" in said["error"]["message"]


@pytest.mark.parametrize("seconds", ["0", "-1", "nan", "inf"])
def test_a_limit_that_is_none_is_refused(capfd, tmp_path, seconds):
    code, said = analoom(capfd, "drc", "mosfet", "--timeout", seconds, "--out", tmp_path)
    assert (code, said["error"]["field"]) == (2, "timeout")


@pytest.mark.tools
def test_with_time_enough_the_engine_gives_its_verdict(capfd, tmp_path):
    code, said = analoom(capfd, "lvs", "mosfet", "--engine", "netgen", "--timeout", "600", "--out", tmp_path)
    assert (code, said["engines"]["netgen"]["state"]) == (0, "match")
