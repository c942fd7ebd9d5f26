"""What stands around an amplifier: supplies, bias, load, and how its loop is closed.

Closed: the output is the inverting input (a follower is so by itself). Open: the same for direct current through an
inductor of 1 GH, while a capacitor of 1 GF gives the inverting input what the source says: from 1 Hz up the loop is
cut. Served: a source of gain one holds the output near a voltage that can be swept, by the inverting input.
"""

from __future__ import annotations

from dataclasses import dataclass, replace

from analoom.flows.bench.device_under_test import Dut

from .phases import Phases
from .settings import AmplifierSettings

INPUT, INVERTING, OUTPUT, BIAS = "inp", "inn", "out", "bias"
FOLLOWER_INPUT = "in"
SUPPLIES = ("vdd", "vss")
TIGHT = ".option reltol=1e-6 vntol=1e-9 abstol=1e-15"
"""Offsets of uV, and gains of 80 dB: a change of 10 mV at the output is one of 1 uV at the input."""
_CUT = 1e9
"""Henry and farad of the elements that cut the loop."""


@dataclass(frozen=True)
class Stand:
    """An amplifier in its surroundings."""

    dut: Dut
    settings: AmplifierSettings

    @property
    def moving(self) -> Stand:
        """The same around what stands for the amplifier where capacitances act."""
        return replace(self, dut=self.dut.transient or self.dut)

    @property
    def input(self) -> str:
        """The net of the non-inverting input."""
        return INPUT if INVERTING in self.dut.ports else FOLLOWER_INPUT

    @property
    def phases(self) -> Phases:
        """Those of an auto-zeroed amplifier."""
        return Phases(self.dut, self.settings.vdd)

    def around(self, wave: str = "") -> list[str]:
        """Supplies, bias, load and the source `v_in` at the input, which in a transient follows `wave`; an auto-zeroed
        amplifier runs on the offset that it holds."""
        lines = self.bare(wave)
        if not self.phases.there:
            return lines
        loop = [f"v_loop {INVERTING} {OUTPUT} 0"]
        return [*lines, *self.phases.running([*self.bare(), *loop], moving=bool(wave))]

    def bare(self, wave: str = "") -> list[str]:
        """That without phases."""
        s = self.settings
        load = [f"c_load {OUTPUT} 0 {s.c_load!r}"]
        load += [f"r_load {OUTPUT} middle {s.r_load!r}", f"v_middle middle 0 {s.v_cm!r}"] if s.r_load else []
        sources = [f"v_vdd vdd 0 {s.vdd!r}", "v_vss vss 0 0", f"i_bias vdd {BIAS} {s.i_bias!r}"]
        return [TIGHT, *sources, *load, f"v_in {self.input} 0 dc {s.v_cm!r} {wave}"]

    def lines(self, wave: str = "") -> list[str]:
        """The bench in unity gain."""
        loop = [f"v_loop {INVERTING} {OUTPUT} 0"] if INVERTING in self.dut.ports else []
        return [*self.around(wave), *loop]

    def closed(self, wave: str = "") -> str:
        """In unity gain."""
        return self.dut.deck(*self.lines(wave))

    def open(self) -> str:
        """With the loop cut; `v_back` is the inverting input."""
        loop = [f"l_cut {OUTPUT} {INVERTING} {_CUT!r}", f"c_cut {INVERTING} back {_CUT!r}", "v_back back 0 0"]
        return self.dut.deck(*self.around(), *loop)

    def served(self) -> str:
        """With the output held near `v_held` by the inverting input: what it takes is out - held."""
        loop = [f"e_serve {INVERTING} {self.input} {OUTPUT} held 1", f"v_held held 0 {self.settings.v_cm!r}"]
        return self.dut.deck(*self.around(), *loop)
