"""Capacitances of boxes in the SKY130 metal stack: finite-volume Laplace on graded grids, in two or three dimensions.

The silicon is a grounded plane at z = 0, the other walls let no field through. Two sets of permittivities, whose
difference is what the published data leave open (2 to 8 %):
A, the SkyWater metal stack drawing (skywater-pdk docs, `_static/metal_stack.ps`) with its liners;
B, one permittivity a level, fitted to the plate capacitances of the SkyWater docs (rules/rcx, capacitance-parallel).
"""

from __future__ import annotations

from dataclasses import dataclass
from itertools import pairwise
from typing import NamedTuple

import numpy as np
from pyamg import ruge_stuben_solver
from scipy.sparse import coo_matrix, csr_matrix, diags
from scipy.sparse.linalg import cg, splu

EPS0_AF_PER_UM = 8.8541878128

BOTTOM_AND_THICKNESS_UM = {
    "poly": (0.3262, 0.18),
    "li1": (0.9361, 0.1),
    "met1": (1.3761, 0.36),
    "met2": (2.0061, 0.36),
    "met3": (2.7861, 0.845),
    "capm": (3.6511, 0.1),
    "met4": (4.0211, 0.845),
    "met5": (5.3711, 1.26),
}
"""As drawn; the MIM film (0.02 um) and top plate are KLayout-PEX's fit."""

PLANES = {
    "A": ((0.0, 3.9), (0.9361, 7.3), (1.0111, 4.05), (1.3761, 4.5), (2.0061, 4.2), (2.7861, 4.1), (4.0211, 4.0)),
    "B": (
        (0.0, 3.9),
        (0.9361, 7.3),
        (1.0111, 3.94),
        (1.3761, 4.0822),
        (2.0061, 4.0883),
        (2.7861, 3.7015),
        (4.0211, 3.897),
    ),
}
"""(from height in um, relative permittivity) of each level's oxide."""

COVER = ((5.3711, 3.9), (5.4611, 7.5), (5.8834, 2.94))
"""The passivation above, where no met5 is drawn, and the polyimide."""

LINERS = {"met1": (0.03, 3.5), "met2": (0.03, 3.5)}
"""Stack A: thickness (um) and permittivity on the side walls."""

FILM_K = 4.52


class Box(NamedTuple):
    """A conductor of net `net`: level, x0, y0, x1, y1 in um. In two dimensions y is ignored."""

    net: int
    level: str
    x0: float
    y0: float
    x1: float
    y1: float

    @property
    def z(self) -> tuple[float, float]:
        bottom, thickness = BOTTOM_AND_THICKNESS_UM[self.level]
        return bottom, bottom + thickness


@dataclass(frozen=True)
class Mesh:
    """Finest step `h_um` at the conductors, growing by `growth` to at most `most_um`; `far_um` of room around."""

    h_um: float = 0.02
    growth: float = 1.25
    most_um: float = 2.0
    far_um: float = 12.0
    top_um: float = 16.0
    walls_um: tuple[float, float, float, float] | None = None


def per_length_af_per_um(boxes: list[Box], stack: str = "A", mesh: Mesh | None = None) -> np.ndarray:
    """Maxwell matrix (nets, nets) in aF/um of infinite wires along y."""
    return _solve(boxes, stack, mesh or Mesh(h_um=0.01, growth=1.15, far_um=25.0, top_um=30.0), flat=True)


def solid_af(boxes: list[Box], stack: str = "A", mesh: Mesh | None = None) -> np.ndarray:
    """Maxwell matrix (nets, nets) in aF. `mesh.walls_um` (x0, y0, x1, y1) puts mirrors there: a periodic array."""
    return _solve(boxes, stack, mesh or Mesh(), flat=False)


def _solve(boxes: list[Box], stack: str, mesh: Mesh, flat: bool) -> np.ndarray:
    lines = _lines(boxes, stack, mesh, flat)
    matrix = _matrix(lines, _permittivity(lines, boxes, stack))
    owner = _owner(lines, boxes)
    return _charges(matrix, owner, direct=flat) * EPS0_AF_PER_UM


def _lines(boxes: list[Box], stack: str, mesh: Mesh, flat: bool) -> tuple[np.ndarray, np.ndarray, np.ndarray]:
    axes = []
    for low, high, wall in (("x0", "x1", 0), ("y0", "y1", 1)):
        keys = {getattr(b, low) for b in boxes} | {getattr(b, high) for b in boxes}
        walls = mesh.walls_um
        ends = (walls[wall], walls[wall + 2]) if walls else (min(keys) - mesh.far_um, max(keys) + mesh.far_um)
        axes.append(_graded({k for k in keys if ends[0] <= k <= ends[1]}, ends, mesh))
    heights = {z for b in boxes for z in b.z}
    planes = {z for z, _ in (*PLANES[stack], *COVER)} - {0.0}
    axes.append(_graded(heights, (0.0, mesh.top_um), mesh, planes))
    return np.zeros(1) if flat else axes[1], axes[0], axes[2]


def _graded(keys: set[float], ends: tuple[float, float], mesh: Mesh, through: set[float] | None = None) -> np.ndarray:
    """Lines at every key and every height of `through`, fine at the keys only."""
    marks = sorted(keys | set(ends) | (through or set()))
    out = [marks[0]]
    for a, b in pairwise(marks):
        if b - a < 1e-6:
            continue
        out += list(_between(a, b, keys, mesh))
    return np.array(out)


def _between(a: float, b: float, keys: set[float], mesh: Mesh) -> np.ndarray:
    """Lines in (a, b]: local step h + (growth - 1) * distance to the nearest key, capped."""
    at = np.linspace(a, b, 400)
    distance = np.min([np.abs(at - k) for k in keys], axis=0)
    step = np.minimum(mesh.h_um + (mesh.growth - 1) * distance, mesh.most_um)
    density = np.concatenate([[0.0], np.cumsum((at[1] - at[0]) / 2 * (1 / step[1:] + 1 / step[:-1]))])
    count = max(2 if b - a > mesh.h_um else 1, int(np.ceil(density[-1])))
    return np.interp(np.linspace(0, density[-1], count + 1)[1:], density, at)


def _permittivity(lines: tuple[np.ndarray, np.ndarray, np.ndarray], boxes: list[Box], stack: str) -> np.ndarray:
    """Relative permittivity of each cell, (y, x, z)."""
    y, x, z = (_middles(v) for v in lines)
    column = np.zeros(len(z))
    for start, k in (*PLANES[stack], *COVER):
        column[z > start] = k
    eps = np.broadcast_to(column, (len(y), len(x), len(z))).copy()
    for box in boxes:
        low, high = box.z
        if box.level == "capm":
            _fill(eps, (y, x, z), box, (low - 0.02, low), 0.0, FILM_K)
        if stack == "A" and box.level in LINERS:
            _fill(eps, (y, x, z), box, (low, high), *LINERS[box.level])
        if box.level == "poly":
            _fill(eps, (y, x, z), box, (low, high + 0.121), 0.0431, 7.5)
        if box.level == "li1":
            _fill(eps, (y, x, z), box, (low, high + 0.075), 0.075, 7.3)
    return eps


def _middles(line: np.ndarray) -> np.ndarray:
    return line if len(line) == 1 else (line[1:] + line[:-1]) / 2


def _fill(eps: np.ndarray, at: tuple, box: Box, z: tuple[float, float], grow: float, k: float) -> None:
    y = np.ones(1, bool) if len(at[0]) == 1 else (at[0] > box.y0 - grow) & (at[0] < box.y1 + grow)
    x = (at[1] > box.x0 - grow) & (at[1] < box.x1 + grow)
    eps[np.ix_(y, x, (at[2] > z[0]) & (at[2] < z[1]))] = k


def _owner(lines: tuple[np.ndarray, np.ndarray, np.ndarray], boxes: list[Box]) -> np.ndarray:
    """The net of each node, -1 in the oxide, -2 on the silicon."""
    y, x, z = lines
    owner = np.full((len(y), len(x), len(z)), -1)
    owner[:, :, 0] = -2
    tiny = 1e-7
    for b in boxes:
        in_y = np.ones(1, bool) if len(y) == 1 else (y > b.y0 - tiny) & (y < b.y1 + tiny)
        in_z = (z > b.z[0] - tiny) & (z < b.z[1] + tiny)
        owner[np.ix_(in_y, (x > b.x0 - tiny) & (x < b.x1 + tiny), in_z)] = b.net
    return owner.ravel()


def _matrix(lines: tuple[np.ndarray, np.ndarray, np.ndarray], eps: np.ndarray) -> csr_matrix:
    """Conductances between neighbouring nodes, as the Laplacian of a network."""
    steps = [np.diff(v) if len(v) > 1 else np.ones(1) for v in lines]
    shape = tuple(len(v) for v in lines)
    number = np.arange(int(np.prod(shape))).reshape(shape)
    parts = []
    for axis in range(3):
        if shape[axis] == 1:
            continue
        g = eps
        for other in range(3):
            by = steps[other].reshape([-1 if k == other else 1 for k in range(3)])
            g = g / by if other == axis else _to_nodes(g * by, other, shape[other])
        low = np.take(number, range(shape[axis] - 1), axis).ravel()
        high = np.take(number, range(1, shape[axis]), axis).ravel()
        parts.append((low, high, g.ravel()))
    low, high, g = (np.concatenate(v) for v in zip(*parts, strict=True))
    upper = coo_matrix((-g, (low, high)), shape=(number.size, number.size))
    off = (upper + upper.T).tocsr()
    return (off - diags(np.asarray(off.sum(axis=1)).ravel())).tocsr()


def _to_nodes(values: np.ndarray, axis: int, nodes: int) -> np.ndarray:
    """Half of each cell to the node on either side."""
    if nodes == 1:
        return values
    pad = [(1, 1) if k == axis else (0, 0) for k in range(3)]
    padded = np.pad(values, pad)
    return (np.take(padded, range(nodes), axis) + np.take(padded, range(1, nodes + 1), axis)) / 2


def _charges(matrix: csr_matrix, owner: np.ndarray, direct: bool) -> np.ndarray:
    free = np.nonzero(owner == -1)[0]
    nets = int(owner.max()) + 1
    inner = matrix[free][:, free].tocsc()
    solve = splu(inner).solve if direct else _iterative(inner)
    out = np.zeros((nets, nets))
    for k in range(nets):
        phi = (owner == k).astype(float)
        phi[free] = solve(-(matrix[free] @ phi))
        charge = matrix @ phi
        out[:, k] = [charge[owner == n].sum() for n in range(nets)]
    return (out + out.T) / 2


def _iterative(inner: csr_matrix):
    """Conjugate gradients with algebraic multigrid before them."""
    before = ruge_stuben_solver(inner.tocsr(), max_coarse=200).aspreconditioner()

    def solve(right: np.ndarray) -> np.ndarray:
        found, failed = cg(inner, right, rtol=1e-5, maxiter=500, M=before)
        if failed:
            raise ArithmeticError("field solution did not converge")
        return found

    return solve
