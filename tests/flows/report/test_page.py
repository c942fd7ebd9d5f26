"""The report page: one file, nothing from outside, verdicts true to the JSON."""

from __future__ import annotations

import base64
import gzip
import json
import re
from html.parser import HTMLParser
from pathlib import Path
from typing import Any

import klayout.db as kdb
import pytest
from plotly.offline import get_plotlyjs

from analoom.cells.model.registry import build
from analoom.flows.export.build import build_files
from analoom.flows.files.outputs import write_json
from analoom.flows.files.quantity import quantity, relative
from analoom.flows.matching import matching_sections
from analoom.flows.mismatch import mismatch
from analoom.flows.report.page import cards, read_steps, write_report
from analoom.flows.report.summary import (
    HEADS,
    couplings,
    extracted_f,
    first_sigma,
    headline,
    largest_change,
    summary_row,
)
from analoom.pdk.errors import InputError

DRC = {
    "cell": "mosfet",
    "clean": True,
    "engines": {
        "fast": {
            "state": "clean",
            "tool": "klayout",
            "version": "1",
            "rules_run": 46,
            "violations": {},
            "seconds": 0.1,
        },
        "magic": {
            "state": "not run",
            "tool": "magic",
            "rules_run": 0,
            "violations": {},
            "reason": "absent",
            "seconds": 0,
        },
    },
}
PEX = {
    "capacitors": 3,
    "resistors": 0,
    "nets": {
        "a": {"substrate_f": 1e-15, "coupling_f": {"b": 2e-15}},
        "b": {"substrate_f": 4e-15, "coupling_f": {"a": 2e-15}},
    },
}


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    write_json(tmp_path / "build.json", build_files(build("mosfet"), tmp_path, seed=3).to_json())
    return tmp_path


class _Elements(HTMLParser):
    """What an address is in, the attributes that run, and the text of the data that a page holds."""

    def __init__(self, page: str) -> None:
        super().__init__()
        self.found: list[str] = []
        self.run: list[str] = []
        self.data: list[str] = []
        self._holds_data = False
        self.feed(page)

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.found += [value or "" for name, value in attrs if name in ("src", "href", "srcset", "action", "data")]
        self.run += [name for name, _ in attrs if name.startswith("on")]
        self._holds_data = ("type", "application/json") in attrs

    def handle_data(self, data: str) -> None:
        if self._holds_data:
            self.data.append(data)

    def handle_endtag(self, tag: str) -> None:
        self._holds_data = False


@pytest.mark.slow
def test_the_page_needs_nothing_from_outside(folder: Path) -> None:
    write_json(folder / "pex.json", PEX)
    page = write_report(folder).read_text()
    links = _Elements(page)
    shown = [link for link in links.found if link.startswith("data:image/")]
    taken = [link for link in links.found if link.startswith("data:application/octet-stream;base64,")]
    beside = [link for link in links.found if not link.startswith("data:")]
    assert len(shown) == 2, "the picture and the bars"
    assert [base64.b64decode(link.split(",")[1]) for link in taken] == [(folder / "mosfet.gds").read_bytes()]
    assert {f"mosfet.{suffix}" for suffix in ("gds", "oas", "spice", "lef", "v", "cdl")} <= set(beside)
    assert all((folder / link).is_file() for link in beside)
    assert not re.search(r"@import|url\(|<script[^>]* src|<link|<iframe|https?://", page)


@pytest.mark.slow
def test_the_view_in_three_dimensions_is_drawn_by_the_plotly_that_is_installed(folder: Path) -> None:
    page = write_report(folder).read_text()
    (packed,) = re.findall(r'<script type="text/plain" id="plotly">([^<]+)</script>', page)
    assert gzip.decompress(base64.b64decode(packed)).decode() == get_plotlyjs()
    (folder / "mosfet.gds").unlink()
    assert 'id="plotly"' not in write_report(folder).read_text(), "and is left out where there is nothing to draw"


def test_names_from_a_layout_stay_text(tmp_path: Path) -> None:
    """Its labels and cells may be called anything; a page that embeds them as they are would run them."""
    evil = "</script><svg/onload=alert(1)>"
    layout = kdb.Layout()
    top = layout.create_cell(evil)
    top.shapes(layout.layer(68, 20)).insert(kdb.Box(0, 0, 2000, 2000))
    top.shapes(layout.layer(68, 5)).insert(kdb.Text(evil, 1000, 1000))
    layout.write(str(tmp_path / "evil.gds"))
    box = {"width_um": 2.0, "height_um": 2.0, "area_um2": 4.0}
    write_json(tmp_path / "file.json", {"cell": evil, "file": str(tmp_path / "evil.gds"), **box})
    page = write_report(tmp_path).read_text()
    elements = _Elements(page)
    assert not elements.run
    shapes = json.loads(elements.data[0])
    assert [text for cell in shapes["cells"] for text, _, _ in cell["texts"]] == [evil]
    unescaped = page.replace(elements.data[0], json.dumps(shapes))
    assert unescaped != page and "onload" in _Elements(unescaped).run


@pytest.mark.slow
def test_a_layout_too_large_for_the_page_is_shown_by_its_picture(folder: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    words = "A picture alone, without zoom: the layout holds more than 10 coordinates of shapes"
    assert words not in write_report(folder).read_text()
    monkeypatch.setattr("analoom.flows.viewer.shapes.MOST_NUMBERS", 10)
    page = write_report(folder).read_text()
    assert words in page and 'class="panel viewer"' not in page and 'alt="layout of mosfet"' in page


@pytest.mark.slow
def test_the_figure_that_a_system_puts_first_stands_first(folder: Path) -> None:
    metrics = {"other": {"sigma": 0.5, "unit": "V"}, "gain_error": {"sigma": 0.0123, "unit": "frac"}}
    write_json(folder / "mismatch.json", {"engine": "closed", "model": "continuous", "metrics": metrics, "seed": None})
    first = {"value": "1.23 %", "metric": "gain_error", "words": "random error of the current, one sigma"}
    assert headline(read_steps(folder)) == first
    assert "<b>1.23 %</b>" in write_report(folder).read_text()
    write_json(
        folder / "mismatch.json",
        {"engine": "closed", "model": "continuous", "metrics": {"other": metrics["other"]}, "seed": None},
    )
    assert headline(read_steps(folder)) is None
    assert 'class="first"' not in write_report(folder).read_text()


@pytest.mark.slow
def test_the_page_says_what_did_not_run(folder: Path) -> None:
    page = write_report(folder).read_text()
    assert page.count("not run") == 2, "DRC and LVS"
    assert '<div class="card good">' not in page


@pytest.mark.slow
def test_verdicts_follow_the_reports(folder: Path) -> None:
    write_json(folder / "drc.json", DRC)
    assert cards(read_steps(folder))[0]["state"] == "good"
    broken: dict[str, Any] = json.loads(json.dumps(DRC))
    broken["clean"] = False
    broken["engines"]["fast"] |= {"state": "violations", "violations": {"m1.2": 3}}
    write_json(folder / "drc.json", broken)
    card = cards(read_steps(folder))[0]
    assert (card["state"], card["headline"]) == ("bad", "not clean")
    assert "3 violations" in card["detail"]
    assert "m1.2" in write_report(folder).read_text()


@pytest.mark.slow
def test_reasons_and_notes_stand_on_the_page(folder: Path) -> None:
    """What a verdict leaves out: layers without a rule, whose extraction netgen compared."""
    plain = write_report(folder).read_text()
    drc: dict[str, Any] = json.loads(json.dumps(DRC))
    drc["engines"]["fast"] |= {"state": "violations", "reason": "rdl 74/20", "notes": ["without a rule: 200/7"]}
    write_json(folder / "drc.json", drc)
    write_json(folder / "lvs.json", {"clean": True, "engines": {"n": {"state": "match", "notes": ["not independent"]}}})
    page = write_report(folder).read_text()
    for words in ("rdl 74/20", "without a rule: 200/7", "not independent"):
        assert words in page and words not in plain


def test_the_row_of_a_cell_says_what_ran_and_what_did_not() -> None:
    """Capacitance: 1 and 4 fF to the substrate and 2 fF between the nets."""
    build_json = {"area_um2": 12.34, "system": "transistor", "kind": "device"}
    skipped = {"not_run": "absent"}
    flow = {
        "cell": "mosfet",
        "build": build_json,
        "drc": DRC,
        "pex": PEX,
        "lvs": skipped,
        "sim": {},
        "mismatch": skipped,
    }
    row = dict(zip(HEADS, summary_row(flow), strict=True))
    assert (row["cell"], row["area µm²"], row["C extracted"]) == ("mosfet", "12.3", "7 fF")
    assert (row["LVS"], row["devices"], row["nets"]) == ("not run", "-", "-")
    assert summary_row({**flow, "pex": skipped})[HEADS.index("C extracted")] == "-"


@pytest.mark.slow
def test_text_from_reports_is_escaped(folder: Path) -> None:
    lvs = {"clean": False, "engines": {"fast": {"state": "mismatch", "tool": "k", "differences": ["<b>net</b>"]}}}
    write_json(folder / "lvs.json", lvs)
    page = write_report(folder).read_text()
    assert "&lt;b&gt;net" in page
    assert "<b>net" not in page


def test_a_folder_without_results_is_refused(tmp_path: Path) -> None:
    with pytest.raises(InputError, match="holds no results"):
        write_report(tmp_path)


def test_a_broken_json_is_refused(folder: Path) -> None:
    (folder / "drc.json").write_text("{")
    with pytest.raises(InputError, match=r"cannot read .*drc\.json"):
        write_report(folder)


@pytest.mark.slow
def test_both_views_are_plotted_in_one_curve(folder: Path) -> None:
    for view in ("schematic", "post"):
        (folder / f"{view}.csv").write_text('"v (V)","i (A)"\n0,0\n1,1e-6\n')
    metrics = {"i": {"value": 1e-6, "unit": "A"}}
    sim = {
        view: {"metrics": metrics, "corner": "tt", "files": {"iv": str(folder / f"{view}.csv")}}
        for view in ("schematic", "post")
    }
    write_json(folder / "sim.json", {**sim, "difference": {"i": {"value": 0.0, "unit": "A", "relative": 0.0}}})
    page = write_report(folder).read_text()
    assert page.count('alt="curve iv"') == 1


@pytest.mark.parametrize(
    ("value", "unit", "text"),
    [
        (0.0123, "V", "12.3 mV"),
        (4e-6, "A", "4 µA"),
        (2.642e-15, "F", "2.642 fF"),
        (475.9e6, "Hz", "475.9 MHz"),
        (-0.041, "frac", "-4.1 %"),
        (0.0, "V", "0 V"),
        (15.77, "1/V", "15.77 1/V"),
        (None, "V", "-"),
        (1e-3, "V", "1 mV"),
    ],
)
def test_quantities(value: float | None, unit: str, text: str) -> None:
    assert quantity(value, unit) == text


@pytest.mark.parametrize(
    ("change", "text"),
    [(0.0312, "+3.12 %"), (-0.5, "-50 %"), (41.0, "x 42"), (2e4, "x 2e+04"), (None, "-"), (-4.1e10, "-")],
)
def test_relative_changes(change: float | None, text: str) -> None:
    """The last is a value that was 0 but for rounding."""
    assert relative(change) == text


def test_each_pair_of_nets_counts_once() -> None:
    assert extracted_f(PEX) == pytest.approx(1e-15 + 4e-15 + 2e-15, rel=1e-6, abs=0)
    assert couplings(PEX) == [("b to substrate", 4e-15), ("a to b", 2e-15), ("a to substrate", 1e-15)]


def test_the_change_shown_is_one_that_changed() -> None:
    metrics = {"gain_error": {"value": 0.0, "unit": "frac"}, "c_g": {"value": 1e-15, "unit": "F"}}
    post = {"gain_error": {"value": 0.0, "unit": "frac"}, "c_g": {"value": 3e-15, "unit": "F"}}
    difference = {"gain_error": {"value": 0.0, "unit": "frac"}, "c_g": {"value": 2e-15, "unit": "F"}}
    sim = {"schematic": {"metrics": metrics}, "post": {"metrics": post}, "difference": difference}
    assert largest_change(sim) == ("c_g", 1e-15, 3e-15, "F")
    assert largest_change({**sim, "difference": {}}) is None


def test_views_simulated_one_by_one_are_compared_under_equal_conditions(folder: Path) -> None:
    def said(value: float, corner: str = "tt") -> dict[str, Any]:
        metrics = {"g": {"value": value, "unit": "S"}, "zero": {"value": 0.0, "unit": "V"}}
        return {"metrics": metrics, "corner": corner, "temp_degc": 27.0, "settings": {}, "files": {}}

    write_json(folder / "sim_schematic.json", said(2e-6))
    write_json(folder / "sim_post.json", said(1e-6))
    change = read_steps(folder)["sim"]["difference"]
    assert change["g"] == {"value": pytest.approx(-1e-6), "unit": "S", "relative": pytest.approx(-0.5)}
    assert change["zero"]["relative"] is None
    write_json(folder / "sim_post.json", said(1e-6, "ss"))
    assert "difference" not in read_steps(folder)["sim"]


@pytest.mark.slow
def test_the_page_shows_how_a_matched_cell_matches(tmp_path: Path, folder: Path) -> None:
    cell = build("cap_array", {"weights": (1, 1, 2)})
    held = tmp_path / "array"
    held.mkdir()
    write_json(held / "build.json", build_files(cell, held).to_json())
    sections = matching_sections(cell, "continuous", {}, None)
    write_json(held / "mismatch.json", {**mismatch(cell).to_json(), **sections})
    page, plain = write_report(held).read_text(), write_report(folder).read_text()
    for words in ("Its units by device", "error of 5 codes", "Not centred: b0 by", "wires over units"):
        assert words in page and words not in plain


@pytest.mark.slow
def test_a_metric_of_the_page_tells_what_it_means_where_there_is_a_glossary(folder: Path) -> None:
    report = mismatch(build("mosfet")).to_json()
    write_json(folder / "mismatch.json", report)
    assert f'<td title="{report["meanings"]["vth"]}">vth</td>' in write_report(folder).read_text()
    write_json(folder / "mismatch.json", {key: value for key, value in report.items() if key != "meanings"})
    assert "<td>vth</td>" in write_report(folder).read_text(), "of a report from before there was one"


@pytest.mark.slow
def test_results_of_other_settings_are_listed_and_linked(folder: Path) -> None:
    assert "Other settings" not in write_report(folder).read_text()
    below = folder / "ss_125degc"
    below.mkdir()
    write_json(below / "sim_post.json", {"metrics": {"g": {"value": 2e-6, "unit": "S"}}})
    (folder / "distributed").mkdir()
    page = write_report(folder).read_text()
    for words in ("Other settings", "<td>ss_125degc</td>", 'href="ss_125degc/sim_post.json"', "g 2 µS"):
        assert words in page
    assert "<td>distributed</td>" not in page


def test_the_first_sigma_is_a_figure_where_there_are_no_sigmas():
    figures = {"yield": {"value": 0.5, "unit": "frac"}}
    assert first_sigma({"metrics": {}, "figures": figures}, ("offset",)) == ("yield", "50 %")
    both = {"metrics": {"knee": {"sigma": 0.003, "unit": "V"}}, "figures": figures}
    assert first_sigma(both, ("offset",)) == ("knee", "3 mV")
