"""Receivers by name: each is the `RECEIVER` of one module, imported when it is asked for."""

from __future__ import annotations

from importlib import import_module

from analoom.pdk.errors import unknown

from .record import Receiver

MODULES: dict[str, str] = {
    "tinytapeout": "analoom.flows.handover.tinytapeout.receiver",
    "chipignite": "analoom.flows.handover.chipignite.receiver",
    "librelane": "analoom.flows.handover.digital.librelane",
    "xschem": "analoom.flows.handover.schematic.xschem",
    "magic": "analoom.flows.handover.layout.magic",
    "cace": "analoom.flows.handover.characterise.cace",
    "ipm": "analoom.flows.handover.catalogue.ipm",
}
"""Where the record of each receiver lies."""


def receiver_of(name: str) -> Receiver:
    """A receiver by its name. Raises InputError for one that is not known."""
    if name not in MODULES:
        raise unknown("receiver", name, list(MODULES), "to", "--to ")
    found = import_module(MODULES[name]).RECEIVER
    assert isinstance(found, Receiver)
    return found
