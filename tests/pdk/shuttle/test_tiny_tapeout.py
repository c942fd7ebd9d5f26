"""The frame of Tiny Tapeout's tiles against what its site and its templates say."""

import os
import re
from pathlib import Path

import pytest

from analoom.pdk.shuttle.tiny_tapeout import HEIGHT_NM, TileFrame

TOOLS = Path(os.environ.get("ANALOOM_TT_SUPPORT_TOOLS", ""))
"""A checkout of TinyTapeout/tt-support-tools, where there is one."""
PIN = re.compile(
    r"- (\S+) \+ NET \S+ \+ DIRECTION (\S+)"
    r".*?LAYER met4 \( (\S+) (\S+) \) \( (\S+) (\S+) \)\s+\+ PLACED \( (\S+) (\S+) \)",
    re.S,
)
FRAMES = [("1x2", False), ("1x2", True), ("2x2", False), ("2x2", True)]


@pytest.mark.parametrize(("tiles", "uses_3v3"), FRAMES)
def test_a_frame_is_its_template(tiles, uses_3v3):
    template = TOOLS / f"tech/sky130A/def/analog/tt_analog_{tiles}{'_3v3' if uses_3v3 else ''}.def"
    if not template.is_file():
        pytest.skip("ANALOOM_TT_SUPPORT_TOOLS names no checkout of tt-support-tools")
    text, frame, found = template.read_text(), TileFrame(tiles, uses_3v3), {}
    for name, direction, *numbers in PIN.findall(text):
        left, bottom, right, top, x, y = map(int, numbers)
        found[name] = (direction.lower(), (x + left, y + bottom, x + right, y + top))
    assert {pin.name: (pin.direction, pin.box) for pin in frame.pins()} == found
    assert f"DIEAREA ( 0 0 ) ( {frame.width_nm} {HEIGHT_NM} )" in text


@pytest.mark.parametrize(
    ("tiles", "uses_3v3", "width_nm", "first_analog_nm"),
    [("1x2", False, 161_000, 152_260), ("1x2", True, 145_360, 136_620), ("2x2", False, 334_880, 152_260)],
)
def test_sizes_and_the_first_analog_pin(tiles, uses_3v3, width_nm, first_analog_nm):
    """As `precheck/tech_data.py` of tt-support-tools has them: ua[0] is 0.9 um wide about 152.26 or 136.62 um."""
    frame = TileFrame(tiles, uses_3v3)
    pins = {pin.name: pin.box for pin in frame.pins()}
    assert frame.width_nm == width_nm
    assert pins["ua[0]"] == (first_analog_nm - 450, 0, first_analog_nm + 450, 1000)
    assert pins["ua[1]"][0] == pins["ua[0]"][0] - 19_320
    assert len(pins) == 51


def test_no_two_pins_or_straps_of_a_frame_meet():
    for tiles, uses_3v3 in FRAMES:
        frame = TileFrame(tiles, uses_3v3)
        boxes = [*(pin.box for pin in frame.pins()), *frame.straps().values()]
        for k, (left, bottom, right, top) in enumerate(boxes):
            assert 0 <= left < right <= frame.width_nm and 0 <= bottom < top <= HEIGHT_NM
            for other in boxes[:k]:
                assert right < other[0] or other[2] < left or top < other[1] or other[3] < bottom
