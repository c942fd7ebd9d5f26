"""The devices of a circuit, one by one: where each sits in the hierarchy and which nets of the top it touches."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass

from analoom.cells.model.circuit import Circuit, Device, Mos
from analoom.pdk.errors import InputError


@dataclass(frozen=True)
class FlatDevice:
    """A device with its instance path (names without the X) and its nets by terminal, named from the top."""

    path: tuple[str, ...]
    device: Device
    nets: Mapping[str, str]

    @property
    def dotted(self) -> str:
        """Path and name, with dots between."""
        return ".".join([*self.path, self.device.name])

    @property
    def word(self) -> str:
        """Path and name as one word."""
        return "_".join([*self.path, self.device.name])

    @property
    def mos(self) -> Mos:
        """The transistor. Raises InputError for another device."""
        if not isinstance(self.device, Mos):
            raise InputError(f"{self.device.name} is no transistor", field="name")
        return self.device


def flat_devices(
    circuit: Circuit, path: tuple[str, ...] = (), nets: Mapping[str, str] | None = None
) -> Iterator[FlatDevice]:
    """Every device of `circuit` and below, in the netlist's order; a net inside is named by path with dots."""
    known = nets or {port: port for port in circuit.ports}

    def named(local: str) -> str:
        return known.get(local, ".".join([*path, local]))

    for device in circuit.devices:
        yield FlatDevice(path, device, {t: named(n) for t, n in device.nets.items()})
    for instance in circuit.instances:
        inner = {port: named(instance.nets[port]) for port in instance.circuit.ports}
        yield from flat_devices(instance.circuit, (*path, instance.name), inner)
