"""The page of a compiled network: one HTML file that opens offline, made from the report and its steps."""

from __future__ import annotations

import os
from collections.abc import Mapping
from pathlib import Path
from typing import TYPE_CHECKING, Any
from urllib.parse import quote

from analoom.flows.files.outputs import write_whole
from analoom.flows.files.quantity import quantity
from analoom.flows.report.page import data_uri, svg_uri

from .plots import confusion_plot, dies_plot, losses_plot

if TYPE_CHECKING:
    import jinja2

PAGE = "report.html"
Report = Mapping[str, Any]
SHOWN = "aware"
"""Whose mistakes by class are drawn."""


def write_page(report: Report, dies: Mapping[str, Any], folder: Path, provenance: Report) -> Path:
    """Writes `report.html` into `folder`; `dies` are the accuracies of each die, by family and kind of weights."""
    page = template("compile.html.j2").render(
        report=report,
        dims=" - ".join(map(str, report["network"]["dims"])),
        cards=cards(report),
        families=[_family(report, name, dies[name]) for name in report["accuracy"]],
        pictures=_pictures(report),
        links=_links(report, folder),
        provenance=provenance,
    )
    return write_whole(folder / PAGE, page)


def template(name: str) -> jinja2.Template:
    """A template of this room."""
    import jinja2

    environment = jinja2.Environment(
        loader=jinja2.PackageLoader("analoom.flows.compile.page", "."),
        autoescape=True,
        trim_blocks=True,
        lstrip_blocks=True,
    )
    environment.filters["quantity"] = quantity
    return environment.get_template(name)


def cards(report: Report) -> list[dict[str, str]]:
    """The first things to know: verdicts, accuracy, area, what an inference takes."""
    made = [_verdict(name, states, report["signed_off"][name]) for name, states in report["verdicts"].items()]
    for family, kinds in report["accuracy"].items():
        mean, p5 = (100 * kinds["aware"][k] for k in ("mean", "p5"))
        said = f"{family} mismatch, trained for each die; 5 % of {kinds['aware']['dies']} dies are below {p5:.1f} %"
        made.append(_card(f"Accuracy, {family}", "info", f"{mean:.1f} %", said))
    if report["area_um2"] is not None:
        of = f"{report['mapping']['tiles']} arrays{'' if report['layout'] == 'drawn' else ', by their floorplan'}"
        made.append(_card("Area", "info", f"{report['area_um2']:,.0f} µm²", of))
    if report["energy_per_inference_j"] is not None:
        taken = quantity(report["energy_per_inference_j"], "J"), quantity(report["time_per_inference_s"], "s")
        made.append(_card("An inference", "info", " in ".join(taken), report["inference"]))
    elif report["time_per_inference_s"] is not None:
        long = quantity(report["time_per_inference_s"], "s")
        made.append(_card("An inference", "info", f"{long}, energy not known", report["inference"]))
    elif report["inference"] is not None:
        made.append(_card("An inference", "none", "not known", report["inference"]))
    return made


def _verdict(name: str, states: Mapping[str, str], good: bool) -> dict[str, str]:
    detail = ", ".join(f"{engine}: {state}" for engine, state in states.items())
    return _card(name.upper(), "good" if good else "bad", "clean" if good else "not clean", detail)


def _card(title: str, state: str, headline: str, detail: str) -> dict[str, str]:
    return {"title": title, "state": state, "headline": headline, "detail": detail}


def _family(report: Report, name: str, accuracies: Mapping[str, list[float]]) -> dict[str, Any]:
    """The figures of one family of mismatch models, and its plots as data."""
    software = report["mapping"]["software_accuracy"]
    return {
        "name": name,
        "kinds": report["accuracy"][name],
        "losses": report["budgets"][name],
        "dies_plot": svg_uri(dies_plot(accuracies, software)),
        "losses_plot": svg_uri(losses_plot(report["budgets"][name])),
        "confusion_plot": svg_uri(confusion_plot(report["confusion"][name][SHOWN])),
    }


def _pictures(report: Report) -> list[str]:
    shown = [name for name in report["files"] if name.rpartition(".")[2] in ("png", "detail")]
    paths = [Path(report["files"][name]) for name in shown]
    return [data_uri(path) for path in paths if path.is_file()]


def _links(report: Report, folder: Path) -> list[tuple[str, str]]:
    """Every file: what it is, and its address seen from the page."""
    paths = {name: Path(path) for name, path in report["files"].items() if path}
    return [(name, quote(os.path.relpath(path.resolve(), folder.resolve()))) for name, path in paths.items()]
