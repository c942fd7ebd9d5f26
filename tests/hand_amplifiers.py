"""An op-amp and an OTA written by hand, with the installed models, and measured in other ways than the bench's.

The loop is not cut by an inductor: a second amplifier gets at its inverting input what the first, in unity gain,
settles at, and the signal on top. Sizes are those of the defaults; junctions by the formulas of the xschem_sky130
symbols.
"""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager

import numpy as np

from analoom.flows.netlists.model_variants import Size, with_variants
from analoom.flows.netlists.models import trimmed_library
from analoom.flows.simulator.ngspice import Loaded, circuit
from analoom.pdk.corners import corner

N, P = "sky130_fd_pr__nfet_01v8", "sky130_fd_pr__pfet_01v8"
UNIT = "w=5 l=2 nf=2 ad=0.725 as=1.45 pd=5.58 ps=11.16 nrd=0.058 nrs=0.058"
INPUT = "w=20 l=1 nf=4 ad=2.9 as=4.35 pd=21.16 ps=31.74 nrd=0.0145 nrs=0.0145"
LOAD = "w=4 l=2 nf=2 ad=0.58 as=1.16 pd=4.58 ps=9.16 nrd=0.0725 nrs=0.0725"
NULL = "w=0.84 l=0.8 nf=1 ad=0.2436 as=0.2436 pd=2.26 ps=2.26 nrd=0.345238 nrs=0.345238"
CAP = "sky130_fd_pr__cap_mim_m3_1"
SIZES = [Size(N, 5, 2, 2), Size(N, 20, 1, 4), Size(N, 0.84, 0.8), Size(P, 4, 2, 2), Size(CAP)]
OPAMP = f"""
.subckt amp inp inn out bias vdd
xb bias bias 0 0 {N} {UNIT} m=1
xt tail bias 0 0 {N} {UNIT} m=4
xs out bias 0 0 {N} {UNIT} m=16
x1 x inn tail 0 {N} {INPUT} m=1
x2 y inp tail 0 {N} {INPUT} m=1
x3 x x vdd vdd {P} {LOAD} m=2
x4 y x vdd vdd {P} {LOAD} m=2
x5 out y vdd vdd {P} {LOAD} m=16
xz z vdd y 0 {N} {NULL} m=1
xc z out {CAP} w=32 l=32
.ends
"""
OTA = f"""
.subckt amp inp inn out bias vdd
xb bias bias 0 0 {N} {UNIT} m=1
xt tail bias 0 0 {N} {UNIT} m=4
x1 x inp tail 0 {N} {INPUT} m=1
x2 out inn tail 0 {N} {INPUT} m=1
x3 x x vdd vdd {P} {LOAD} m=2
x4 out x vdd vdd {P} {LOAD} m=2
.ends
"""
TWO = """
vdd vdd 0 1.8
vcm cm 0 0.9
vin in cm 0
i1 vdd b1 2.5u
i2 vdd b2 2.5u
xa cm o1 o1 b1 vdd amp
ca o1 0 5p
einn inn 0 vol='v(o1)+v(back)'
vback back 0 0
xb in inn o2 b2 vdd amp
cb o2 0 5p
"""
ONE = """
vdd vdd 0 1.8
vin in 0 0.9 pulse(0.75 1.05 0 0.1n 0.1n 1u 4u)
i1 vdd b1 2.5u
xa in o1 o1 b1 vdd amp
ca o1 0 5p
"""


@contextmanager
def loaded(amplifier: str, bench: str) -> Iterator[Loaded]:
    """A deck of them with tight tolerances."""
    options = ".option gmin=1e-15 reltol=1e-6 vntol=1e-9 abstol=1e-15\n.temp 27"
    models = f'.include "{trimmed_library(SIZES, corner("tt"))}"'
    with circuit("\n".join(["* by hand", options, models, with_variants(amplifier), bench, ".end", ""])) as held:
        yield held


def ac(held: Loaded, source: str, output: str) -> tuple[np.ndarray, np.ndarray]:
    """The output's answer to a source of one, 50 points a decade."""
    held.alter(source, "acmag", 1)
    found = held.run("ac dec 50 1 1e9")
    held.alter(source, "acmag", 0)
    return np.real(found["frequency"]), found[output]
