"""Drawn wires and plates with capacitances known from elsewhere, and what the extraction finds for them.

Sources. TABLE: the foundry's width and spacing tables. GOLDEN: a finite-integration Laplace solution of the SkyWater
metal stack drawing, Richardson-extrapolated, +-0.2 to 1.5 %, with the drawing's permittivities (A) and with those
fitted to the docs' plate table (B); checked by a second-order finite-element solution of the same wires to 0.1 %.
SOLVER: our own `field_solver`. Beside them what Magic 8.3.677 and KLayout-PEX 0.6.12 gave for the same drawings.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

from hand_drawn import Hand

from analoom.flows.pex.extract import extract
from analoom.flows.pex.parasitics.record import NetC
from analoom.pdk.layers import Layer

GOLDEN = "field solution of the SkyWater stack, A and B"
LENGTH_NM = 20_000
BUS_LENGTH_NM = 200_000
"""Long, because at the ends of wide wires the fringe couples more than the table's endless ones."""
Nets = dict[str, NetC]


@dataclass(frozen=True)
class Case:
    """`expected_af` for both stacks, `found` extracts it into a folder; tolerance of the mean; others' results, aF."""

    name: str
    expected_af: tuple[float, float]
    found: Callable[[Path], float]
    within_frac: float
    magic_af: float | None = None
    klayout_pex_af: float | None = None
    source: str = GOLDEN

    @property
    def mean_af(self) -> float:
        return sum(self.expected_af) / 2

    def error_frac(self, folder: Path) -> float:
        return self.found(folder) / self.mean_af - 1


def draw(hand: Hand, layer: Layer, name: str, left: int, bottom: int, right: int, top: int) -> None:
    hand.box(layer, left, bottom, right, top)
    hand.label(layer, name, (left + right) // 2, (bottom + top) // 2)


def nets_of(hand: Hand, folder: Path) -> Nets:
    return dict(extract(hand.source(), workdir=folder).nets)


def bus_coupling_af_per_um(layer: Layer, w_um: float, s_um: float, folder: Path, wires: int = 9) -> float:
    """All same-layer coupling of the middle wire of a bus, aF/um."""
    hand = Hand("bus")
    w_nm, pitch_nm = round(w_um * 1000), round((w_um + s_um) * 1000)
    for k in range(wires):
        draw(hand, layer, f"w{k}", 0, k * pitch_nm, BUS_LENGTH_NM, k * pitch_nm + w_nm)
    return sum(nets_of(hand, folder)[f"w{wires // 2}"].coupling_f.values()) * 1e21 / BUS_LENGTH_NM


def pair_af_per_um(layer: Layer, w_um: float, s_um: float, folder: Path) -> tuple[float, float]:
    """(coupling, ground of one wire) of two wires alone, aF/um: two lengths subtracted, so that ends drop out."""
    (c_long, g_long), (c_short, g_short) = (_pair_af(layer, w_um, s_um, n * LENGTH_NM, folder) for n in (2, 1))
    return (c_long - c_short) * 1e3 / LENGTH_NM, (g_long - g_short) * 1e3 / LENGTH_NM


def _pair_af(layer: Layer, w_um: float, s_um: float, length_nm: int, folder: Path) -> tuple[float, float]:
    hand = Hand("pair")
    w_nm, s_nm = round(w_um * 1000), round(s_um * 1000)
    draw(hand, layer, "a", 0, 0, length_nm, w_nm)
    draw(hand, layer, "b", 0, w_nm + s_nm, length_nm, 2 * w_nm + s_nm)
    a = nets_of(hand, folder)["a"]
    return a.coupling_f.get("b", 0.0) * 1e18, a.substrate_f * 1e18


def alone_af_per_um(layer: Layer, w_um: float, folder: Path) -> float:
    """Ground capacitance of one wire alone, aF/um."""
    found = []
    for length_nm in (LENGTH_NM, 2 * LENGTH_NM):
        hand = Hand("alone")
        draw(hand, layer, "a", 0, 0, length_nm, round(w_um * 1000))
        found.append(nets_of(hand, folder)["a"].substrate_f * 1e18)
    return (found[1] - found[0]) * 1e3 / LENGTH_NM


def crossing(folder: Path) -> Nets:
    """Met1 (a) under met2 (b), 0.14 um wide, 4 um long, crossing in their middles."""
    hand = Hand("crossing")
    draw(hand, Layer.MET1, "a", -2000, -70, 2000, 70)
    draw(hand, Layer.MET2, "b", -70, -2000, 70, 2000)
    return nets_of(hand, folder)


def crossed(lower: Layer, upper: Layer, lower_nm: int, upper_nm: int, arm_nm: int, folder: Path) -> tuple[float, ...]:
    """(coupling, lower to ground, upper to ground) of two wires that cross in their middles, aF."""
    hand = Hand("crossed")
    draw(hand, lower, "a", -arm_nm, -lower_nm // 2, arm_nm, lower_nm // 2)
    draw(hand, upper, "b", -upper_nm // 2, -arm_nm, upper_nm // 2, arm_nm)
    nets = nets_of(hand, folder)
    found = nets["a"].coupling_f.get("b", 0.0), nets["a"].substrate_f, nets["b"].substrate_f
    return tuple(x * 1e18 for x in found)


CROSSED = (
    ((Layer.MET2, Layer.MET3, 140, 300, 3000), (208.8, 198.1), (388.1, 374.2), (525.5, 493.2)),
    ((Layer.MET1, Layer.MET2, 500, 280, 2000), (226.5, 211.9), (409.2, 394.2), (298.0, 286.2)),
    ((Layer.LI1, Layer.MET1, 170, 140, 2000), (118.3, 114.3), (305.7, 303.2), (327.5, 312.8)),
    ((Layer.MET3, Layer.MET4, 300, 300, 4000), (333.6, 307.6), (626.4, 590.0), (546.5, 527.6)),
)
CROSSED_UNSEEN = (
    ((Layer.MET2, Layer.MET3, 280, 600, 2500), (247.6, 235.9), (353.2, 339.6), (510.7, 480.0)),
    ((Layer.MET1, Layer.MET2, 280, 140, 1500), (147.7, 138.8), (286.4, 274.9), (218.9, 211.1)),
)
"""More crossings: drawing, then coupling, lower and upper wire to ground for A and B, aF. `field_solver`, a quarter of
the crossing, finest step 0.03 um, 8 um of room. `wires` is fitted to the first set, not to this one."""


def weave(size: int, folder: Path) -> Nets:
    """Met1 rows and met2 columns, 0.14 um wide at 0.68 um both ways."""
    hand = Hand("weave")
    for k in range(size):
        draw(hand, Layer.MET1, f"row{k}", 0, k * 680, size * 680, k * 680 + 140)
        draw(hand, Layer.MET2, f"col{k}", k * 680, 0, k * 680 + 140, size * 680)
    return nets_of(hand, folder)


def row_to_ground_af(folder: Path) -> float:
    """A middle row's ground capacitance a crossing: two sizes subtracted, so that the rim drops out."""
    small, large = (weave(size, folder)[f"row{size // 2}"].substrate_f for size in (11, 15))
    return (large - small) * 1e18 / 4


COLUMN_CELL_AF = 40.4135 + 0.336
"""All that a column of the crossbar sees a crossing (GOLDEN, mean): its coupling to the row and to the ground."""


def column_to_ground_af(folder: Path) -> float:
    """The same for a middle column; GOLDEN has 0.35 and 0.32 aF."""
    small, large = (weave(size, folder)[f"col{size // 2}"].substrate_f for size in (11, 15))
    return (large - small) * 1e18 / 4


def mim(folder: Path) -> tuple[float, float]:
    """(bottom, top) plate to the substrate of a 2 x 2 um MIM capacitor without wires, aF."""
    hand = Hand("mim")
    draw(hand, Layer.MET3, "bottom", -1140, -1140, 1140, 1140)
    hand.box(Layer.CAPM, -1000, -1000, 1000, 1000)
    nets = nets_of(hand, folder)
    (top,) = set(nets) - {"bottom"}
    return nets["bottom"].substrate_f * 1e18, nets[top].substrate_f * 1e18


CASES = (
    Case(
        "met1 0.14 um alone, aF/um", (75.975, 73.069), lambda f: alone_af_per_um(Layer.MET1, 0.14, f), 0.08, 84.9, 84.9
    ),
    Case("met2 0.14 um alone, aF/um", (68.141, 65.273), lambda f: alone_af_per_um(Layer.MET2, 0.14, f), 0.08),
    Case("li1 0.17 um alone, aF/um", (76.774, 72.653), lambda f: alone_af_per_um(Layer.LI1, 0.17, f), 0.08),
    Case(
        "met1 pair at 0.28 um, coupling, aF/um",
        (85.506, 81.747),
        lambda f: pair_af_per_um(Layer.MET1, 0.14, 0.28, f)[0],
        0.08,
        83.0,
        41.5,
    ),
    Case(
        "met1 pair at 0.28 um, ground, aF/um",
        (46.914, 45.301),
        lambda f: pair_af_per_um(Layer.MET1, 0.14, 0.28, f)[1],
        0.08,
        48.0,
        48.7,
    ),
    Case(
        "met1 pair at 0.56 um, coupling, aF/um",
        (50.616, 47.598),
        lambda f: pair_af_per_um(Layer.MET1, 0.14, 0.56, f)[0],
        0.08,
        54.3,
        27.2,
    ),
    Case(
        "met1 pair at 0.56 um, ground, aF/um",
        (51.075, 49.393),
        lambda f: pair_af_per_um(Layer.MET1, 0.14, 0.56, f)[1],
        0.08,
        51.6,
        52.9,
    ),
    Case(
        "met2 x met1 crossing, aF",
        (147.5, 135.7),
        lambda f: crossing(f)["a"].coupling_f.get("b", 0.0) * 1e18,
        0.10,
        31.0,
        32.0,
    ),
    Case("crossing, met1 to ground, aF", (317.2, 301.0), lambda f: crossing(f)["a"].substrate_f * 1e18, 0.10),
    Case("crossing, met2 to ground, aF", (285.8, 273.5), lambda f: crossing(f)["b"].substrate_f * 1e18, 0.10),
    Case(
        "crossbar cell, row to column, aF",
        (41.952, 38.875),
        lambda f: weave(11, f)["row5"].coupling_f.get("col5", 0.0) * 1e18,
        0.10,
        22.4,
        22.9,
    ),
    Case("crossbar cell, row to ground, aF", (11.048, 10.983), row_to_ground_af, 0.10, 12.1, 13.8),
    Case("MIM 2 x 2 um, bottom plate to ground, aF", (518.3, 489.0), lambda f: mim(f)[0], 0.10),
    Case("MIM 2 x 2 um, top plate to ground, aF", (127.0, 121.0), lambda f: mim(f)[1], 0.10),
    Case("MIM 2 x 2 um, both plates to ground, aF", (645.3, 610.0), lambda f: sum(mim(f)), 0.10, 438.0, 438.0),
)


PLATES = {
    0.4: ((295.73, 270.92), (30.39, 28.41), (340.8, 312.32)),
    0.8: ((179.39, 164.8), (29.85, 27.89), (212.56, 195.28)),
    1.6: ((107.91, 99.15), (27.3, 25.45), (129.31, 118.87)),
    3.2: ((59.03, 54.01), (20.08, 18.66), (70.75, 64.93)),
}
"""3 x 3 met3 plates, 2.28 um square, by gap in um: coupling for A and B, aF, of the middle one to one beside it, to one
across the corner, and of a corner one to one beside it. `field_solver`, a quarter of the array, steps from 0.07 um."""


def plates_af(gap_um: float, folder: Path) -> tuple[float, float, float]:
    """What the extraction finds for one entry of PLATES, aF."""
    hand, pitch = Hand("plates"), 2280 + round(gap_um * 1000)
    for i in range(3):
        for j in range(3):
            draw(hand, Layer.MET3, f"p{i}{j}", i * pitch, j * pitch, i * pitch + 2280, j * pitch + 2280)
    nets = nets_of(hand, folder)
    pairs = (("p11", "p12"), ("p11", "p22"), ("p22", "p12"))
    inner, diagonal, rim = (nets[a].coupling_f.get(b, 0.0) * 1e18 for a, b in pairs)
    return inner, diagonal, rim


def failures(folder: Path) -> list[str]:
    """Names of the golden cases that miss their tolerance."""
    return [case.name for case in CASES if abs(case.error_frac(folder)) > case.within_frac]
