"""Resistance of a charge-domain multiplier's drawn lines, as the settling of a row sees it.

Plates settle through their switches, the input's line and the row's common plate in series. A line that is loaded
evenly settles like a third of its resistance with all of its load at its end; an input's line carries the charge of
every row. Source: W. C. Elmore, "The transient response of damped linear networks", J. Appl. Phys. 19 (1948) 55, for
the mean over a line's length.
"""

from __future__ import annotations

from functools import cache

import numpy as np

from analoom.flows.files.layout_source import of_cell
from analoom.flows.pex.resistance.devices import device_nodes
from analoom.flows.pex.resistance.network import rc_network
from analoom.flows.pex.resistance.solve import resistance_ohm
from analoom.generators.charge_mac.charge_mac import charge_mac
from analoom.generators.charge_mac.spec import ChargeMacSpec
from analoom.pdk.wire_resistance import wire_resistance

PLATES, CHANNEL = ("top", "bottom"), ("d", "s")
"""Terminals of a capacitor, and of a switch: a line with capacitors is taken between them alone."""

SIZES = (2, 3)
"""Tiles along a line of the arrays that are extracted; what one more tile adds is what each adds."""


@cache
def row_ohm(spec: ChargeMacSpec, corner: str) -> float:
    """What the lines of the drawn array add to the switches of a row in parallel, ohm, at a wire corner."""
    plate = line_ohm(spec, corner, "inputs", "row0.top")
    line = max(line_ohm(spec, corner, "outputs", net) for net in ("x0", "xb0"))
    return plate / 3 + line * spec.outputs / 3 / spec.inputs


def line_ohm(spec: ChargeMacSpec, corner: str, along: str, net: str) -> float:
    """Ohm of a line `along` the "inputs" or the "outputs", from its first tile to its last."""
    across = "outputs" if along == "inputs" else "inputs"
    tiles = getattr(spec, along)
    if tiles < SIZES[0]:
        return 0.0
    small = [spec.model_copy(update={along: n, across: 1}) for n in SIZES]
    shorter, longer = (_longest_ohm(size, corner, net) for size in small)
    return float((tiles - 1) * (longer - shorter))


@cache
def _longest_ohm(spec: ChargeMacSpec, corner: str, net: str) -> float:
    """Between the two devices on a net that are farthest apart."""
    cell = charge_mac(spec)
    network = rc_network(of_cell(cell), wire_resistance(corner), crossings=False)
    net_of = {k: network.names[n] for k, n in enumerate(network.net.tolist())}
    at: dict[str, set[int]] = {}
    for _, terminal, name, nodes in device_nodes(cell, network.terminals, net_of):
        if name == net:
            at.setdefault(terminal, set()).update(nodes)
    plates, channel = ({n for t in kind for n in at.get(t, ())} for kind in (PLATES, CHANNEL))
    ends = np.array(sorted(plates or channel))
    far = resistance_ohm(network.a, network.b, network.ohm, int(ends[0]), ends)
    start = int(ends[np.argmax(np.where(np.isfinite(far), far, -1.0))])
    found = resistance_ohm(network.a, network.b, network.ohm, start, ends)
    return float(found[np.isfinite(found)].max())
