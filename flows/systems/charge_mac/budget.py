"""What errs in the sums of a charge-domain multiplier, source by source, as fractions of the full scale of its sums."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from analoom.cells.model.cell import Cell
from analoom.pdk.corners import corner as corner_named

from .cycle import Settings, input_vectors
from .mismatch import MacStatistics
from .noise import thermal_v
from .settling import tile_settling, timing
from .solver import load_of, parts_of, row_source, span_of
from .unit import switch_node, switched, switches_of
from .weights import spec_of
from .wires import no_wires

Values = NDArray[np.float64]
_TEMP_DEGC = 27.0


def mac_budget(cell: Cell, statistics: MacStatistics, gradient_frac_um: float) -> dict[str, float]:
    """Errors "random", "gradient" (of the worst output), "routing", "injection" and "noise" (of the first).

    Routing and injection are what a straight line leaves: a common gain is no error of a sum.
    """
    found = {"random": statistics.closed()["output_error"].sigma}
    found["gradient"] = gradient_error(cell, statistics, gradient_frac_um)
    return {**found, **_drawn_errors(cell, statistics)}


def gradient_error(cell: Cell, statistics: MacStatistics, gradient_frac_um: float) -> float:
    """Worst output by a capacitance that grows along the worst direction, 1/um, all inputs at full scale."""
    adds, loads = statistics.shares
    places = unit_places(cell)
    moments = []
    for j, at in enumerate(places):
        count = 2.0 ** np.arange(adds.shape[2])
        total = max((loads[j] * count).sum(), 1.0)
        slope = (adds[j] - (adds[j] * count).sum() / total) * loads[j] * count / total
        moments.append((slope[..., None] * at).sum(axis=(0, 1)))
    return float(gradient_frac_um * np.hypot(*np.array(moments).T).max() / 2)


def unit_places(cell: Cell) -> Values:
    """Centre of every weight bit's units in the drawn array, (outputs, inputs, bits - 1, 2) um."""
    spec = spec_of(cell)
    out = np.zeros((spec.outputs, spec.inputs, spec.bits - 1, 2))
    for j, row in enumerate(cell.instances):
        tiles = [t for t in row.cell.instances if t.name.startswith("t")]
        for i, tile in enumerate(tiles):
            caps = next(c for c in tile.cell.instances if c.name == "caps")
            group = caps.cell.match_groups[0]
            for k in range(spec.bits - 1):
                boxes = [box.transformed(row.trans * tile.trans * caps.trans) for box in group.members[f"b{k}"]]
                out[j, i, k] = np.mean([(b.center().x / 1e3, b.center().y / 1e3) for b in boxes], axis=0)
    return out


def _drawn_errors(cell: Cell, statistics: MacStatistics) -> dict[str, float]:
    """Routing, injection and noise of the first output, with the wires of the typical corner."""
    settings, corner = Settings.parse({}), corner_named("tt")
    parts, stored = parts_of(cell, "post", corner, _TEMP_DEGC, settings), statistics.bits[0]
    seen = row_source(parts, parts.wires[0], stored)
    ideal = row_source(parts, no_wires(spec_of(cell))[0], stored)
    vectors = input_vectors(_signs(stored), settings.levels)
    switches, load = switches_of(cell, corner, _TEMP_DEGC), load_of(parts, seen, parts.wires[0], stored)
    node = switch_node(switches, settings, load)
    timed = timing(settings, switches, node, tile_settling(cell, corner, _TEMP_DEGC, settings))
    row = switched(switches, timed, load, span_of(settings, seen))
    scale = 2 * settings.swing
    gain = float(np.polyfit(row.source_v, row.held, 1)[0])
    return {
        "routing": _bent(vectors @ ideal.per_volt, vectors @ seen.per_volt) / 2,
        "injection": _bent(row.source_v, row.held) / (scale * gain),
        "noise": thermal_v(node.held_f, _TEMP_DEGC) / (scale * gain),
    }


def _signs(stored: NDArray[np.int64]) -> Values:
    return np.where(stored[None, :, -1] == 1, -1.0, 1.0)


def _bent(x: Values, y: Values) -> float:
    """Root mean square of what a straight line through y over x leaves; 0 where x does not vary."""
    if not np.ptp(x):
        return 0.0
    return float(np.sqrt(np.mean((y - np.polyval(np.polyfit(x, y, 1), x)) ** 2)))
