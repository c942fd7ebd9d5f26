"""Collects what breaks a rule: counts, first places, and the marker database KLayout opens."""

from __future__ import annotations

from collections.abc import Iterator
from itertools import islice
from pathlib import Path
from typing import Any

import klayout.db as kdb
import klayout.rdb as rdb

from analoom.pdk.rules import Rule

from .drc_fast_checks import Markers
from .layout_source import LayoutSource

MARKERS_KEPT = 1000
"""Markers of one rule written to the database; counts are of all of them."""
PLACES_KEPT = 3


class Findings:
    """What was found in one layout. `counts` and `places` (um) are keyed by rule id."""

    def __init__(self, source: LayoutSource) -> None:
        self.counts: dict[str, int] = {}
        self.places: dict[str, tuple[str, ...]] = {}
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
                self._keep(rule, collection)

    def write(self, path: Path) -> Path:
        """Saves the markers as a KLayout report database."""
        path.parent.mkdir(parents=True, exist_ok=True)
        self._database.save(str(path))
        return path

    def _keep(self, rule: Rule, collection: Markers) -> None:
        category = self._database.category_by_path(rule.id) or self._category(rule)
        room = MARKERS_KEPT - category.num_items()
        markers: Iterator[Any] = collection.each()
        for marker in islice(markers, max(room, 0)):
            drawn = self._to_um * marker
            self._database.create_item(self._cell.rdb_id(), category.rdb_id()).add_value(drawn)
            self._add_place(rule, drawn.bbox())

    def _category(self, rule: Rule) -> rdb.RdbCategory:
        category = self._database.create_category(rule.id)
        category.description = rule.text + (f": {rule.value_nm / 1000:g} um" if rule.value_nm else "")
        return category

    def _add_place(self, rule: Rule, box: kdb.DBox) -> None:
        places = self.places.get(rule.id, ())
        if len(places) < PLACES_KEPT:
            text = f"({box.left:.3f}, {box.bottom:.3f})-({box.right:.3f}, {box.top:.3f})"
            self.places[rule.id] = (*places, text)
