"""The report of a cell: one HTML page that opens offline, made from the JSON files of its folder.

Verdicts come first, then pictures, tables, plots and provenance. A step whose file is absent is said to be absent.
"""

from __future__ import annotations

import base64
import json
import os
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any
from urllib.parse import quote

from analoom.flows.export.looks import LAYER_PROPERTIES, LOOKS
from analoom.flows.export.picture import layers_of_file, write_picture
from analoom.flows.files.outputs import whole_file, write_whole
from analoom.flows.files.quantity import quantity
from analoom.flows.pex.couplings import largest_couplings
from analoom.flows.viewer import scripts
from analoom.flows.viewer.view import embedded_json, view_of_file
from analoom.pdk.errors import InputError

from .beside import beside
from .corner_plots import METRICS, corner_plots
from .corner_words import failures, rows_of, verdict
from .folded_rows import folded
from .gds_download import gds_download
from .metric_rows import metric_rows, net_rows
from .mismatch_plots import mismatch_plots
from .other_runs import corner_tables, other_runs
from .plots import COLOURS, bar_plot, curve_plots, map_plots, sim_pictures
from .summary import couplings, drc_text, extracted_f, first_sigma, headline, largest_change, lvs_text, shown_first

STEPS = ("build", "drc", "lvs", "pex", "sim", "mismatch", "provenance")
PAGE = "report.html"
FILE = "file.json"
"""What is kept of a layout file that was checked: where it lies, its top cell."""
MOST_ON_CARD = 120
"""Characters of a reason that stand on a card."""
CONDITIONS = ("corner", "temp_degc", "settings")
"""What two simulations must share for their difference to be that of the views."""


def write_report(folder: Path) -> Path:
    """Writes `report.html` into a folder of results, of a cell or of a file. Raises InputError when it holds none."""
    steps = read_steps(folder)
    return write_whole(folder / PAGE, page_of([steps], steps["build"]["cell"], folder))


def write_joint_report(flows: Sequence[Mapping[str, Any]], path: Path, title: str, summary: Mapping[str, Any]) -> Path:
    """Writes one page of several flows' JSON; `summary` holds the `heads` and `rows` of the table it opens with."""
    return write_whole(path, page_of([_with_provenance(flow) for flow in flows], title, path.parent, summary))


def _with_provenance(flow: Mapping[str, Any]) -> dict[str, Any]:
    kept = Path(flow["report"]).with_name("provenance.json")
    return {**flow, "provenance": _read(kept)}


def read_steps(folder: Path) -> dict[str, Any]:
    """The JSON of every step kept in `folder`; views simulated one by one stand in for a whole `sim`.

    Raises InputError when there is no built cell.
    """
    steps = {name: _read(folder / f"{name}.json") for name in STEPS if (folder / f"{name}.json").is_file()}
    if "build" not in steps and (folder / FILE).is_file():
        about = _read(folder / FILE)
        steps = {name: step for name, step in steps.items() if _is_of(about, step, folder / f"{name}.json")}
        steps["build"] = _of_file(about, folder)
    if "build" not in steps:
        raise InputError(f"{folder} holds no results (no build.json)", field="DIR", remedy="analoom flow NAME")
    single = {view: folder / f"sim_{view}.json" for view in ("schematic", "post")}
    if "sim" not in steps and any(path.is_file() for path in single.values()):
        steps["sim"] = _compared({view: _read(path) for view, path in single.items() if path.is_file()})
    if over := corner_tables(folder):
        steps["corners"] = {view: _read(path) for view, path in over.items()}
    if others := other_runs(folder):
        steps["others"] = others
    return steps


def _is_of(about: Mapping[str, Any], step: Mapping[str, Any], kept: Path) -> bool:
    """Whether a step was of the file as it is now and of the top cell that was checked last."""
    layout = Path(about["file"])
    changed = layout.is_file() and layout.stat().st_mtime_ns > kept.stat().st_mtime_ns
    return step.get("cell") == about["cell"] and not changed


def _of_file(kept: Mapping[str, Any], folder: Path) -> dict[str, Any]:
    """What stands for a built cell: the file, its top cell's size and, while the file is there, a picture of it.

    Raises InputError where the file is no longer a layout that can be read.
    """
    from analoom.flows.files.layout_source import of_file

    path, files = Path(kept["file"]), {}
    if path.is_file():
        source, drawn = of_file(path, kept["cell"]), folder / "top.gds"
        with whole_file(drawn) as draft:
            source.write(draft)
        files = {"gds": str(drawn), "png": str(write_picture(drawn, folder / "top.png"))}
        files["lyp"] = str(folder / LAYER_PROPERTIES)
    return {**kept, "generator": str(path), "kind": "layout file", "pins": (), "spec": {}, "notes": {}, "files": files}


def _compared(sim: dict[str, Any]) -> dict[str, Any]:
    """With `difference` where both views were simulated one by one, under the same conditions."""
    before, after = sim.get("schematic"), sim.get("post")
    if before is None or after is None or any(before.get(word) != after.get(word) for word in CONDITIONS):
        return sim
    pairs = {
        n: (m["value"], after["metrics"][n]["value"]) for n, m in before["metrics"].items() if n in after["metrics"]
    }
    changes = {
        n: {"value": b - a, "unit": before["metrics"][n]["unit"], "relative": (b - a) / abs(a) if a else None}
        for n, (a, b) in pairs.items()
    }
    return {**sim, "difference": changes}


def page_of(
    cells: Sequence[Mapping[str, Any]], title: str, folder: Path, summary: Mapping[str, Any] | None = None
) -> str:
    """The page as text; `cells` holds the steps of each, `folder` is where the page will lie."""
    import jinja2

    environment = jinja2.Environment(
        loader=jinja2.ChoiceLoader(
            [jinja2.PackageLoader(f"analoom.flows.{room}", ".") for room in ("report", "viewer")]
        ),
        autoescape=True,
        trim_blocks=True,
        lstrip_blocks=True,
    )
    environment.filters |= {"quantity": quantity, "embedded_json": embedded_json}
    pages = [_page(steps, folder) for steps in cells]
    return environment.get_template("report.html.j2").render(pages=pages, title=title, summary=summary, scripts=scripts)


def _page(steps: Mapping[str, Any], folder: Path) -> dict[str, Any]:
    build = steps["build"]
    failed = {name: steps[name]["not_run"] for name in STEPS if _nothing(steps.get(name, {}))}
    fixed = {
        "build": build,
        "cards": cards(steps),
        "headline": headline(steps),
        "links": _links(build, folder),
        "beside": beside(build, folder),
        "failed": failed,
    }
    steps = {name: step for name, step in steps.items() if name not in failed}
    fixed |= {"steps": steps, "rows": metric_rows(steps)}
    tables = {"couplings": _couplings(steps), "symmetric": _symmetric(steps), "heat": _heat(steps)}
    tables |= {"corners": _corners(steps.get("corners", {}))}
    return {**fixed, **_layout(build, folder), **_plots(steps), **tables}


def _nothing(step: Mapping[str, Any]) -> bool:
    """Whether a step says no more than why it was not run."""
    return "not_run" in step and step.keys() <= {"cell", "not_run"}


def _couplings(steps: Mapping[str, Any]) -> list[dict[str, Any]]:
    return largest_couplings(steps["pex"]) if "pex" in steps else []


def _corners(corners: Mapping[str, Any]) -> dict[str, Any]:
    """Rows, failures and plots of the tables over corners, by view."""
    tables = [
        {"view": view, "heads": heads, "rows": folded(rows), "failures": failures(report), "verdict": verdict(report)}
        for view, report in corners.items()
        for heads, rows in [rows_of(report)]
    ]
    plots = {name: svg_uri(svg) for name, svg in corner_plots(corners).items()}
    return {"tables": tables, "overview": plots.pop(METRICS, None), "plots": plots}


def _heat(steps: Mapping[str, Any]) -> dict[str, str]:
    """The layout by resistance and by capacitance, as data."""
    files = {name: Path(path) for name, path in steps.get("pex", {}).get("heat", {}).items()}
    return {name: data_uri(path) for name, path in files.items() if path.is_file()}


def _symmetric(steps: Mapping[str, Any]) -> list[dict[str, Any]]:
    """The groups of nets that should be alike, with the rows of their nets."""
    groups = steps.get("pex", {}).get("symmetry", {}).get("groups", ())
    return [{**group, "rows": net_rows(group)} for group in groups]


def _links(build: Mapping[str, Any], folder: Path) -> list[tuple[str, str, str | None]]:
    """Every file of a cell: format, name, and its address seen from `folder` while it is there."""
    paths = [(name, Path(path)) for name, path in build.get("files", {}).items()]
    return [(name, path.name, _address(path, folder) if path.is_file() else None) for name, path in paths]


def _address(path: Path, folder: Path) -> str:
    return quote(os.path.relpath(path.resolve(), folder.resolve()))


def cards(steps: Mapping[str, Any]) -> list[dict[str, str]]:
    """The verdicts, one a card: title, state (good, bad or none), headline and detail."""
    first = shown_first(steps["build"])
    made = [_drc_card(steps.get("drc")), _lvs_card(steps.get("lvs"))]
    if "not_run" in steps.get("pex", {}):
        made.append(_card("Parasitics", "bad", "not run", steps["pex"]["not_run"]))
    elif "pex" in steps:
        pex = steps["pex"]
        made.append(_card("Parasitics", "info", quantity(extracted_f(pex), "F"), f"{pex['capacitors']} capacitors"))
    if "sim" in steps:
        made.append(_sim_card(steps["sim"], first.change))
    if "not_run" in steps.get("mismatch", {}):
        made.append(_card_not_run("Mismatch", "not known", steps["mismatch"]["not_run"]))
    elif "mismatch" in steps:
        name, value = first_sigma(steps["mismatch"], first.sigma)
        found = steps["mismatch"]
        words = f"sigma of {name}, {found['engine']}" if name in found["metrics"] else name
        made.append(_card("Mismatch", "info", value, f"{words}, {found['model']} models"))
    return made


def _sim_card(sim: Mapping[str, Any], first: Sequence[str]) -> dict[str, str]:
    found = largest_change(sim, first)
    if found is None and "not_run" in sim:
        return _card_not_run("Simulation", "not run", sim["not_run"])
    if found is None:
        return _card("Simulation", "none", "nothing to compare", "")
    name, before, after, unit = found
    headline = f"{quantity(before, unit)} → {quantity(after, unit)}"
    return _card("Simulation", "info", headline, f"{name}, schematic → post-layout")


def _drc_card(drc: Mapping[str, Any] | None) -> dict[str, str]:
    if drc is None:
        return _card("DRC", "none", "not run", "")
    if "not_run" in drc:
        return _card("DRC", "bad", "not run", drc["not_run"])
    state = "good" if drc["clean"] else "bad"
    return _card("DRC", state, "clean" if drc["clean"] else "not clean", drc_text(drc))


def _lvs_card(lvs: Mapping[str, Any] | None) -> dict[str, str]:
    if lvs is None:
        return _card("LVS", "none", "not run", "")
    if "not_run" in lvs:
        return _card("LVS", "bad", "not run", lvs["not_run"])
    detail = f"{lvs_text(lvs)}{_counts(next(iter(lvs['engines'].values())))}"
    return _card("LVS", "good" if lvs["clean"] else "bad", "match" if lvs["clean"] else "no match", detail)


def _counts(run: Mapping[str, Any]) -> str:
    if "devices" not in run or "nets" not in run:
        return ""
    return f"; {run['devices']['layout']} devices, {run['nets']['layout']} nets"


def _card_not_run(title: str, headline: str, reason: str) -> dict[str, str]:
    """A step that was not run; a reason too long for a card stands below the cards alone."""
    return _card(title, "none", headline, reason if len(reason) <= MOST_ON_CARD else "see below")


def _card(title: str, state: str, headline: str, detail: str) -> dict[str, str]:
    return {"title": title, "state": state, "headline": headline, "detail": detail}


def _layout(build: Mapping[str, Any], folder: Path) -> dict[str, Any]:
    """The layout to look at and to take along: pictures as data, the viewers' data, the colours of the layers drawn."""
    files = {name: Path(path) for name, path in build.get("files", {}).items() if Path(path).is_file()}
    pictures = {name: data_uri(files[name]) for name in ("png", "detail", "pattern") if name in files}
    gds = files.get("gds")
    if gds is None:
        return {"pictures": pictures, "legend": (), "view": None, "download": None}
    view = view_of_file(gds, build["cell"])
    if view.shapes.data:
        pictures.pop("detail", None)
    legend = [(layer.name.lower(), f"#{LOOKS[layer].colour:06x}") for layer in layers_of_file(gds)]
    return {"pictures": pictures, "legend": legend, "view": view, "download": gds_download(gds, folder)}


def _plots(steps: Mapping[str, Any]) -> dict[str, Any]:
    curves = {**curve_plots(steps["sim"]), **map_plots(steps["sim"])} if "sim" in steps else {}
    rows = [(name, c_f * 1e15) for name, c_f in couplings(steps["pex"])] if "pex" in steps else []
    bars = bar_plot(rows, "capacitance (fF)") if rows else None
    spreads = mismatch_plots(steps["mismatch"]) if "metrics" in steps.get("mismatch", {}) else {}
    views = {view: steps["sim"][view] for view in COLOURS if view in steps.get("sim", {})}
    return {
        "stories": {f"{n}, {v}": data_uri(png) for v, sim in views.items() for n, png in sim_pictures(sim).items()},
        "curves": {name: svg_uri(svg) for name, svg in curves.items()},
        "bars": svg_uri(bars) if bars else None,
        "spreads": {name: svg_uri(svg) for name, svg in spreads.items()},
    }


def data_uri(png: Path) -> str:
    """A PNG file as a data: address."""
    return "data:image/png;base64," + base64.b64encode(png.read_bytes()).decode()


def svg_uri(svg: str) -> str:
    """SVG text as a data: address."""
    return "data:image/svg+xml;base64," + base64.b64encode(svg.encode()).decode()


def _read(path: Path) -> Any:
    try:
        return json.loads(path.read_text())
    except (OSError, ValueError) as error:
        raise InputError(f"cannot read {path}: {error}", field="DIR", remedy="run the flow again") from None
