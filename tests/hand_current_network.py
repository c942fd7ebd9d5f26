"""A current-mode network written by hand, transistor by transistor, with a die's drawn numbers given to each of them.

Independent of the circuits that analoom draws and of its solver: it takes nothing of either but the random numbers.
"""

from collections.abc import Iterator

import numpy as np

from analoom.cells.model.circuit import Mos
from analoom.flows.netlists.model_variants import Size
from analoom.flows.simulator.ngspice import circuit, deck
from analoom.flows.statistics.mismatch_library import line_with_shifts, mismatch_library
from analoom.pdk.devices import MOS
from analoom.pdk.mismatch.terms import random_terms

VDD_V, PIN_V = 1.8, 0.6
BITS = (2, 2, 2, 2, 1, 1, 0)
"""The bit that each unit of a path belongs to."""


class HandNetwork:
    """One die of `dies` (a CurrentDies), its codes as ideal levels; `draw` off leaves every transistor nominal."""

    def __init__(self, dies, die, codes, drawn=True):
        self.dies, self.codes, self.drawn = dies, codes, drawn
        self.draw = dies.draw(die)
        sizes = [("n", dies.w, dies.l), ("p", dies.w, dies.l), ("n", 0.84, 0.15), ("p", 0.84, 0.15), ("n", 0.42, 0.15)]
        self.sizes = [Size(f"sky130_fd_pr__{t}fet_01v8", w, length, 1) for t, w, length in sizes]

    def text(self) -> str:
        """The netlist; inputs are `i_in_<k>`, outputs flow through `v_out_<j>`."""
        library = mismatch_library(self.sizes, self.dies.family, "given")
        head = f'.include "{library}"\n.option gmin=1e-12 abstol=1e-11\n.temp {self.dies.temp:g}'
        return deck(
            "network by hand", head, f"v_vdd vdd 0 {VDD_V}", f"v_low low 0 0\nv_high high 0 {VDD_V}", *self.lines()
        )

    def currents(self, x) -> tuple[np.ndarray, np.ndarray]:
        """Output currents (points, outputs), and what the supply gives (points,), A, at inputs `x` (points, inputs)."""
        found, supply = [], []
        with circuit(self.text()) as loaded:
            for point in x:
                for k, value in enumerate(point):
                    loaded.set(f"i_in_{k}", float(value))
                op = loaded.op()
                found.append([op[f"v_out_{j}#branch"] for j in range(self.dies.dims[-1])])
                supply.append(-op["v_vdd#branch"])
        return np.array(found), np.array(supply)

    def lines(self) -> Iterator[str]:
        dims, bias = self.dies.dims, 4 * self.dies.unit_current
        for layer, (z_n, z_p) in enumerate(self.draw.somas(dims)):
            for s in range(len(z_n)):
                yield from self.soma(f"{layer}_{s}", z_n[s], z_p[s])
                if s == dims[layer]:
                    yield f"i_bias_{layer} vdd in_{layer}_{s} {bias!r}"
        yield from (f"i_in_{k} vdd in_0_{k} 0" for k in range(dims[0]))
        yield from (f"v_out_{j} in_{len(dims) - 1}_{j} 0 {PIN_V}" for j in range(dims[-1]))
        for layer, codes in enumerate(self.codes):
            z_p, z_n, z_h = self.draw.synapses(layer, *codes.shape)
            for i in range(codes.shape[0]):
                for j in range(codes.shape[1]):
                    yield from self.synapse(
                        f"{layer}_{i}_{j}", layer, i, j, int(codes[i, j]), z_p[i, j], z_n[i, j], z_h[:, i, j]
                    )

    def soma(self, name, z_n, z_p):
        iin, vp, vn = f"in_{name}", f"vp_{name}", f"vn_{name}"
        for u in range(4):
            yield self.unit("n", f"d{name}_{u}", iin, iin, "0", z_n[0, u])
            yield self.unit("n", f"c{name}_{u}", vp, iin, "0", z_n[1, u])
            yield self.unit("p", f"p{name}_{u}", vp, vp, "vdd", z_p[0, u])
            yield self.unit("p", f"q{name}_{u}", vn, vp, "vdd", z_p[1, u])
            yield self.unit("n", f"r{name}_{u}", vn, vn, "0", z_n[2, u])

    def synapse(self, name, layer, i, j, code, z_p, z_n, z_h):
        sign = "low" if code >= 0 else "high"
        up, down = f"up_{name}", f"down_{name}"
        yield self.switch("p", f"hp{name}", up, sign, "vdd", 0.84, self.header("p", z_h[0]))
        yield self.switch("n", f"hn{name}", down, sign, "0", 0.84, self.header("n", z_h[1]))
        for u, bit in enumerate(BITS):
            yield self.unit("p", f"sp{name}_{u}", f"n{name}_{bit}", f"vp_{layer}_{i}", up, z_p[u])
            yield self.unit("n", f"sn{name}_{u}", f"n{name}_{bit}", f"vn_{layer}_{i}", down, z_n[u])
        for bit in range(3):
            gate = "high" if abs(code) >> bit & 1 else "low"
            yield self.switch("n", f"sw{name}_{bit}", f"n{name}_{bit}", gate, f"in_{layer + 1}_{j}", 0.42, {})

    def unit(self, kind, name, d, g, s, z):
        device = Mos(name, MOS[f"{kind}fet_01v8"], self.dies.w, self.dies.l, {"d": d, "g": g, "s": s, "b": _body(kind)})
        terms = random_terms(device.device, self.dies.w, self.dies.l, 1, 1, self.dies.family)
        given = {name: k * sigma for (name, sigma), k in zip(terms.items(), z, strict=True)}
        return line_with_shifts(device, given if self.drawn else {})

    def header(self, kind, z):
        """One number stands for a header's parameters: all of it in the threshold, which a higher one makes worse."""
        terms = random_terms(MOS[f"{kind}fet_01v8"], 0.84, 0.15, 1, 1, self.dies.family)
        name = "delvto" if "delvto" in terms else "vth0"
        return {name: (-z if kind == "n" else z) * terms[name]} if self.drawn else {}

    def switch(self, kind, name, d, g, s, w, shifts):
        device = Mos(name, MOS[f"{kind}fet_01v8"], w, 0.15, {"d": d, "g": g, "s": s, "b": _body(kind)})
        return line_with_shifts(device, shifts)


def _body(kind):
    return "vdd" if kind == "p" else "0"
