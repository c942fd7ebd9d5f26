"""What a shuttle asks of a file: a cell drawn here has it all, and each twin with one thing wrong is caught."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import klayout.db as kdb
import pytest
from to_sign import Change, label_layers, subject, unlabelled

from analoom.flows.signoff import layout_checks
from analoom.flows.signoff.outcome import Outcome
from analoom.flows.signoff.subject import Subject, conductors
from analoom.pdk.errors import InputError

MET1, MET1_PIN, MET1_LABEL, LI1_PIN, LI1_LABEL = (68, 20), (68, 16), (68, 5), (67, 16), (67, 5)
BOUNDARY = (235, 4)
Check = Callable[[Subject], Outcome]


def drawn(gds: tuple[int, int], *boxes: tuple[int, int, int, int]) -> Change:
    return lambda layout, top: [top.shapes(layout.layer(*gds)).insert(kdb.Box(*box)) for box in boxes]


def second_top(layout: kdb.Layout, top: kdb.Cell) -> None:
    layout.create_cell("forgotten").shapes(layout.layer(*MET1)).insert(kdb.Box(0, 0, 1000, 1000))


def below(name: str) -> Change:
    def change(layout: kdb.Layout, top: kdb.Cell) -> None:
        cell = layout.create_cell(name)
        cell.shapes(layout.layer(*MET1)).insert(kdb.Box(0, 0, 1000, 1000))
        top.insert(kdb.CellInstArray(cell.cell_index(), kdb.Trans(kdb.Vector(50_000, 0))))

    return change


def two_cases(layout: kdb.Layout, top: kdb.Cell) -> None:
    below("Part")(layout, top)
    below("part")(layout, top)


def relabelled(layout: kdb.Layout, top: kdb.Cell) -> None:
    for index in label_layers(layout):
        for shape in [s for s in top.shapes(index).each() if s.text.string == "g"]:
            shape.text = kdb.Text("gate", shape.text.trans)


def in_a_cell_below(layout: kdb.Layout, top: kdb.Cell) -> None:
    """The shuttle's scripts look for pins in the top cell alone."""
    cell = layout.create_cell("pins")
    for info in [i for i in layout.layer_infos() if i.datatype == 16]:
        index = layout.layer(info)
        cell.shapes(index).insert(top.shapes(index))
        top.shapes(index).clear()
    top.insert(kdb.CellInstArray(cell.cell_index(), kdb.Trans()))


@pytest.mark.parametrize(
    "check", [layout_checks.one_top, layout_checks.cell_names, layout_checks.layers, layout_checks.pin_labels]
)
def test_a_cell_drawn_here_has_what_is_asked(check: Check, tmp_path: Path) -> None:
    outcome = check(subject(tmp_path))
    assert outcome.state == "passed" and outcome.rules_run > 0


@pytest.mark.parametrize(
    ("check", "change", "said"),
    [
        (layout_checks.one_top, second_top, "2 top cells: forgotten, mosfet"),
        (layout_checks.cell_names, below("a#b"), "'a#b' holds '#'"),
        (layout_checks.cell_names, below("a/b"), "'a/b' holds '/'"),
        (layout_checks.cell_names, two_cases, "differ by case alone"),
        (layout_checks.layers, drawn((200, 7), (0, 0, 100, 100)), "200/7 is no layer of the process"),
        (layout_checks.pin_labels, unlabelled, "port g has no labelled pin shape"),
        (layout_checks.pin_labels, relabelled, "gate labels a pin shape and is no port"),
        (layout_checks.pin_labels, in_a_cell_below, "the top cell holds no pin shape"),
        (layout_checks.pin_labels, drawn(MET1_PIN, (90_000, 0, 91_000, 1000)), "is not all wire"),
        (layout_checks.pin_labels, drawn(MET1_PIN, (90_000, 0, 91_000, 1000)), "no label"),
    ],
)
def test_what_is_wrong_is_told(check: Check, change: Change, said: str, tmp_path: Path) -> None:
    outcome = check(subject(tmp_path, change))
    assert outcome.state == "failed"
    assert said in outcome.detail


def test_a_file_of_another_name_is_told(tmp_path: Path) -> None:
    made = subject(tmp_path)
    renamed = made.layout.rename(tmp_path / "other.gds")
    outcome = layout_checks.one_top(Subject(renamed, made.source, made.reference, made.circuit, {}))
    assert outcome.state == "failed" and "other.gds" in outcome.detail


@pytest.mark.parametrize(("gds", "state"), [((72, 20), "failed"), ((72, 16), "failed"), (MET1, "passed")])
def test_a_layer_that_the_shuttle_keeps_is_told(gds: tuple[int, int], state: str, tmp_path: Path) -> None:
    made = subject(tmp_path, drawn(gds, (0, 50_000, 3000, 53_000)), forbid="met5")
    assert layout_checks.layers(made).state == state


def test_only_wiring_layers_can_be_forbidden() -> None:
    with pytest.raises(InputError) as refused:
        conductors(["metal5"])
    assert refused.value.field == "forbid"


def test_without_a_boundary_nothing_is_said_of_it(tmp_path: Path) -> None:
    outcome = layout_checks.boundary(subject(tmp_path))
    assert outcome.state == "not run" and not outcome.applies


WIDE = (-50_000, -50_000, 50_000, 50_000)


@pytest.mark.parametrize(
    ("boxes", "state"),
    [
        ([WIDE], "passed"),
        ([(0, 0, 100, 100)], "failed"),
        ([WIDE, (60_000, 0, 70_000, 10_000)], "failed"),
        ([WIDE, (50_000, 0, 60_000, 10_000)], "failed"),
    ],
)
def test_the_boundary_is_one_box_around_all(boxes: list[tuple[int, int, int, int]], state: str, tmp_path: Path) -> None:
    assert layout_checks.boundary(subject(tmp_path, drawn(BOUNDARY, *boxes))).state == state
