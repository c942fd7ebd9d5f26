"""Nets of a circuit that nothing can drive: they have no operating point, whatever stands around the cell."""

from __future__ import annotations

from collections.abc import Iterator

from analoom.cells.model.circuit import Circuit
from analoom.pdk.errors import InputError

from .flat_devices import flat_devices

_DRIVING = frozenset(("d", "s", "b", "r0", "r1"))
_MOST_NAMED = 3


def require_driven(circuit: Circuit) -> None:
    """Raises InputError for nets inside that gates and capacitor plates alone touch."""
    floating = list(_floating(circuit))
    if floating:
        named = ", ".join(floating[:_MOST_NAMED]) + (" ..." if len(floating) > _MOST_NAMED else "")
        raise InputError(
            f"{circuit.name}: {len(floating)} floating net{'s' if len(floating) > 1 else ''}: {named}; "
            "only gates and capacitor plates are there",
            field="name",
            remedy="give each a drain, a source or a port",
        )


def _floating(circuit: Circuit) -> Iterator[str]:
    """Ports count as driven; a drain or a source does, a gate and a plate do not."""
    touched: dict[str, bool] = {}
    for flat in flat_devices(circuit):
        for terminal, net in flat.nets.items():
            touched[net] = touched.get(net, False) or terminal in _DRIVING
    ports = set(circuit.ports)
    return (net for net, driven in sorted(touched.items()) if not driven and net not in ports)
