"""Decks written by hand, with the installed models: nothing of a cell, its netlist or its bench is in them."""

import re
from contextlib import contextmanager

from analoom.flows.netlists.model_variants import Size, with_variants
from analoom.flows.netlists.models import trimmed_library
from analoom.flows.simulator.ngspice import circuit, deck
from analoom.pdk.corners import corner

_TRANSISTOR = re.compile(r"(sky130_fd_pr__\w+fet\S*) w=(\S+) l=(\S+) nf=(\d+)")
_TIGHT = ".option reltol=1e-6 abstol=1e-16 vntol=1e-8"
_CAPACITOR = re.compile(r"sky130_fd_pr__cap\S+")


@contextmanager
def by_hand(lines):
    """The deck loaded in the typical corner."""
    text = "\n".join(lines)
    sizes = {Size(model, float(w), float(length), int(nf)) for model, w, length, nf in _TRANSISTOR.findall(text)}
    library = trimmed_library(sizes | {Size(model) for model in _CAPACITOR.findall(text)}, corner("tt"))
    with circuit(deck("by hand", f'.include "{library}"', _TIGHT, with_variants(text))) as loaded:
        yield loaded
