"""Collects what breaks a rule: counts, first places, and the marker database KLayout opens."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from itertools import islice
from pathlib import Path
from typing import Any

import klayout.db as kdb
import klayout.rdb as rdb

from analoom.flows.files.layout_source import LayoutSource
from analoom.flows.files.outputs import whole_file
from analoom.flows.files.placements import placements
from analoom.pdk.rules import Rule

from .markers import Markers

MARKERS_KEPT = 1000
"""Markers of one rule written to the database; counts are of all of them."""
PLACES_KEPT = 10
"""Places of a rule that a report names."""
CELLS_KEPT = 10


class Findings:
    """What was found in one layout. `counts`, `places` (um) and `texts` (what is asked) are keyed by rule id.

    `cells` tells for each rule which cells hold the markers and how often each stands in the layout, where the
    hierarchy was kept: a mistake in a cell that stands a million times is one finding, placed a million times.
    """

    def __init__(self, source: LayoutSource) -> None:
        self.counts: dict[str, int] = {}
        self.places: dict[str, tuple[str, ...]] = {}
        self.texts: dict[str, str] = {}
        self.cells: dict[str, dict[str, int]] = {}
        self._top = source.top.name
        self._to_um = kdb.CplxTrans(source.layout.dbu)
        self._database = rdb.ReportDatabase(f"DRC of {source.name}")
        self._database.top_cell_name = source.top.name
        self._cell = self._database.create_cell(source.top.name)

    def add(self, rule: Rule, markers: tuple[Markers, ...]) -> None:
        """Takes the markers of one check."""
        for collection in markers:
            count = collection.count()
            if count:
                self.counts[rule.id] = self.counts.get(rule.id, 0) + count
                self._keep(rule, collection.each())
                for cell, times in _holding(collection, self._top) if collection.is_deep() else ():
                    self._held(rule, cell, times)

    def take(self, rule: Rule, cell: str, times: int, count: int, markers: Iterator[Any]) -> None:
        """Takes `count` markers of one cell, which stands `times` times; `markers` are all of them, in the top cell."""
        self.counts[rule.id] = self.counts.get(rule.id, 0) + times * count
        self._keep(rule, markers)
        self._held(rule, cell, times)

    def take_sample(self, rule: Rule, cell: str, times: int, markers: Sequence[Any]) -> None:
        """Takes the markers of one place of a cell that stands `times` times; those of the other places are unknown."""
        self.counts[rule.id] = self.counts.get(rule.id, 0) + len(markers)
        self._keep(rule, iter(markers))
        self._held(rule, cell, times)

    def write(self, path: Path) -> Path:
        """Saves the markers as a KLayout report database."""
        path.parent.mkdir(parents=True, exist_ok=True)
        with whole_file(path) as draft:
            self._database.save(str(draft))
        return path

    def _keep(self, rule: Rule, markers: Iterator[Any]) -> None:
        category = self._database.category_by_path(rule.id) or self._category(rule)
        room = MARKERS_KEPT - category.num_items()
        for marker in islice(markers, max(room, 0)):
            drawn = self._to_um * marker
            self._database.create_item(self._cell.rdb_id(), category.rdb_id()).add_value(drawn)
            self._add_place(rule, drawn.bbox())

    def _held(self, rule: Rule, cell: str, times: int) -> None:
        """Notes the cell; one that stands in several variants counts with all its places."""
        cells = self.cells.setdefault(rule.id, {})
        if cell in cells or len(cells) < CELLS_KEPT:
            cells[cell] = max(cells.get(cell, 0), times)

    def _category(self, rule: Rule) -> rdb.RdbCategory:
        category = self._database.create_category(rule.id)
        category.description = self.texts[rule.id] = rule.text + (
            f": {rule.value_nm / 1000:g} um" if rule.value_nm else ""
        )
        return category

    def _add_place(self, rule: Rule, box: kdb.DBox) -> None:
        places = self.places.get(rule.id, ())
        if len(places) < PLACES_KEPT:
            text = f"({box.left:.3f}, {box.bottom:.3f})-({box.right:.3f}, {box.top:.3f})"
            self.places[rule.id] = (*places, text)


def _holding(collection: Markers, top: str) -> Iterator[tuple[str, int]]:
    """The cells that hold markers of a hierarchical collection, and how often each stands."""
    copy = kdb.Layout()
    cell, layer = copy.create_cell(top), copy.layer(1, 0)
    collection.insert_into(copy, cell.cell_index(), layer)
    for index, times in placements(copy, cell).items():
        if not copy.cell(index).shapes(layer).is_empty():
            yield copy.cell(index).name, times
