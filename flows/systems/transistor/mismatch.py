"""Mismatch of transistor cells: thresholds of a pair's sides (or one device), and what they do to current and offset.

The closed form takes sigmas from the coefficients and the answer of the current from `transistor_response`: with
r(z) = I(z)/I_op of either side, the pair's sigma of I1/I2 follows from E[r], E[r^2], E[1/r] and E[1/r^2], which holds
for the lognormal currents of weak inversion as well as for the nearly linear ones of strong inversion. `offset` is the
gate voltage that would make the currents equal. As a mirror the first side's current is forced and the gates follow.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from math import sqrt

import numpy as np
from numpy.typing import NDArray

from analoom.flows.files.progress import tracked
from analoom.flows.statistics.protocol import Samples, Statistics
from analoom.flows.statistics.spread import Spread, exact
from analoom.pdk.mismatch.terms import terms_source

from .ngspice_draws import draw_by_ngspice
from .transfer import Side
from .units import TransistorUnits

LINEAR_UP_TO = 0.5
"""Largest sigma of ln(I1/I2) for which a sigma of the gain error describes its distribution."""
_CHUNK = 16_384
_NODES = 64

Array = NDArray[np.float64]


@dataclass(frozen=True)
class TransistorStatistics(TransistorUnits, Statistics):
    """The random errors of a device, a pair or a mirror."""

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
            mirror = "gain_error" if self.cell.kind == "mirror" else "mirror_gain_error"
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
        parts = [self._drawn(rng, min(_CHUNK, samples - at)) for at in tracked(range(0, samples, _CHUNK))]
        units = {self.vth_name: "V", "offset": "V"}
        return {name: (np.concatenate([p[name] for p in parts]), units.get(name, "frac")) for name in parts[0]}

    def drawn_by_ngspice(self, samples: int, seed: int) -> Samples:
        """Samples (samples,) with unit, drawn by the model file itself."""
        return draw_by_ngspice(self, samples, seed)

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
        return {**found, **({"gain_error": mirror} if self.cell.kind == "mirror" else {"mirror_gain_error": mirror})}

    def _side(self, rng: np.random.Generator, side: Side, samples: int) -> Array:
        """ln(I/I_op), threshold change (V) and change as a diode (V) of a side, (3, samples)."""
        answer, scales, shares = self.response, self.scales(side), self.shares(side)
        z = {name: rng.standard_normal((samples, len(scales))) * scales for name in answer.log_ratio}
        found = answer.drawn(z)
        if len(shares) == 1:
            return found[..., 0]
        return np.array([np.log(np.exp(found[0]) @ shares), *(found[1:] @ shares)])
