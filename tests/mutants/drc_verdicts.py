"""What the three engines say of many mutants: the official ones look at a whole batch side by side in one run."""

import re

import klayout.db as kdb
import klayout.rdb as rdb

from analoom.flows.drc.check import run_drc
from analoom.flows.drc.fast.layers import DrcLayers
from analoom.flows.drc.fast.rule_table import CHECKS
from analoom.flows.files.layout_source import of_layout

GAP_NM = 60_000
"""Room between mutants, beyond the reach of every rule twice over."""


def fast_rules(mutant):
    """The ids of the rules a mutant breaks in the fast engine."""
    layout = mutant.layout()
    layers = DrcLayers(of_layout(layout, layout.top_cell()))
    return {check.rule.id for check in CHECKS if any(found.count() for found in check.run(layers))}


def official_rules(mutants, folder):
    """Per mutant what the deck and Magic say: ({category}, {rule text}), from one run each."""
    layout, slots = side_by_side(mutants)
    reports = run_drc(of_layout(layout, layout.top_cell()), ("klayout", "magic"), folder).engines
    for report in reports.values():
        if report.state == "not run":
            raise RuntimeError(f"{report.engine}: {report.reason}")
    found = deck_markers(reports["klayout"].report), magic_markers(reports["magic"].report)
    return list(zip(*(_shared_out(markers, slots) for markers in found), strict=True))


def side_by_side(mutants):
    """One flat cell with the mutants in a square, and the box each has to itself."""
    layout, slots = kdb.Layout(), []
    layout.dbu = 0.001
    top = layout.create_cell("mutants")
    columns = max(1, round(len(mutants) ** 0.5))
    boxes = [_bbox(mutant) for mutant in mutants]
    width = max(box.width() for box in boxes) + GAP_NM
    height = max(box.height() for box in boxes) + GAP_NM
    for k, mutant in enumerate(mutants):
        x, y = k % columns * width, k // columns * height
        for layer, region in mutant.shapes.items():
            top.shapes(layout.layer(*layer.value)).insert(region.moved(x, y))
        slots.append(kdb.Box(x - GAP_NM // 2, y - GAP_NM // 2, x + width - GAP_NM // 2, y + height - GAP_NM // 2))
    return layout, slots


def _bbox(mutant):
    box = kdb.Box()
    for region in mutant.shapes.values():
        box += region.bbox()
    return box


def _shared_out(markers, slots):
    """The rules by slot, of (rule, centre) pairs. Raises where a marker lies in no slot."""
    by_slot = [set() for _ in slots]
    for rule, centre in markers:
        by_slot[next(k for k, slot in enumerate(slots) if slot.contains(centre))].add(rule)
    return by_slot


def deck_markers(path):
    """[(category, centre in nm)] of a KLayout report."""
    database, found = rdb.ReportDatabase(""), []
    database.load(str(path))
    names = {category.rdb_id(): category.name().strip("'") for category in database.each_category()}
    for item in database.each_item():
        for value in item.each_value():
            box = kdb.CplxTrans(0.001).inverted() * shape_of(value).bbox()
            found.append((names[item.category_id()], box.center()))
    return found


def shape_of(value):
    """The marker in a report's value."""
    if value.is_polygon():
        return value.polygon()
    return value.edge_pair() if value.is_edge_pair() else value.edge()


def magic_markers(path):
    """[(rule, centre in nm)] of Magic's list; a rule is the names in the parentheses at the end of its text."""
    found, scale, why = [], 1.0, ""
    for line in path.read_text().splitlines():
        word, _, rest = line.partition(" ")
        if word == "scale":
            scale = float(rest)
        elif word == "why":
            why = magic_name(rest)
        elif word == "box":
            found.append((why, kdb.Box(*(round(int(n) * scale * 1000) for n in rest.split())).center()))
    return found


def magic_name(text):
    """The rule names a Magic text ends with, else the text."""
    match = re.search(r"\(([^()]*)\)\s*$", text)
    return match.group(1) if match else text
