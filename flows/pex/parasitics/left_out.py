"""What extraction leaves out of the capacitances, and how much that is at most in the layout at hand."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

import klayout.db as kdb

from analoom.flows.files.layout_source import LayoutSource
from analoom.pdk.layers import Layer

CUT_OF_COUPLING_FRAC, CUT_OF_GROUND_FRAC = 0.041, 0.008
"""Contacts and vias: what two stacks of least landing pads side by side couple more with their cuts than without, and
what they have more to the ground. Field solution; 4.1 % is mcon's, via2 has 2.2, via 2.0, via3 1.1 %."""

CONTACT_BY_GATE_F_PER_UM = 0.28e-15
"""Contacts on diffusion 0.055 um beside a gate's edge, in the closest row. Field solution without the transistor."""


@dataclass(frozen=True)
class Junction:
    """A junction at zero bias: F/um2 of area and F/um of edge, as `cj` and `cjsw` of a model file at corner tt."""

    model: str
    area_f_per_um2: float
    edge_f_per_um: float

    def most_f(self, region: kdb.Region) -> float:
        """Of a region in nm."""
        merged = region.merged()
        return self.area_f_per_um2 * merged.area() * 1e-6 + self.edge_f_per_um * merged.perimeter() * 1e-3


NWELL = Junction("diode_ps2nw", 0.090e-15, 0.576e-15)
DEEP_NWELL = Junction("diode_ps2dn", 0.077e-15, 0.826e-15)
ISOLATED_PWELL = Junction("diode_pw2dn", 0.382e-15, 0.360e-15)

WORDS = {
    "contacts_and_vias": "contacts and vias: up to 4.1 % (mcon), 2.2 % (via2), 2.0 % (via), 1.1 % (via3) of the "
    "coupling of two stacks of least landing pads side by side, 0.8 % of their capacitance to ground (field solution)",
    "contacts_by_gates": "contacts on diffusion against a gate beside them: below the li1 wire, 0.28 fF per um of gate "
    "at most where they stand 0.055 um off in the closest row (field solution without the transistor)",
    "nwell": "n-well against the substrate: 0.090 fF/um2 and 0.576 fF/um of edge at zero bias (model diode_ps2nw)",
    "deep_nwell": "deep n-well against the substrate: 0.077 fF/um2 and 0.826 fF/um of edge, against the isolated "
    "p-well in it: 0.382 fF/um2 and 0.360 fF/um of edge, at zero bias (models diode_ps2dn, diode_pw2dn)",
}
"""By kind, what is left out."""


def most_left_out(source: LayoutSource, coupling_f: float, ground_f: float) -> dict[str, float]:
    """F by kind, at most, in a layout whose nets have `coupling_f` between them and `ground_f` to the substrate.

    Junctions as at zero bias: they lose by reverse bias. Diffusion against its well is not among them: the transistors'
    models hold it.
    """
    poly, diff, nwell, deep = (source.drawn(x) for x in (Layer.POLY, Layer.DIFF, Layer.NWELL, Layer.DNWELL))
    gate_um = ((poly & diff).edges() & poly.edges()).merged().length() * 1e-3 if not diff.is_empty() else 0.0
    return {
        "contacts_and_vias": CUT_OF_COUPLING_FRAC * coupling_f + CUT_OF_GROUND_FRAC * ground_f,
        "contacts_by_gates": CONTACT_BY_GATE_F_PER_UM * gate_um,
        "nwell": NWELL.most_f(nwell - deep),
        "deep_nwell": DEEP_NWELL.most_f(deep) + ISOLATED_PWELL.most_f(deep - nwell),
    }


def told(most_f: Mapping[str, float]) -> list[str]:
    """What is left out, each with its bound in this layout where it is known."""
    return [
        f"{words}; here {most_f[kind] * 1e15:.3g} fF at most" if kind in most_f else words
        for kind, words in WORDS.items()
    ]
