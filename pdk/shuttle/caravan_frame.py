"""The frame of `user_analog_project_wrapper`, ChipFoundry's analog user area in Caravan: its size and its pins.

Source: efabless/caravel_user_project_analog, mag/user_analog_project_wrapper_empty.mag at commit 7f10555 (in units of
10 nm), written here as the regular rows that it consists of; `tests/pdk/shuttle/test_caravan_frame.py` compares it with
the wrapper that the precheck package brings. Directions: its verilog/rtl/user_analog_project_wrapper.v.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from functools import cache

from analoom.pdk.layers import Layer

WRAPPER = "user_analog_project_wrapper"
WIDTH_NM, HEIGHT_NM = 2_920_000, 3_520_000
"""The user area, from 0, 0; nothing outside it may differ from the empty wrapper."""
OUT_NM = 4_000
"""How far pins reach out of the user area."""
NARROW_NM, PITCH_NM = 560, 5_910
UNIT_NM = 10

Box = tuple[int, int, int, int]
SUPPLIES = {"vdda1": "power", "vdda2": "power", "vssa1": "ground", "vssa2": "ground"}
SUPPLIES |= {"vccd1": "power", "vccd2": "power", "vssd1": "ground", "vssd2": "ground"}
ANALOG_PADS, ANALOG_GPIOS, GPIOS, PROBES, WORD = 11, 18, 27, 128, 32


@dataclass(frozen=True)
class FramePin:
    """A place of a pin: its box is left, bottom, right, top in nm."""

    name: str
    layer: Layer
    box: Box

    @property
    def marked(self) -> Box:
        """What the pin's purpose covers: of the wide ones on the left their part in the user area."""
        left, bottom, right, top = self.box
        return (0 if left < 0 and top - bottom > NARROW_NM else left, bottom, right, top)

    @property
    def side(self) -> str:
        """The side of the user area that it crosses."""
        left, bottom, right, _ = self.box
        if bottom < 0:
            return "bottom"
        return "left" if left < 0 else "right" if right > WIDTH_NM else "top"


@cache
def frame_pins() -> tuple[FramePin, ...]:
    """Every place of every pin."""
    return (*_bottom(), *_gpios(), *_wide())


@cache
def port_names() -> tuple[str, ...]:
    """The names of the pins, each once; buses by bit."""
    return tuple(dict.fromkeys(pin.name for pin in frame_pins()))


def _bottom() -> Iterator[FramePin]:
    """The digital pins along the lower edge, on met2."""
    for k, name in enumerate(_digital()):
        left = 2_620 + k * PITCH_NM
        yield FramePin(name, Layer.MET2, (left, -OUT_NM, left + NARROW_NM, 2_400))


def _digital() -> Iterator[str]:
    yield from ("wb_clk_i", "wb_rst_i", "wbs_ack_o", "wbs_cyc_i", "wbs_stb_i", "wbs_we_i")
    for k in range(WORD):
        yield from (f"wbs_adr_i[{k}]", f"wbs_dat_i[{k}]", f"wbs_dat_o[{k}]")
        yield from (f"wbs_sel_i[{k}]",) if k < 4 else ()
    for k in range(PROBES):
        yield from (f"la_data_in[{k}]", f"la_data_out[{k}]", f"la_oenb[{k}]")
    yield from ("user_clock2", "user_irq[0]", "user_irq[1]", "user_irq[2]")


RIGHT_Y = (772, 3136, 5500, 7864, 10228, 23457, 45786, 134615, 156826, 179437, 202648, 224859, 247070, 291781)
"""Bottom of the lowest pin of GPIO 0 to 13."""
LEFT_Y = (252810, 231199, 209588, 187977, 166366, 144755, 123244, 59433, 37822, 16211, 5500, 3136, 772)
"""Of GPIO 14 to 26."""
FIRST_ANALOG, LAST_ANALOG = 7, 24
"""GPIOs with a bare way to their pad."""


def _gpios() -> Iterator[FramePin]:
    """Those of each GPIO above each other on met3: on the right from the analog ones up, on the left the other way."""
    for gpio in range(GPIOS):
        right = gpio < len(RIGHT_Y)
        names = list(_of_gpio(gpio))
        low = RIGHT_Y[gpio] if right else LEFT_Y[gpio - len(RIGHT_Y)]
        x = (WIDTH_NM - 2_400, WIDTH_NM + OUT_NM) if right else (-OUT_NM, 2_400)
        for k, name in enumerate(names if right else reversed(names)):
            y = low * UNIT_NM + k * PITCH_NM
            yield FramePin(name, Layer.MET3, (x[0], y, x[1], y + NARROW_NM))


def _of_gpio(gpio: int) -> Iterator[str]:
    if FIRST_ANALOG <= gpio <= LAST_ANALOG:
        yield from (f"gpio_analog[{gpio - FIRST_ANALOG}]", f"gpio_noesd[{gpio - FIRST_ANALOG}]")
    yield from (f"io_in_3v3[{gpio}]", f"io_in[{gpio}]", f"io_out[{gpio}]", f"io_oeb[{gpio}]")


TOP_X = {
    "io_analog[9]": (8097,),
    "io_analog[8]": (34097,),
    "io_analog[7]": (60097,),
    "io_analog[6]": (82797, 87947),
    "io_analog[5]": (108647, 113797),
    "io_analog[4]": (159497, 164647),
    "io_analog[3]": (206697,),
    "io_analog[2]": (232697,),
    "io_analog[1]": (283297,),
}
"""Left edges of the pads along the upper edge, 25 um wide on met3; two places are there on met4 and met5 too."""
CLAMPS = {"low[2]": 85447, "high[2]": 86697, "low[1]": 111297, "high[1]": 112547, "low[0]": 162147, "high[0]": 163397}
SIDE_Y = {
    ("vccd1", "right"): (319892, 314892),
    ("vdda1", "right"): (275281, 270281, 117615, 112615),
    ("vssd1", "right"): (95715, 90715),
    ("vssa1", "right"): (73415, 68415),
    ("vccd2", "left"): (321921, 316921),
    ("vssa2", "left"): (279721, 274721),
    ("vdda2", "left"): (107444, 102444),
    ("vssd2", "left"): (86444, 81444),
}
"""Lower edges of the supplies, 24 um high on met3."""
VSSA1_X = (255297, 260297)
"""Left edges of `vssa1` along the upper edge, 24 um wide."""


def _wide() -> Iterator[FramePin]:
    top, out = HEIGHT_NM - 8_500, HEIGHT_NM + OUT_NM
    for name, lefts in TOP_X.items():
        for left in (x * UNIT_NM for x in lefts):
            for layer in (Layer.MET3, Layer.MET4, Layer.MET5) if len(lefts) > 1 else (Layer.MET3,):
                yield FramePin(name, layer, (left, top, left + 25_000, out))
    for name, x in CLAMPS.items():
        yield FramePin(f"io_clamp_{name}", Layer.MET3, (x * UNIT_NM, top, x * UNIT_NM + 11_000, out))
    for x in VSSA1_X:
        yield FramePin("vssa1", Layer.MET3, (x * UNIT_NM, HEIGHT_NM - 8_300, x * UNIT_NM + 24_000, out))
    yield FramePin("io_analog[0]", Layer.MET3, (WIDTH_NM - 8_500, 3_389_920, WIDTH_NM + OUT_NM, 3_414_920))
    yield FramePin("io_analog[10]", Layer.MET3, (-OUT_NM, 3_401_210, 8_500, 3_426_210))
    for (name, side), lows in SIDE_Y.items():
        left, right = (WIDTH_NM - 8_300, WIDTH_NM + OUT_NM) if side == "right" else (-OUT_NM, 8_300)
        for low in (y * UNIT_NM for y in lows):
            yield FramePin(name, Layer.MET3, (left, low, right, low + 24_000))
