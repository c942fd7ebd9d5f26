"""The LEF of a layout: what the cell writes agrees, each twin with one thing changed does not."""

from __future__ import annotations

import re
from dataclasses import replace
from pathlib import Path

import pytest
from to_sign import NAME, subject, unlabelled

from analoom.cells.model.registry import build
from analoom.flows.export.lef import lef_text
from analoom.flows.signoff import view_checks
from analoom.flows.signoff.subject import subject_of_cell


def test_the_lef_of_a_cell_agrees(tmp_path: Path) -> None:
    outcome = view_checks.lef(subject(tmp_path))
    assert outcome.state == "passed"
    assert outcome.rules_run == len(build(NAME).circuit.ports)


def swapped(text: str) -> str:
    """Gate and source change names, not places."""
    names = {"g": "s", "s": "g"}
    return re.sub(r"(PIN|END) ([gs])\b", lambda found: f"{found[1]} {names[found[2]]}", text)


def moved(text: str) -> str:
    """The first place of a pin a hundred um aside."""
    first = re.search(r"PORT\n\s+LAYER.*?\n\s+(RECT .*?;)", text)
    assert first is not None
    return text.replace(first[1], "RECT 100.000 100.000 101.000 101.000 ;", 1)


@pytest.mark.parametrize(
    ("change", "said"),
    [
        (lambda text: re.sub(r"SIZE \S+", "SIZE 77.000", text), "the LEF is"),
        (lambda text: text.replace(f"MACRO {NAME}", "MACRO another").replace(f"END {NAME}", "END another"), "no macro"),
        (lambda text: text.replace("PIN g", "PIN gate").replace("END g\n", "END gate\n"), "differ in G, GATE"),
        (swapped, "pin g of the LEF lies on s"),
        (moved, "is not all"),
        (lambda text: re.sub(r"SIZE \S+", "SIZE abc", text), "cannot be read"),
    ],
)
def test_a_lef_that_differs_is_told(change, said, tmp_path) -> None:  # type: ignore[no-untyped-def]
    text = lef_text(build(NAME))
    assert change(text) != text
    outcome = view_checks.lef(subject(tmp_path, lef=change(text)))
    assert outcome.state == "failed"
    assert said in outcome.detail


def test_a_label_that_is_gone_is_told(tmp_path: Path) -> None:
    outcome = view_checks.lef(subject(tmp_path, unlabelled))
    assert "pin g of the LEF lies on no labelled wire" in outcome.detail


def test_without_a_lef_nothing_is_said(tmp_path: Path) -> None:
    outcome = view_checks.lef(replace(subject(tmp_path), views={}))
    assert outcome.state == "not run" and not outcome.applies


@pytest.mark.parametrize(
    ("suffix", "old", "new"), [("v", "input g", "input gate"), ("cdl", f"{NAME} d g", f"{NAME} d")]
)
def test_views_with_other_ports_are_told(suffix: str, old: str, new: str, tmp_path: Path) -> None:
    made = subject_of_cell(build(NAME), tmp_path, ())
    assert view_checks.views(made).state == "passed"
    path = tmp_path / f"{NAME}.{suffix}"
    path.write_text(path.read_text().replace(old, new, 1))
    outcome = view_checks.views(made)
    assert outcome.state == "failed" and path.name in outcome.detail
