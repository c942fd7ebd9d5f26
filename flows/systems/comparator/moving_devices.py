"""What each transistor of a circuit that moves is at moments of its way: slopes, capacitances and noise, by ngspice.

At every moment each transistor is taken out and held by sources at the voltages that it has then, so that all are one
netlist of transistors that do not see each other: an AC analysis a terminal and one of noise tell of all of them. This
is as quasi-static as the transistors' model, in which charge and noise follow the voltages at once.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace

import numpy as np
from numpy.typing import NDArray

from analoom.cells.model.circuit import Mos
from analoom.flows.bench.device_noise import output_lines
from analoom.flows.bench.device_under_test import Dut
from analoom.flows.netlists.flat_lines import flat_parameters, with_flat_lines
from analoom.flows.netlists.model_variants import size_of
from analoom.flows.simulator.ngspice import circuit, deck

TERMINALS = ("d", "g", "s", "b")
AC_HZ = 1e8
"""Where susceptances are read: far below what is inside a transistor."""

Array = NDArray[np.float64]


@dataclass(frozen=True)
class MovingDevices:
    """Of each transistor at each moment: `g` and `c` (moments, devices, 4, 4), S and F, current into a terminal by the
    voltage of another, in the order d, g, s, b; `white` (moments, devices) A^2/Hz, one-sided, between d and s;
    `flicker` (moments, devices) A^2, its 1/f noise in the band asked."""

    g: Array
    c: Array
    white: Array
    flicker: Array


def moving_devices(dut: Dut, devices: Sequence[Mos], voltages_v: Array, band_hz: tuple[float, float]) -> MovingDevices:
    """Of `devices` whose terminals are at `voltages_v` (moments, devices, 4)."""
    shape = voltages_v.shape[:2]
    columns = [_admittances(dut, devices, voltages_v, terminal) for terminal in TERMINALS[:3]]
    y = np.stack([*columns, -np.sum(columns, axis=0)], axis=-1).reshape(*shape, 4, 4)
    white, flicker = _noises(dut, devices, voltages_v, band_hz)
    return MovingDevices(y.real, y.imag / (2 * np.pi * AC_HZ), white.reshape(shape), flicker.reshape(shape))


def _admittances(dut: Dut, devices: Sequence[Mos], voltages_v: Array, terminal: str) -> NDArray[np.complex128]:
    """Currents into each terminal by a volt at one, (moments * devices, 4) S."""
    count = voltages_v.shape[0] * voltages_v.shape[1]
    with circuit(_text(dut, devices, voltages_v, terminal)) as loaded:
        found = loaded.run(f"ac lin 1 {AC_HZ!r} {AC_HZ!r}")
    return -np.array([[found[f"v_{t}{k}#branch"][0] for t in TERMINALS] for k in range(count)])


def _noises(dut: Dut, devices: Sequence[Mos], voltages_v: Array, band_hz: tuple[float, float]) -> tuple[Array, Array]:
    """White noise (A^2/Hz) at the upper end of the band, and 1/f noise (A^2) in it, (moments * devices,)."""
    count = voltages_v.shape[0] * voltages_v.shape[1]
    lines = output_lines({f"v_d{k}": 1.0 for k in range(count)})
    with circuit(_text(dut, devices, voltages_v, "", lines)) as loaded:
        f, parts = loaded.noise_parts("v(noise_out)", "v_d0", *band_hz)
    flicker = np.array([parts[f"mm{k}.1overf"] for k in range(count)])
    total = np.array([parts[f"mm{k}"][-1] for k in range(count)])
    return np.maximum(total - flicker[:, -1], 0.0), _band_power(f, flicker)


def _band_power(f: Array, density: Array) -> Array:
    """Of densities (devices, points) that fall by power laws, over all of the band."""
    return np.asarray(np.trapezoid(density * f, np.log(f), axis=1))


def _text(dut: Dut, devices: Sequence[Mos], voltages_v: Array, moved: str, bench: Sequence[str] = ()) -> str:
    sizes = sorted({size_of(device) for device in devices})
    models = f'.include "{dut.library}"\n{flat_parameters(sizes)}\n.temp {dut.temp_degc:g}'
    places = [(device, volts) for row in voltages_v for device, volts in zip(devices, row, strict=True)]
    held = [line for k, place in enumerate(places) for line in _held(k, *place, moved)]
    return deck("transistors apart", models, with_flat_lines("\n".join(held)), *bench)


def _held(k: int, device: Mos, volts: Array, moved: str) -> Iterator[str]:
    nets = {t: f"{t}{k}" for t in TERMINALS}
    yield replace(device, name=f"m{k}", nets=nets).spice()
    for t, v in zip(TERMINALS, volts, strict=True):
        yield f"v_{t}{k} {t}{k} 0 dc {float(v)!r} ac {int(t == moved)}"
