"""The LEF abstract, read back by klayout's own LEF reader."""

from __future__ import annotations

import re
from pathlib import Path

import klayout.db as kdb
import pytest

from analoom.cells.registry import build
from analoom.flows.lef import lef_text, write_lef

CELLS = ("mosfet", "cap_array")


def _read_back(path: Path) -> kdb.Layout:
    options = kdb.LoadLayoutOptions()
    options.lefdef_config.macro_resolution_mode = 1
    layout = kdb.Layout()
    layout.read(str(path), options)
    return layout


@pytest.mark.parametrize("name", CELLS)
def test_every_number_has_three_decimals(name: str) -> None:
    body = re.sub(r"VERSION.*", "", lef_text(build(name)))
    numbers = re.findall(r"(?<=[ ])-?\d+(?:\.\d+)?(?= )", "\n".join(x for x in body.splitlines() if "PIN" not in x))
    assert numbers
    assert all(re.fullmatch(r"-?\d+\.\d{3}", number) for number in numbers)


@pytest.mark.parametrize("name", CELLS)
def test_the_macro_has_the_size_and_the_pins_of_the_cell(name: str) -> None:
    cell, text = build(name), lef_text(build(name))
    size = re.search(r"SIZE ([\d.]+) BY ([\d.]+) ;", text)
    assert size
    box = cell.bbox_nm
    assert [round(float(s) * 1000) for s in size.groups()] == [box.width(), box.height()]
    assert sorted(re.findall(r"^  PIN (\S+)", text, re.MULTILINE)) == sorted(cell.circuit.ports)


@pytest.mark.parametrize("name", CELLS)
def test_klayout_reads_the_pins_where_they_were_drawn(name: str, tmp_path: Path) -> None:
    cell = build(name)
    layout = _read_back(write_lef(cell, tmp_path / "cell.lef"))
    macro = layout.cell(cell.name)
    assert macro is not None
    for layer in {pin.layer for pin in cell.pins}:
        indices = [i for i in layout.layer_indexes() if layout.get_info(i).name == f"{layer.name.lower()}.PIN"]
        assert indices, [str(layout.get_info(i)) for i in layout.layer_indexes()]
        drawn = kdb.Region([pin.box for pin in cell.pins if pin.layer is layer])
        read = kdb.Region(macro.begin_shapes_rec(indices[0]))
        assert (read ^ drawn).is_empty()


def test_no_obstruction_covers_a_pin() -> None:
    text = lef_text(build("mosfet"))
    blocked, pins = text.split("  OBS")[1], text.split("  OBS")[0]
    for layer in ("met1", "met2"):
        boxes = [_boxes(part, layer) for part in (blocked, pins)]
        assert boxes[0]
        assert (kdb.Region(boxes[0]) & kdb.Region(boxes[1])).is_empty()


def _boxes(text: str, layer: str) -> list[kdb.Box]:
    found, on = [], ""
    for line in text.splitlines():
        if match := re.search(r"LAYER (\S+) ;", line):
            on = match.group(1)
        elif (match := re.search(r"RECT (\S+) (\S+) (\S+) (\S+) ;", line)) and on == layer:
            found.append(kdb.Box(*(round(float(word) * 1000) for word in match.groups())))
    return found
