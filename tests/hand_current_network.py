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
    """One die of `dies` (a CurrentDies), its codes as ideal levels; `draw` off leaves every transistor nominal.

    `ohm`: resistances of the supplies' wires of every layer, (rail, strap, lane): from place to place of a rail and on
    to the lane, between rails of vss, and of the lane from rail to rail and from the lowest to where it is fed.
    """

    def __init__(self, dies, die, codes, drawn=True, ohm=None):
        self.dies, self.codes, self.drawn, self.ohm = dies, codes, drawn, ohm
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
            z_p, z_n, z_h, z_s = self.draw.synapses(layer, *codes.shape)
            if self.ohm:
                yield from self.wires(layer, *codes.shape)
            for i in range(codes.shape[0]):
                for j in range(codes.shape[1]):
                    z = (z_p[i, j], z_n[i, j], z_h[:, i, j], z_s[i, j])
                    yield from self.synapse(f"{layer}_{i}_{j}", layer, i, j, int(codes[i, j]), *z)

    def soma(self, name, z_n, z_p):
        iin, vp, vn = f"in_{name}", f"vp_{name}", f"vn_{name}"
        layer, row = (int(k) for k in name.split("_"))
        below, above, vdd = self.vss(layer, row, 0), self.vss(layer, row + 1, 0), self.vdd(layer, row, 0)
        for u in range(4):
            yield self.unit("n", f"d{name}_{u}", iin, iin, below, z_n[0, u])
            yield self.unit("n", f"c{name}_{u}", vp, iin, above, z_n[1, u])
            yield self.unit("p", f"p{name}_{u}", vp, vp, vdd, z_p[0, u])
            yield self.unit("p", f"q{name}_{u}", vn, vp, vdd, z_p[1, u])
            yield self.unit("n", f"r{name}_{u}", vn, vn, above, z_n[2, u])

    def vdd(self, layer, row, place):
        """The rail of vdd at a place of a row, the soma's the first."""
        return f"vdd_{layer}_{row}_{place}" if self.ohm else "vdd"

    def vss(self, layer, rail, place):
        """A rail of vss: that below a row has its number, the one above the next."""
        return f"vss_{layer}_{rail}_{place}" if self.ohm else "0"

    def wires(self, layer, rows, columns):
        """Rails, straps between those of vss at every place, and lanes behind the last column."""
        rail, strap, lane = self.ohm
        for net, at, fed, rails in (("vdd", self.vdd, "vdd", rows), ("vss", self.vss, "0", rows + 1)):
            for k in range(rails):
                for place in range(columns + 1):
                    name = f"{net}_{layer}_{k}_{place}"
                    yield f"r_rail_{name} {at(layer, k, place)} {at(layer, k, place + 1)} {rail!r}"
                    if net == "vss" and k:
                        yield f"r_strap_{name} {at(layer, k, place)} {at(layer, k - 1, place)} {strap!r}"
                below = at(layer, k - 1, columns + 1) if k else fed
                yield f"r_lane_{net}_{layer}_{k} {at(layer, k, columns + 1)} {below} {lane!r}"

    def synapse(self, name, layer, i, j, code, z_p, z_n, z_h, z_s):
        sign = "low" if code >= 0 else "high"
        vdd, vss = self.vdd(layer, i, 1 + j), self.vss(layer, i + 1, 1 + j)
        up, down = f"up_{name}", f"down_{name}"
        yield self.switch("p", f"hp{name}", up, sign, vdd, 0.84, self.header("p", z_h[0], 0.84))
        yield self.switch("n", f"hn{name}", down, sign, vss, 0.84, self.header("n", z_h[1], 0.84))
        for u, bit in enumerate(BITS):
            yield self.unit("p", f"sp{name}_{u}", f"n{name}_{bit}", f"vp_{layer}_{i}", up, z_p[u], vdd)
            yield self.unit("n", f"sn{name}_{u}", f"n{name}_{bit}", f"vn_{layer}_{i}", down, z_n[u], vss)
        for bit in range(3):
            gate = "high" if abs(code) >> bit & 1 else "low"
            shifts = self.header("n", z_s[bit], 0.42)
            yield self.switch("n", f"sw{name}_{bit}", f"n{name}_{bit}", gate, f"in_{layer + 1}_{j}", 0.42, shifts, vss)

    def unit(self, kind, name, d, g, s, z, body=None):
        nets = {"d": d, "g": g, "s": s, "b": body or s}
        device = Mos(name, MOS[f"{kind}fet_01v8"], self.dies.w, self.dies.l, nets)
        terms = random_terms(device.device, self.dies.w, self.dies.l, 1, 1, self.dies.family)
        given = {name: k * sigma for (name, sigma), k in zip(terms.items(), z, strict=True)}
        return line_with_shifts(device, given if self.drawn else {})

    def header(self, kind, z, w):
        """One number stands for a switch's parameters: all of it in the threshold, which a higher one makes worse."""
        terms = random_terms(MOS[f"{kind}fet_01v8"], w, 0.15, 1, 1, self.dies.family)
        name = "delvto" if "delvto" in terms else "vth0"
        return {name: (-z if kind == "n" else z) * terms[name]} if self.drawn else {}

    def switch(self, kind, name, d, g, s, w, shifts, body=None):
        device = Mos(name, MOS[f"{kind}fet_01v8"], w, 0.15, {"d": d, "g": g, "s": s, "b": body or s})
        return line_with_shifts(device, shifts)
