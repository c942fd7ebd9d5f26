"""The design rule check as a whole: verdicts, states, reports; nothing checked is never clean."""

import re

import klayout.db as kdb
import klayout.rdb as rdb
import pytest
from drc_cases import layout_of

from analoom.cells.model.registry import build
from analoom.flows.drc.check import run_drc
from analoom.flows.drc.fast.rule_table import CHECKS
from analoom.flows.drc.signoff import klayout_deck as drc_klayout
from analoom.flows.drc.signoff import magic as drc_magic
from analoom.flows.drc.signoff.magic_output import parse, rule_statements
from analoom.flows.files.application import ToolRun
from analoom.flows.files.layout_source import of_layout
from analoom.pdk.errors import InputError, NotCleanError, ToolError
from analoom.pdk.install import deck, magic_tech
from analoom.pdk.layers import Layer
from broken import twin, with_box

GOOD = [(Layer.MET1, 0, 0, 500, 1000)]
NARROW = [(Layer.MET1, 0, 0, 135, 1000)]


WHOLE = (
    "MR_nwell.WID.1 MR_poly.WID.2 licon.1 li.1 MR_mcon.SP.1 MR_capm.WID.1 MR_met1.WID.1 via.2 MR_met2.WID.1 via2.2 "
    "MR_met3.WID.1 via3.1 MR_met4.WID.1 via4.1 MR_met5.WID.1"
)
"""Categories the shuttle's deck of 2025-11-17 writes."""


def check(shapes, folder, *engines):
    layout = layout_of(shapes)
    return run_drc(of_layout(layout, layout.top_cell()), engines or ("fast",), folder)


def test_clean_names_tool_deck_and_rules_run(tmp_path):
    report = check(GOOD, tmp_path)
    fast = report.to_json()["engines"]["fast"]
    assert report.clean and report.require_clean() is report
    assert (fast["state"], fast["rules_run"], fast["violations"]) == ("clean", len(CHECKS), {})
    assert fast["version"] == kdb.__version__


def test_violation_is_counted_placed_and_marked(tmp_path):
    report = check(NARROW, tmp_path)
    fast = report.engines["fast"]
    assert (report.clean, fast.state, fast.violations) == (False, "violations", {"m1.1": 1})
    assert fast.locations["m1.1"] == ("(0.000, 0.000)-(0.135, 1.000)",)
    database = rdb.ReportDatabase("")
    database.load(str(fast.report))
    assert [(c.name(), c.num_items()) for c in database.each_category()] == [("m1.1", 1)]
    with pytest.raises(NotCleanError, match=r"m1\.1 x1 at \(0\.000"):
        report.require_clean()


def test_layout_without_mask_shapes_is_not_clean(tmp_path):
    for shapes in ([], [(Layer.PR_BOUNDARY, 0, 0, 100, 100)]):
        report = check(shapes, tmp_path)
        assert (report.clean, report.ran, report.engines["fast"].state) == (False, False, "not run")
        assert "no shape on a mask layer" in report.engines["fast"].reason


def test_layers_without_a_rule_are_said(tmp_path):
    layout = layout_of(GOOD)
    layout.top_cell().shapes(layout.layer(200, 7)).insert(kdb.Box(0, 0, 100, 100))
    report = run_drc(of_layout(layout, layout.top_cell()), ("fast",), tmp_path)
    assert report.engines["fast"].notes == ("layers without a rule here: 200/7",)


def test_unknown_engine_is_refused(tmp_path):
    with pytest.raises(InputError, match="no DRC engine called 'calibre'"):
        check(GOOD, tmp_path, "calibre")


@pytest.mark.parametrize(("engine", "module"), [("klayout", drc_klayout), ("magic", drc_magic)])
def test_missing_tool_is_not_run_and_says_how_to_install(tmp_path, monkeypatch, engine, module):
    def absent(name):
        raise ToolError(f"{name} is not installed", field=name, remedy=f"sudo apt-get install -y {name}")

    monkeypatch.setattr(module, "find_tool", absent)
    report = check(GOOD, tmp_path, engine, "fast")
    assert (report.clean, report.engines["fast"].clean, report.engines[engine].state) == (False, True, "not run")
    assert f"apt-get install -y {engine}" in report.engines[engine].reason


@pytest.mark.parametrize(
    ("code", "output", "written", "reason"),
    [
        (1, "ERROR: In deck.drc: undefined method", "", "klayout ended with 1: ERROR: In deck.drc"),
        (0, "", "", "klayout wrote no report"),
        (0, "", "nwell.1 poly_OFFGRID", "lacks the deck's rule groups poly, licon"),
        (0, "", f"{WHOLE} m5_angle", "lacks the deck's rule groups offgrid"),
        (0, "", f"{WHOLE} m5_OFFGRID".replace("MR_met5.WID.1", ""), "lacks the deck's rule groups met5"),
        (0, "ERROR: cannot read layer", f"{WHOLE} m5_OFFGRID", "klayout says: ERROR: cannot read layer"),
    ],
)
def test_deck_run_that_checked_too_little_is_not_run(tmp_path, monkeypatch, code, output, written, reason):
    def run(argv, cwd, watch, steps):
        database = rdb.ReportDatabase("")
        for name in written.split():
            database.create_category(name)
        if written:
            database.save(str(cwd / "drc_klayout.lyrdb"))
        return ToolRun(code, "", output, 0.1, 1.0)

    monkeypatch.setattr(drc_klayout, "find_tool", lambda name: drc_klayout.FoundTool(name, tmp_path, "0.28.5"))
    monkeypatch.setattr(drc_klayout, "run_tool", run)
    engine = check(GOOD, tmp_path, "klayout").engines["klayout"]
    assert engine.state == "not run" and reason in engine.reason


@pytest.mark.parametrize(
    ("log", "written", "reason"),
    [
        ("", "scale 0.005", "drc(full)"),
        ('DRC style is now "drc(full)"', "scale 0.005\nwhy x (a.1)", "did not finish"),
        ('DRC style is now "drc(full)"\nx.tech: line 5: section drc:\n\tbad', "finished", "tech's drc section: bad"),
    ],
)
def test_magic_run_that_did_not_finish_is_not_run(tmp_path, monkeypatch, log, written, reason):
    def run(argv, cwd, watch, steps):
        (cwd / "drc_magic.txt").write_text(written)
        return ToolRun(0, log, "", 0.1, 1.0)

    monkeypatch.setattr(drc_magic, "find_tool", lambda name: drc_magic.FoundTool(name, tmp_path, "8.3.105"))
    monkeypatch.setattr(drc_magic, "run_tool", run)
    engine = check(GOOD, tmp_path, "magic").engines["magic"]
    assert engine.state == "not run" and reason in engine.reason


def test_magic_with_a_cut_tech_file_is_not_run(tmp_path, monkeypatch):
    """As it is, the stand-in's run is clean; without the rules of one layer, or of all, it is no verdict."""
    text = magic_tech().read_text()
    drc = re.search(r"^drc\s*$.*?^end\s*$", text, re.MULTILINE | re.DOTALL).group(0)
    without_met3 = "\n".join(line for line in drc.splitlines() if "(met3." not in line)

    def run(argv, cwd, watch, steps):
        (cwd / "drc_magic.txt").write_text("scale 0.005\nfinished")
        return ToolRun(0, 'DRC style is now "drc(full)"', "", 0.1, 1.0)

    monkeypatch.setattr(drc_magic, "find_tool", lambda name: drc_magic.FoundTool(name, tmp_path, "8.3.500"))
    monkeypatch.setattr(drc_magic, "run_tool", run)
    tech = tmp_path / "cut.tech"
    monkeypatch.setattr(drc_magic, "magic_tech", lambda: tech)
    reasons = []
    for section in (drc, without_met3, "drc\nend"):
        tech.write_text(text.replace(drc, section))
        engine = check(GOOD, tmp_path, "magic").engines["magic"]
        reasons.append(engine.reason)
        assert (engine.state, engine.rules_run > 0) == (("not run", False) if engine.reason else ("clean", True))
    assert reasons[0] is None and reasons[1].endswith("for met3") and "nwell, diff/tap, poly" in reasons[2]


@pytest.mark.tools
@pytest.mark.full
def test_the_application_with_a_cut_deck_is_not_run(tmp_path, monkeypatch):
    """The shuttle's deck without what it does from met3 up, and one that stops with an error half way."""
    text = deck().read_text()
    at, end = text.index('log("START: 70/20 (m3)")'), text.index("end #BEOL")
    without_met3_up, stops = text[:at] + text[end:], text[:at] + "raise 'half way'\n" + text[at:]
    for content, reason in ((without_met3_up, "rule groups via3, via4, met3, met4, met5"), (stops, "half way")):
        path = tmp_path / "cut.drc"
        path.write_text(content)
        monkeypatch.setattr(drc_klayout, "deck", lambda name="", path=path: path)
        engine = check(GOOD, tmp_path, "klayout").engines["klayout"]
        assert engine.state == "not run" and reason in engine.reason, engine


@pytest.mark.parametrize(("engine", "said"), [("klayout", "KLayout 0.27.1"), ("magic", "8.2.9")])
def test_an_older_application_is_not_run(tmp_path, monkeypatch, engine, said):
    stand_in = tmp_path / engine
    stand_in.write_text(f"#!/bin/sh\necho {said}\n")
    stand_in.chmod(0o755)
    monkeypatch.setenv("PATH", str(tmp_path))
    report = check(GOOD, tmp_path, engine).engines[engine]
    assert report.state == "not run" and "is too old: wanted" in report.reason


def test_clean_stands_beside_tool_version_deck_and_rules(tmp_path):
    said = check(GOOD, tmp_path).engines["fast"].summary()
    assert said == f"fast: clean, {len(CHECKS)} rules of analoom.pdk.rules by klayout (Python module) {kdb.__version__}"


def test_magic_list_is_read_back():
    found = parse("scale 0.005\nwhy Metal1 width < 0.14um (met1.1)\nbox 0 0 27 200\nbox 0 0 27 200\nfinished")
    assert found.counts == {"Metal1 width < 0.14um (met1.1)": 1}
    assert found.places == {"Metal1 width < 0.14um (met1.1)": ("(0.000, 0.000)-(0.135, 1.000)",)}
    assert found.finished


def test_rule_statements_are_those_of_the_full_style():
    statements = rule_statements(magic_tech().read_text())
    assert any("(capm.11)" in s for s in statements) and any("(LU.2)" in s for s in statements)
    assert not any("Distance from precision resistor to unrelated poly" in s and "spacing" in s for s in statements)


@pytest.mark.tools
@pytest.mark.slow
def test_all_engines_on_a_narrow_wire(tmp_path):
    assert check(GOOD, tmp_path, "fast", "magic").clean
    report = check(NARROW, tmp_path, "all")
    states = {name: engine.state for name, engine in report.engines.items()}
    assert states == {
        **dict.fromkeys(("fast", "klayout", "magic"), "violations"),
        **dict.fromkeys(("pins", "zero_area"), "clean"),
        **dict.fromkeys(("density", "antenna"), "not run"),
    }
    assert "MR_met1.WID.1" in report.engines["klayout"].violations
    assert any("(met1.1)" in text for text in report.engines["magic"].violations)


def test_a_mistake_in_a_shared_cell_is_one_finding_with_its_places(tmp_path, rows=64, cols=64):
    """A speck of met5 in the synapse: counted in every place, held by one cell."""

    def speck(layout, top):
        shapes = layout.cell("synapse_2t1c").shapes(layout.layer(*Layer.MET5.value))
        shapes.insert(kdb.Box(1000, 1000, 1500, 1500))

    source = twin(build("crossbar", {"rows": rows, "cols": cols}), speck)
    fast = run_drc(source, ("fast",), tmp_path).engines["fast"]
    assert (fast.violations["m5.4"], fast.cells["m5.4"]) == (rows * cols, {"synapse_2t1c": rows * cols})
    assert f"m5.4 x{rows * cols} in synapse_2t1c, placed {rows * cols} times, at (1.000, 1.000)" in fast.summary()


@pytest.mark.parametrize(("rows", "cols"), [(64, 64), pytest.param(512, 2048, marks=pytest.mark.full)])
def test_a_speck_anywhere_in_an_array_is_named_and_placed(tmp_path, rows, cols):
    cell = build("crossbar", {"rows": rows, "cols": cols})
    middle = cell.layout.bbox().center()
    box = kdb.Box(middle.x, middle.y, middle.x + 500, middle.y + 500)
    fast = run_drc(twin(cell, with_box(Layer.MET5, box)), ("fast",), tmp_path).engines["fast"]
    x, y = middle.x / 1000, middle.y / 1000
    assert fast.violations["m5.4"] == 1
    assert fast.locations["m5.4"] == (f"({x:.3f}, {y:.3f})-({x + 0.5:.3f}, {y + 0.5:.3f})",)
