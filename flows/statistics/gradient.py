"""What process gradients do to a match group, from the drawn positions of its units: one implementation for all cells.

A member is several units (boxes); its value under a gradient is the area-weighted sum over them. Given are

- the centroid residual: how far a member's centre is from the group's, the error per linear gradient of 1/um;
- the second-moment residual (um2), the error per curvature of 1/um2: for a bowl, and for the worst curvature with
  principal values of at most 1 in size (the nuclear norm of the difference of the moment matrices);
- the overall correlation coefficient L: mean over pairs of members of R_ij = S_ij / sqrt(S_ii S_jj), S_ij the sum over
  their units of rho^D, D in um. Source: the definition of Luo et al. as used in Huang, Wey, Chen and Luo, ACM TODAES
  19(1) art. 7 (2013); our distance is in um, not in units;
- the maximum ratio mismatch M: the largest deviation of a ratio of two members from that of their areas under a tilted
  oxide, unit value area / (1 + g u.r), over all directions u. Source: McNutt, LeMarquis and Dunkley, JSSC 29 (1994);
- INL and DNL (LSB) of the members used as a weighted converter, in the worst direction.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import asdict, dataclass, field
from typing import Any

import numpy as np
from numpy.typing import NDArray

from analoom.cells.model.cell import MatchGroup
from analoom.generators.matching.notes import CENTRED_UM, not_centred_words
from analoom.pdk.errors import InputError

from .code_levels import code_levels, inl_lsb

Array = NDArray[np.float64]

ANGLES = 360
MOST_UNITS, MOST_MEMBERS = 8192, 2048
"""Units and members up to which the correlation coefficient is computed: it takes every pair of them."""
_BLOCK = 256
"""Units whose distances to all others are held at a time."""
_MOST_LISTED = 64


@dataclass(frozen=True)
class Units:
    """Every unit of a group: `xy` (units, 2) um from the group's centre, `area` (units,) um2, index of its `owner`."""

    names: tuple[str, ...]
    xy: Array
    area: Array
    owner: NDArray[np.int64]

    def per_member(self, values: Array) -> Array:
        """Area-weighted mean of `values` (units, ...) by member, (members, ...)."""
        sums = np.zeros((len(self.names), *values.shape[1:]))
        np.add.at(sums, self.owner, values * self.area.reshape(-1, *[1] * (values.ndim - 1)))
        return sums / self.areas.reshape(-1, *[1] * (values.ndim - 1))

    @property
    def areas(self) -> Array:
        """(members,) um2."""
        return np.bincount(self.owner, weights=self.area, minlength=len(self.names)).astype(np.float64)


@dataclass(frozen=True)
class GradientReport:
    """Metrics of one group. Offsets in um, moments in um2; `ratio_error` and `max_ratio_mismatch` are fractions."""

    group: str
    members: int
    units: int
    gradient_frac_um: float
    rho_unit: float
    worst_centroid_um: float
    worst_angle_deg: float
    linear_error: float
    bowl_um2: float
    worst_curvature_um2: float
    correlation: float | None
    max_ratio_mismatch: float
    inl_lsb: float | None = None
    dnl_lsb: float | None = None
    centroids_um: Mapping[str, tuple[float, float]] = field(default_factory=dict)

    @property
    def off_centre_um(self) -> dict[str, float]:
        """How far a member's centre is from the group's, where that is more than rounding; of the members listed."""
        apart = {name: float(np.hypot(*xy)) for name, xy in self.centroids_um.items()}
        return {name: um for name, um in apart.items() if um > CENTRED_UM}

    def to_json(self) -> dict[str, Any]:
        """All fields; positions as lists, as JSON knows them."""
        positions = {name: list(xy) for name, xy in self.centroids_um.items()}
        return {**asdict(self), "centroids_um": positions, "off_centre_um": self.off_centre_um}


def gradient_report(
    group: MatchGroup, gradient_frac_um: float, rho_unit: float, weights: Sequence[int] | None = None
) -> GradientReport:
    """Metrics of `group` for a gradient of `gradient_frac_um` (1/um). Raises InputError for values out of range."""
    if gradient_frac_um < 0 or not 0 < rho_unit < 1:
        raise InputError(f"gradient {gradient_frac_um:g} 1/um, rho {rho_unit:g}: not in range", field="settings")
    units = units_of(group)
    offsets = units.per_member(units.xy)
    errors, angles = plane_errors(units, gradient_frac_um)
    worst = int(np.abs(errors).max(axis=1).argmax())
    inl, dnl = _converter(units, gradient_frac_um, weights)
    return GradientReport(
        group=group.name,
        members=len(units.names),
        units=len(units.area),
        gradient_frac_um=gradient_frac_um,
        rho_unit=rho_unit,
        worst_centroid_um=float(np.hypot(*_spread(offsets).T).max()),
        worst_angle_deg=float(np.degrees(angles[worst])),
        linear_error=float(np.abs(errors).max()),
        bowl_um2=_bowl(units),
        worst_curvature_um2=_curvature(units),
        correlation=correlation(units, rho_unit),
        max_ratio_mismatch=max_ratio_mismatch(units, gradient_frac_um),
        inl_lsb=inl,
        dnl_lsb=dnl,
        centroids_um={n: (float(x), float(y)) for n, (x, y) in zip(units.names, offsets, strict=True)}
        if len(offsets) <= _MOST_LISTED
        else {},
    )


def off_centre_words(groups: Sequence[Mapping[str, Any]]) -> tuple[str, ...]:
    """What is said of members whose centre is not the group's."""
    return not_centred_words({name: um for group in groups for name, um in group["off_centre_um"].items()})


def units_of(group: MatchGroup) -> Units:
    """The units of a match group about their common centre. Raises InputError for an empty group."""
    boxes = [(k, box) for k, boxes in enumerate(group.members.values()) for box in boxes]
    if not boxes:
        raise InputError(f"match group {group.name} holds no units", field="name")
    area = np.array([box.area() for _, box in boxes]) / 1e6
    xy = np.array([((b.left + b.right) / 2e3, (b.bottom + b.top) / 2e3) for _, b in boxes])
    owner = np.array([k for k, _ in boxes], dtype=np.int64)
    return Units(tuple(group.members), xy - area @ xy / area.sum(), area, owner)


def plane_errors(units: Units, gradient_frac_um: float) -> tuple[Array, Array]:
    """Error of each member under a linear gradient by direction, (angles, members), and the angles (rad)."""
    angles = np.linspace(0, np.pi, ANGLES // 2, endpoint=False)
    directions = np.stack([np.cos(angles), np.sin(angles)])
    return gradient_frac_um * (units.per_member(units.xy) @ directions).T, angles


def correlation(units: Units, rho_unit: float) -> float | None:
    """Overall correlation coefficient L; None for a single member, and above MOST_UNITS or MOST_MEMBERS."""
    if not 2 <= len(units.names) <= MOST_MEMBERS or len(units.area) > MOST_UNITS:
        return None
    sums = _correlated(units, rho_unit)
    scale = np.sqrt(np.diag(sums))
    pairs = (sums / np.outer(scale, scale))[np.triu_indices(len(scale), 1)]
    return float(pairs.mean())


def _correlated(units: Units, rho_unit: float) -> Array:
    """S_ij of every two members, (members, members): block by block of units, so that 4,096 take some 20 MB."""
    order = np.argsort(units.owner, kind="stable")
    xy, owner = units.xy[order], units.owner[order]
    first = np.searchsorted(owner, np.arange(len(units.names)))
    sums, log_rho = np.zeros((len(units.names),) * 2), float(np.log(rho_unit))
    for start in range(0, len(owner), _BLOCK):
        block = slice(start, start + _BLOCK)
        kernel = np.exp(log_rho * np.hypot(*(xy[block, None] - xy[None]).transpose(2, 0, 1)))
        np.add.at(sums, owner[block], np.add.reduceat(kernel, first, axis=1))
    return sums


def max_ratio_mismatch(units: Units, gradient_frac_um: float) -> float:
    """Largest deviation of a ratio of two members over all directions of a tilted oxide."""
    if len(units.names) < 2:
        return 0.0
    values = values_under_tilt(units, gradient_frac_um) / units.areas
    return float((values.max(axis=1) / values.min(axis=1) - 1).max())


def values_under_tilt(units: Units, gradient_frac_um: float) -> Array:
    """Values of the members under an oxide that thickens in each direction, (angles, members) um2."""
    angles = np.linspace(0, 2 * np.pi, ANGLES, endpoint=False)
    along = units.xy @ np.stack([np.cos(angles), np.sin(angles)])
    if gradient_frac_um * np.abs(along).max() >= 1:
        raise InputError("the gradient leaves no oxide at the group's edge", field="settings.gradient_frac_um")
    return (units.per_member(1 / (1 + gradient_frac_um * along)) * units.areas[:, None]).T


def _converter(
    units: Units, gradient_frac_um: float, weights: Sequence[int] | None
) -> tuple[float | None, float | None]:
    """INL and DNL of the members as a converter; None where they are no weights or leave codes unmet."""
    if weights is None or len(weights) != len(units.names):
        return None, None
    levels = code_levels(np.array(weights, dtype=np.int64))
    if levels is None:
        return None, None
    inl = inl_lsb(levels, values_under_tilt(units, gradient_frac_um), units.areas)
    return float(np.abs(inl).max()), float(np.abs(np.diff(inl, axis=-1)).max())


def _moments(units: Units) -> Array:
    """Second moments of each member about the group's centre, (members, 2, 2) um2."""
    return units.per_member(units.xy[:, :, None] * units.xy[:, None, :])


def _bowl(units: Units) -> float:
    """Largest difference of two members' mean squared distance from the centre, um2."""
    radius = np.trace(_moments(units), axis1=1, axis2=2)
    return float(radius.max() - radius.min())


def _curvature(units: Units) -> float:
    """Largest nuclear norm of two members' difference of moments, um2; from the group's where members are many."""
    moments = _moments(units)
    if len(moments) > _MOST_LISTED:
        differences = moments - np.average(moments, axis=0, weights=units.areas)
    else:
        differences = (moments[:, None] - moments[None]).reshape(-1, 2, 2)
    return float(np.abs(np.linalg.eigvalsh(differences)).sum(axis=1).max())


def _spread(offsets: Array) -> Array:
    """Differences of offsets between members (pairs, 2), or from the centre where members are many."""
    if len(offsets) > _MOST_LISTED or len(offsets) == 1:
        return offsets
    return (offsets[:, None] - offsets[None]).reshape(-1, 2)
