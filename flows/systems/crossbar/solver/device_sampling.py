"""Channel currents of one transistor size over gate, shift, source and drain-source voltage, by ngspice."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import replace

import numpy as np
from numpy.typing import NDArray

from analoom.cells.model.circuit import Mos
from analoom.flows.netlists.model_variants import size_of, with_variants
from analoom.flows.netlists.models import trimmed_library
from analoom.flows.simulator.ngspice import circuit, deck
from analoom.pdk.corners import Corner
from analoom.pdk.errors import ToolError

Values = NDArray[np.float64]


def sweep_device(
    device: Mos, corner: Corner, temp_degc: float, v_g: Values, nodes: tuple[Values, Values, Values]
) -> Values:
    """Channel currents, (gates, shifts, v_s, v_ds) A, of the `m` copies together: one circuit with a transistor at
    every node, gates swept over the evenly spaced `v_g`."""
    sign = -1.0 if device.device.is_p else 1.0
    first, step = sign * float(v_g[0]), sign * float(v_g[-1] - v_g[0]) / (len(v_g) - 1)
    lines, saved = [], []
    for k, (shift, low, v_ds) in enumerate(_grid(nodes)):
        nets = {"d": f"d{k}", "g": "g", "s": f"s{k}", "b": "0"}
        lines.append(f"{with_variants(unit_line(device, str(k), nets))} dvt={sign * shift!r}")
        lines += [f"vd{k} d{k} 0 {sign * (low + v_ds)!r}", f"vs{k} s{k} 0 {sign * low!r}"]
        saved.append(f"@m.x{k}.m{size_of(device).model}[id]")
    lines += [".save " + " ".join(saved[n : n + 50]) for n in range(0, len(saved), 50)]
    library = _shiftable(trimmed_library([size_of(device)], corner).read_text(), size_of(device).variant)
    text = deck("table", library, f".temp {temp_degc:g}", f"vg g 0 {first!r}", *lines)
    with circuit(text) as loaded:
        found = loaded.run(f"dc vg {first!r} {sign * float(v_g[-1]) + step / 2!r} {step!r}")
    table = np.array([np.abs(found[name.lower()]) for name in saved]).T[: len(v_g)]
    return device.m * table.reshape(len(v_g), *map(len, nodes))


def _grid(nodes: tuple[Values, Values, Values]) -> Iterator[tuple[float, float, float]]:
    for shift in nodes[0]:
        for low in nodes[1]:
            for v_ds in nodes[2]:
                yield float(shift), float(low), float(v_ds)


def unit_line(device: Mos, name: str, nets: dict[str, str]) -> str:
    """The device line of the circuit itself, single, on other nets."""
    return replace(device, name=name, nets=nets, m=1).spice()


def _shiftable(library: str, variant: str) -> str:
    """The library with a parameter `dvt` of the subcircuit added to its threshold."""
    text, heads = re.subn(rf"(\.subckt\s+{re.escape(variant)}\s+d g s b)", r"\1 dvt=0", library)
    text, shifts = re.subn(r"\bdelvto = \{", "delvto = {dvt+", text)
    if (heads, shifts) != (1, 1):
        raise ToolError(f"{variant} has no threshold shift analoom knows of", field="models")
    return text
