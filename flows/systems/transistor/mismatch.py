"""Mismatch of transistor cells: thresholds of a pair's sides (or one device), and what they do to current and offset.

The closed form takes sigmas from the coefficients and the answer of the current from `transistor_response`: with
r(z) = I(z)/I_op of either side, the pair's sigma of I1/I2 follows from E[r], E[r^2], E[1/r] and E[1/r^2], which holds
for the lognormal currents of weak inversion as well as for the nearly linear ones of strong inversion. `offset` is the
gate voltage that would make the currents equal. As a mirror the first side's current is forced and the gates follow.
Units of a side draw independently; a side of n equal units is sqrt(n) better than one.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from functools import cached_property
from math import sqrt

import numpy as np
from numpy.typing import NDArray

from analoom.cells.model.cell import Cell, Kind
from analoom.cells.model.circuit import Mos
from analoom.flows.netlists.flat_devices import FlatDevice, flat_devices
from analoom.flows.statistics.settings import TransistorSettings
from analoom.flows.statistics.spread import Spread, exact
from analoom.pdk.errors import InputError
from analoom.pdk.mismatch_terms import DEFAULT_MODEL, random_terms, terms_source

from .transfer import Side
from .transistor_response import Response, response

PAIR_SIDES = (Side("d1", "g1"), Side("d2", "g2"))
DEVICE_SIDES = (Side("d", "g"),)
LINEAR_UP_TO = 0.5
"""Largest sigma of ln(I1/I2) for which a sigma of the gain error describes its distribution."""
_I_SQUARE_A = 1e-6
_CHUNK = 16_384
_NODES = 64

Array = NDArray[np.float64]
Samples = dict[str, tuple[Array, str]]


@dataclass(frozen=True)
class TransistorStatistics:
    """A cell's sides with their units, and the operating point (simulated when asked for)."""

    cell: Cell
    model: str = DEFAULT_MODEL
    settings: TransistorSettings = field(default_factory=TransistorSettings)

    @property
    def sides(self) -> Sequence[Side]:
        """A pair's two, a device's one; of a mirror the input and its smallest output, the least certain."""
        if self.cell.kind == Kind.MIRROR:
            return (Side("in", "in"), Side(f"out{_smallest_output(self.cell)}", "in"))
        return PAIR_SIDES if self.cell.kind == Kind.PAIR else DEVICE_SIDES

    @property
    def is_pair(self) -> bool:
        return len(self.sides) == 2

    @property
    def vth_name(self) -> str:
        """`delta_vth` for a pair, `vth` for a single device."""
        return "delta_vth" if self.is_pair else "vth"

    @cached_property
    def response(self) -> Response:
        """What the first unit's current does, at the operating point asked for."""
        chosen = self.settings
        current = chosen.i_square or _I_SQUARE_A
        target = ("gm_id", chosen.gm_id) if chosen.gm_id is not None else ("i_square", current)
        unit = self.unit
        return response(unit, self.unit_sigmas(unit), self.model, chosen.v_ds, target)

    @property
    def unit(self) -> Mos:
        """The first unit of the first side."""
        return _mos(self.units(self.sides[0])[0])

    def unit_sigmas(self, device: Mos) -> dict[str, float]:
        """Sigma of each random parameter of one unit."""
        terms = random_terms(device.device, device.w_um, device.l_um, device.nf, device.m, self.model)
        if self.settings.k_vth is None:
            return terms
        own = self.settings.k_vth / sqrt(device.w_um * device.l_um * device.m)
        return {"delvto" if self.model == DEFAULT_MODEL else "vth0": own}

    @property
    def sigma_vth_v(self) -> float:
        """Threshold sigma of the first unit, V: the drawn shift itself, or what vth0 and oxide make of it."""
        drawn = self.unit_sigmas(self.unit)
        return drawn["delvto"] if "delvto" in drawn else self.response.sigma_vth()

    def units(self, side: Side) -> list[FlatDevice]:
        """The transistors of a side. Raises InputError when it has none."""
        all_mos = [f for f in flat_devices(self.cell.circuit) if isinstance(f.device, Mos)]
        mine = [f for f in all_mos if f.nets["g"] == side.gate and side.drain in (f.nets["d"], f.nets["s"])]
        if not mine:
            raise InputError(
                f"{self.cell.name} has no transistor between pins {side.drain} and {side.gate}", field="name"
            )
        return mine

    def shares(self, side: Side) -> Array:
        """Each unit's share of the side's W/L, (units,)."""
        squares = np.array([_mos(f).w_um * _mos(f).m / _mos(f).l_um for f in self.units(side)])
        return squares / squares.sum()

    def scales(self, side: Side) -> Array:
        """Each unit's sigmas by those of the first unit of all, (units,)."""
        first = next(iter(self.unit_sigmas(self.unit).values()))
        return np.array([next(iter(self.unit_sigmas(_mos(f)).values())) / first for f in self.units(side)])

    def scale(self, side: Side) -> float:
        """Sigma of the side's mean deviation by that of the first unit."""
        return float(np.sqrt(np.sum((self.shares(side) * self.scales(side)) ** 2)))

    def closed(self) -> dict[str, Spread]:
        """Sigmas by formula."""
        scales = [self.scale(side) for side in self.sides]
        both, answer = sqrt(sum(s**2 for s in scales)), self.response
        out = {
            self.vth_name: exact(both * self.sigma_vth_v, "V"),
            "gain_error": exact(self._gain_sigma(scales), "frac"),
        }
        if self.is_pair:
            out["offset"] = exact(answer.sigma_log(both) / answer.gm_id, "V")
            mirror = "gain_error" if self.cell.kind == Kind.MIRROR else "mirror_gain_error"
            out[mirror] = exact(self._mirror_sigma(scales), "frac")
        return out

    @property
    def notes(self) -> list[str]:
        """Where the closed form leaves its range."""
        scales = [self.scale(side) for side in self.sides]
        s = self.response.sigma_log(sqrt(sum(x**2 for x in scales)))
        if s <= LINEAR_UP_TO:
            return []
        return [
            f"sigma of ln(I) is {s:.2f}, above {LINEAR_UP_TO}: the current is far from normal here, the sigma of the "
            "gain error is out of the closed form's range; use the offset or drawn quantiles"
        ]

    @property
    def point(self) -> dict[str, float]:
        """The operating point: currents (A), voltages (V), gm/ID (1/V) and sigma of ln(I) of one unit."""
        answer = self.response
        squares = self.unit.w_um * self.unit.m / self.unit.l_um
        return {
            "i_square": answer.i_op / squares,
            "v_gs": answer.v_op,
            "gm_id": answer.gm_id,
            "sigma_ln_i_one_unit": answer.sigma_log(),
        }

    def drawn(self, rng: np.random.Generator, samples: int) -> Samples:
        """Samples (samples,) with unit: every parameter of every unit drawn, in chunks of bounded memory."""
        parts = [self._drawn(rng, min(_CHUNK, samples - at)) for at in range(0, samples, _CHUNK)]
        units = {self.vth_name: "V", "offset": "V"}
        return {name: (np.concatenate([p[name] for p in parts]), units.get(name, "frac")) for name in parts[0]}

    def drawn_by_ngspice(self, samples: int, seed: int) -> Samples:
        """Samples (samples,) with unit, drawn by the model file itself."""
        from .mismatch_ngspice import drawn_by_ngspice

        return drawn_by_ngspice(self, samples, seed)

    @property
    def source(self) -> str:
        """Where the coefficients come from."""
        if self.settings.k_vth is not None:
            return f"k_vth = {self.settings.k_vth:g} V um of one device, as given"
        unit = self.unit
        return terms_source(unit.device, unit.w_um, unit.l_um, unit.nf, self.model)

    def _gain_sigma(self, scales: Sequence[float]) -> float:
        answer = self.response
        first, second = answer.moment(1, scales[0]), answer.moment(2, scales[0])
        if len(scales) == 2:
            first, second = first * answer.moment(-1, scales[1]), second * answer.moment(-2, scales[1])
        return sqrt(max(second - first**2, 0.0))

    def _mirror_sigma(self, scales: Sequence[float]) -> float:
        """The output follows the gate curve by the diode's gate change and by the output's own equivalent one."""
        answer = self.response
        nodes, weights = np.polynomial.hermite_e.hermegauss(_NODES)
        own = answer.sigma_log(scales[1]) / answer.gm_id
        gate = answer.v_diode + nodes * np.hypot(answer.sigma_diode(scales[0]), own)
        inside = (gate > answer.v[0]) & (gate < answer.v[-1])
        ratio = np.exp(answer.along_gate(gate[inside]))
        share = weights[inside] / weights[inside].sum()
        return float(np.sqrt(share @ (ratio - share @ ratio) ** 2))

    def _drawn(self, rng: np.random.Generator, samples: int) -> dict[str, Array]:
        sides = [self._side(rng, side, samples) for side in self.sides]
        (log_i, vth, diode), answer = sides[0], self.response
        if not self.is_pair:
            return {"vth": vth, "gain_error": np.exp(log_i) - 1}
        other, other_vth, _ = sides[1]
        own = answer.gate_shift(other)
        shift = answer.gate_shift(log_i) - own
        mirror = np.exp(answer.along_gate(answer.v_diode + diode + own)) - 1
        found = {"delta_vth": vth - other_vth, "gain_error": np.exp(log_i - other) - 1, "offset": shift}
        return {**found, **({"gain_error": mirror} if self.cell.kind == Kind.MIRROR else {"mirror_gain_error": mirror})}

    def _side(self, rng: np.random.Generator, side: Side, samples: int) -> Array:
        """ln(I/I_op), threshold change (V) and change as a diode (V) of a side, (3, samples)."""
        answer, scales, shares = self.response, self.scales(side), self.shares(side)
        z = {name: rng.standard_normal((samples, len(scales))) * scales for name in answer.log_ratio}
        found = answer.drawn(z)
        if len(shares) == 1:
            return found[..., 0]
        return np.array([np.log(np.exp(found[0]) @ shares), *(found[1:] @ shares)])


def _mos(flat: FlatDevice) -> Mos:
    if not isinstance(flat.device, Mos):
        raise InputError(f"{flat.device.name} is no transistor", field="name")
    return flat.device


def _smallest_output(cell: Cell) -> int:
    """Number of the output of the fewest units, from 1."""
    outputs = getattr(cell.spec, "ratios", (1, 1))[1:]
    return 1 + min(range(len(outputs)), key=lambda k: outputs[k])
