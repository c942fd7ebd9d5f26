"""Layers that only the official engines have rules for, and layers that no rule asks anything of.

Source: the categories of the shuttle's deck (`sky130A_mr.drc`), `drc(full)` of `sky130A.tech` and the precheck's pins
script; `tests/flows/drc/test_official_layers.py` asks all three about a shape on every layer that they read. Names are
SkyWater's (skywater-pdk docs, rules/gds_layers.csv).
"""

from __future__ import annotations

from collections.abc import Mapping

Gds = tuple[int, int]
"""(layer, datatype)."""

_KLAYOUT, _MAGIC, _PINS = "klayout", "magic", "pins"

RULED_ELSEWHERE: Mapping[Gds, tuple[str, tuple[str, ...]]] = {
    (11, 44): ("ldntm", (_KLAYOUT,)),
    (18, 20): ("hvtr", (_KLAYOUT,)),
    (19, 44): ("pwbm", (_KLAYOUT,)),
    (61, 20): ("nsm", (_KLAYOUT,)),
    (64, 13): ("pwell.res", (_KLAYOUT,)),
    (65, 13): ("diff.res", (_MAGIC,)),
    (74, 20): ("rdl", (_KLAYOUT, _MAGIC)),
    (74, 21): ("vhvi", (_KLAYOUT,)),
    (74, 22): ("uhvi", (_KLAYOUT,)),
    (75, 21): ("thkox", (_KLAYOUT,)),
    (76, 20): ("pad", (_KLAYOUT, _MAGIC)),
    (76, 44): ("mf", (_KLAYOUT,)),
    (80, 20): ("tunm", (_KLAYOUT, _MAGIC)),
    (81, 2): ("areaid.ce", (_KLAYOUT, _MAGIC)),
    (81, 10): ("areaid.mt", (_KLAYOUT,)),
    (81, 57): ("areaid.en", (_KLAYOUT, _MAGIC)),
    (81, 81): ("areaid.po", (_MAGIC,)),
    (81, 125): ("areaid.re", (_KLAYOUT,)),
    (82, 64): ("vpp", (_KLAYOUT,)),
    (92, 44): ("ncm", (_KLAYOUT,)),
    (124, 20): ("pwde", (_KLAYOUT,)),
    **{(number, 28): (f"{name}.fill", (_MAGIC,)) for number, name in ((23, "diff"), (28, "poly"), (36, "met1"))},
    **{(number, 28): (f"{name}.fill", (_MAGIC,)) for number, name in ((41, "met2"), (34, "met3"), (51, "met4"))},
    (59, 28): ("met5.fill", (_MAGIC,)),
    (62, 24): ("met1.fillblock", (_MAGIC,)),
    (105, 52): ("met2.fillblock", (_MAGIC,)),
    (107, 24): ("met3.fillblock", (_MAGIC,)),
    (112, 4): ("met4.fillblock", (_MAGIC,)),
    (117, 4): ("met5.fillblock", (_MAGIC,)),
    (65, 5): ("tap.label", (_PINS,)),
    (65, 6): ("diff.label", (_PINS, _MAGIC)),
    (65, 16): ("diff.pin", (_PINS, _MAGIC)),
    (74, 5): ("rdl.label", (_PINS, _MAGIC)),
    (74, 16): ("rdl.pin", (_PINS, _MAGIC)),
    (65, 48): ("tap.pin", (_PINS,)),
    (66, 58): ("licon1.pin", (_PINS,)),
    (67, 48): ("mcon.pin", (_PINS,)),
    (68, 58): ("via.pin", (_PINS,)),
    (69, 58): ("via2.pin", (_PINS,)),
    (70, 48): ("via3.pin", (_PINS,)),
    (71, 48): ("via4.pin", (_PINS,)),
    (76, 5): ("pad.label", (_PINS,)),
    (76, 16): ("pad.pin", (_PINS,)),
    (82, 5): ("npn.label", (_PINS,)),
    (82, 25): ("inductor.label", (_PINS,)),
    (82, 59): ("pnp.label", (_PINS,)),
}
"""By layer: its name and the engines that have rules for its shapes, which the fast check does not look at. Texts on a
label or pin layer are no shapes."""

_AREAS = (
    *("1 sl", "3 fe", "4 sc", "6 sf", "7 sw", "8 sr", "11 dt", "12 ft", "13 ww", "14 ld", "15 ns", "17 ij", "18 zr"),
    *(
        "19 ed",
        "20 padcenter",
        "23 de",
        "24 rd",
        "27 rdlprobepad",
        "50 dn",
        "51 cr",
        "52 cd",
        "53 st",
        "54 op",
        "58 en20",
    ),
    *("60 le", "63 hl", "70 sd", "79 ag", "84 it", "101 et", "108 lvt"),
)
"""Datatype and name of the area identifiers that say what a place is for."""

_METALS = ((67, "li1"), (68, "met1"), (69, "met2"), (70, "met3"), (71, "met4"), (72, "met5"))

HARMLESS: Mapping[Gds, str] = {
    **{(81, int(number)): f"areaid.{name}" for number, name in (area.split() for area in _AREAS)},
    **{(number, 13): f"{name}.res" for number, name in _METALS if name != "li1"},
    **{(number, 15): f"{name}.short" for number, name in (*_METALS, (66, "poly"))},
    **{(number, 4): f"{name}.boundary" for number, name in (*_METALS, (65, "diff"), (66, "poly"))},
    **{(number, 23): f"{name}.net" for number, name in (*_METALS, (65, "diff"), (66, "poly"), (84, "nwell"))},
    **{(number, 10): f"{name}.blockage" for number, name in _METALS},
    (22, 24): "diff.fillblock",
    (33, 24): "poly.fillblock",
    (65, 14): "diff.cut",
    (66, 9): "poly.gate",
    (66, 14): "poly.cut",
    (66, 83): "poly.model",
    (82, 20): "npn",
    (82, 24): "inductor",
    (82, 44): "pnp",
    (83, 44): "text",
    (84, 44): "prune",
    (124, 21): "natfet",
    (235, 0): "prBoundary.drawing",
    (236, 0): "outline",
}
"""Markers, labels and outlines by name: no engine asks anything of a shape on them."""
