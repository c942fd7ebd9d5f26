"""What the official engines found in a bundle of `drc_cases`, by the slot it lies in."""

import re

import klayout.db as kdb
import klayout.rdb as rdb
from drc_cases import slot_of


def deck_findings(path):
    """{category: slots} of a KLayout report."""
    database, found = rdb.ReportDatabase(""), {}
    database.load(str(path))
    names = {category.rdb_id(): category.name().strip("'") for category in database.each_category()}
    for item in database.each_item():
        for value in item.each_value():
            box = kdb.CplxTrans(0.001).inverted() * shape_of(value).bbox()
            found.setdefault(names[item.category_id()], set()).add(slot_of(box))
    return found


def shape_of(value):
    """The marker in a report's value."""
    if value.is_polygon():
        return value.polygon()
    return value.edge_pair() if value.is_edge_pair() else value.edge()


def magic_findings(path):
    """{rule text: slots} of Magic's list."""
    found, scale, why = {}, 1.0, ""
    for line in path.read_text().splitlines():
        word, _, rest = line.partition(" ")
        if word == "scale":
            scale = float(rest)
        elif word == "why":
            why = rest
        elif word == "box":
            corners = [round(int(n) * scale * 1000) for n in rest.split()]
            found.setdefault(why, set()).add(slot_of(kdb.Box(*corners)))
    return found


def says(rule, text):
    """Whether a Magic text is about the rule: its name in the parentheses at the end, alone or beside others."""
    names = re.split(r"[\s,+)(]+", text[text.rfind("(") :])
    return rule.magic in names
