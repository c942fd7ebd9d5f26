"""The bench of a multiplier: I_a into `ib`, the input a current from `ip` to `in`, both outputs held at one voltage.

The input i_a is differential, i(ip) - i(in); so is the output i_b. Input currents are swept by one source that draws x
from `ip` and gives it to `in`, i_a = 2 x; both sides then carry I_a + x and I_a - x.
"""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray
from pydantic import Field

from analoom.cells.model.cell import Spec
from analoom.flows.bench.device_under_test import Dut
from analoom.flows.simulator.ngspice import Loaded, circuit
from analoom.pdk.corners import VDD_V

from .loop import BIAS, INPUTS, OUTPUTS, bits_of, input_devices, is_p, output_devices, squares

I_SQUARE_A = 100e-9 / (16.64 / 0.22)
"""Default I_a by W/L of an input device: that of JNW_SV, 100 nA in 16.64/0.22, deep in weak inversion."""
TIGHT = ".option reltol=1e-5 abstol=1e-15 vntol=1e-7"
"""Currents of nA, and errors of a thousandth of them."""

Array = NDArray[np.float64]


class TranslinearSettings(Spec):
    """Where a multiplier is measured."""

    i_a: float | None = Field(
        None,
        gt=0,
        le=1e-3,
        description="bias current of each input side (default 1.32 nA times W/L of the loop's input device)",
        json_schema_extra={"unit": "A"},
    )
    vdd: float = Field(VDD_V, ge=1.4, le=1.95, description="supply", json_schema_extra={"unit": "V"})
    v_out: float | None = Field(
        None,
        ge=0,
        le=1.95,
        description="voltage at both outputs (default 0.2 V below a p pair, 1.2 V above an n pair)",
        json_schema_extra={"unit": "V"},
    )
    depth: float = Field(
        0.2, gt=0, le=0.8, description="amplitude at which gains are read, by I_a", json_schema_extra={"unit": "frac"}
    )
    code: int = Field(1, ge=0, description="code at which curves, bandwidth and noise are measured (1 is I_b = I_a)")
    gm_id_min: float = Field(
        15.0,
        gt=0,
        le=30,
        description="least gm/ID of a device that counts as in weak inversion (and IC below 0.1)",
        json_schema_extra={"unit": "1/V"},
    )
    error_max: float = Field(
        0.1,
        gt=0,
        lt=1,
        description="largest gain error of a code inside the characterised range",
        json_schema_extra={"unit": "frac"},
    )


@dataclass(frozen=True)
class TranslinearBench:
    """A multiplier with its settings filled in."""

    dut: Dut
    settings: TranslinearSettings

    @property
    def i_a(self) -> float:
        """Bias current of each input side, A."""
        return self.settings.i_a or I_SQUARE_A * squares(input_devices(self.dut.cell)[0])

    @property
    def v_out(self) -> float:
        """Voltage at both outputs, V."""
        if self.settings.v_out is not None:
            return self.settings.v_out
        return 0.2 if is_p(output_devices(self.dut.cell)[0]) else 1.2

    def lines(self, code: int) -> list[str]:
        """The bench's lines; the outputs' currents flow through `v_op` and `v_on`, the supply's through `v_vdd`."""
        held = [f"v_{p} {p} held 0" for p in OUTPUTS] + [f"v_held held 0 {self.v_out!r}"]
        supplies = [f"v_vdd vdd 0 {self.settings.vdd!r}", "v_vss vss 0 0"]
        bits = [f"v_c{k} c{k} 0 {self.level(code, k)!r}" for k in range(bits_of(self.dut.cell))]
        return [
            TIGHT,
            *supplies,
            *held,
            *bits,
            f"i_b vdd {BIAS} {self.i_a!r}",
            f"i_x {INPUTS[0]} {INPUTS[1]} 0",
            "v_again again 0 0",
        ]

    def level(self, code: int, bit: int) -> float:
        """Voltage of a code pin."""
        return self.settings.vdd if code >> bit & 1 else 0.0

    @property
    def moving(self) -> Dut:
        """What stands for the cell where capacitances act."""
        return self.dut.transient or self.dut

    @contextmanager
    def loaded(self, *, moving: bool = False) -> Iterator[LoadedTranslinear]:
        """The circuit ready to be measured, at the settings' code; `moving` for what capacitances act on."""
        with circuit((self.moving if moving else self.dut).deck(*self.lines(self.settings.code))) as held:
            yield LoadedTranslinear(self, held)


@dataclass(frozen=True)
class LoadedTranslinear:
    """A multiplier in the simulator."""

    bench: TranslinearBench
    held: Loaded

    def set_code(self, code: int) -> None:
        """Puts a code on the pins."""
        for k in range(bits_of(self.bench.dut.cell)):
            self.held.set(f"v_c{k}", self.bench.level(code, k))

    def swept(self, depth: float, points: int) -> dict[str, Array]:
        """All currents over an input of +-`depth` by I_a, (points,) each; points odd.

        The sweep is run twice and its second half taken: ngspice's first point may end its iterations at microvolts,
        which across extracted resistors of tens of ohm are currents larger than those asked for.
        """
        far = depth * self.bench.i_a
        step = 2 * far / (points - 1)
        found = self.held.run(f"dc i_x {-far!r} {far + step / 4!r} {step!r} v_again 0 1 1")
        return {name: values[-points:] for name, values in found.items()}

    def transfer(self, depth: float, points: int) -> tuple[Array, Array]:
        """(x by I_a, output current i_b in A) over +-`depth`, (points,) each, points odd."""
        return np.linspace(-depth, depth, points), output_a(self.swept(depth, points))

    def gain_and_supply(self) -> tuple[float, float]:
        """i_b/i_a between plus and minus the settings' amplitude; the supply's current with no input (`ib` too), A."""
        found = self.swept(self.bench.settings.depth, 3)
        i_b = output_a(found)
        gain = (i_b[-1] - i_b[0]) / (4 * self.bench.settings.depth * self.bench.i_a)
        return float(gain), float(-found["v_vdd#branch"][1])


def output_a(found: dict[str, Array]) -> Array:
    """The differential output current, counted so that it grows with the input, A."""
    return found["v_op#branch"] - found["v_on#branch"]
