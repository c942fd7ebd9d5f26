"""How a network is trained: rows, levels, times, start; and what is refused, each with its bound."""

from __future__ import annotations

from typing import Annotated, Self

from pydantic import BeforeValidator, Field, JsonValue, model_validator

from analoom.cells.model.cell import Spec
from analoom.flows.bench.operating_point import ZERO_DEGC_K
from analoom.flows.systems.transistor.transistor_response import TEMP_DEGC
from analoom.generators.backprop.spec import BackpropNetworkSpec
from analoom.pdk.corners import VDD_V
from analoom.pdk.errors import InputError, SpecError

from .settings import VOLT

ROW_CHARGE_S_A = 1.5e-13
"""A row must last this by the current of bias, 1.5 us at 100 nA: neurons and errors then follow the inputs."""
TEACH_CHARGE_C, DRAWN_CHARGE_C = 4e-14, 6e-14
"""Current of teach by the time it flows in a row, at least, of the circuit alone and with its wires: what update tails
and mirrors of nA keep of the row before is then little beside it. On a 2-2-1 the cosine of updates and of those at rest
is .90 (hidden) and .91 (output) at 40 fC; drawn it is .96 and .85 at 60 fC, .60 and .47 or .88 and .68 at 40 fC
(`tests/benchmarks/backprop_rows.py`).
"""
LINEAR_V, REACH_V, MOST_START_V = 0.15, 0.12, 0.2
"""Largest input that a pair does not clip, largest target that an output reaches, and largest start of a weight."""
APART_V, BACK_V = 0.1, 0.95
"""How far inputs of an upper pair must lie above those of the lower one: with half of it the law of their product errs
by 5 % of its full scale (`analoom sim gilbert --set v_x=0.75`); and the level of errors on their way back."""
EDGE_S = 1e-7
"""How long sources take from a level to another."""
MOST_ROW_S = 1e-3
MOST_TOLD = 64
"""Rows up to which a refusal writes a whole table out."""
SECOND: dict[str, JsonValue] = {"unit": "s"}
PART: dict[str, JsonValue] = {"unit": "frac"}


def _word(given: object) -> object:
    """Digits as text, where YAML took them for a number."""
    return str(given) if isinstance(given, int) and not isinstance(given, bool) else given


class RunSettings(Spec):
    """Truth table as rows, taught for some epochs, then tested for one with `teach` off, and so on."""

    epochs: int = Field(40, ge=2, le=2000, description="all epochs, those of tests counted")
    test_every: int = Field(5, ge=2, le=100, description="every how many epochs is one a test, with teach off")
    hold: int = Field(4, ge=1, le=10000, description="epochs with teach off after all others; the last is judged")
    t_row: float = Field(4e-6, gt=0, le=MOST_ROW_S, description="time of a row", json_schema_extra=SECOND)
    targets: Annotated[str, BeforeValidator(_word)] = Field(
        "",
        pattern="^[01,]*$",
        description="outputs of the rows in binary order, as 0110; by commas one such word an output (default parity)",
    )
    v_in: float = Field(
        0.1, gt=0, description="difference of an input's both nets, plus or minus", json_schema_extra=VOLT
    )
    v_target: float = Field(
        0.05, gt=0, description="difference of a target's both nets, plus or minus", json_schema_extra=VOLT
    )
    v_x: float = Field(1.0, ge=0.8, le=1.1, description="common level of the inputs", json_schema_extra=VOLT)
    v_t: float = Field(0.7, ge=0.6, le=1.0, description="common level of the targets", json_schema_extra=VOLT)
    v_w: float = Field(0.7, ge=0.6, le=0.8, description="level that weights are counted from", json_schema_extra=VOLT)
    start: float = Field(
        0.08,
        ge=0,
        description="weights start within plus or minus this of v_w, drawn by seed; 0 all at v_w",
        json_schema_extra=VOLT,
    )
    discharged: bool = Field(False, description="weights start at 0 V instead, as capacitors do that nobody charged")
    i_bias: float | None = Field(
        None, ge=1e-10, le=1e-6, description="current into bias (default the spec's)", json_schema_extra={"unit": "A"}
    )
    teach: float = Field(
        1.0, ge=1e-3, le=1, description="current into teach by that into bias", json_schema_extra={"unit": "frac"}
    )
    teach_from: float = Field(
        0.1, ge=0, lt=1, description="part of a row after which teach gets its current", json_schema_extra=PART
    )
    teach_to: float = Field(
        0.3, gt=0, le=1, description="part of a row after which it is off again", json_schema_extra=PART
    )
    vdd: float = Field(VDD_V, ge=1.6, le=1.95, description="supply", json_schema_extra=VOLT)
    margin: float = Field(
        0.01, gt=0, le=0.1, description="what an output must differ by on the right side", json_schema_extra=VOLT
    )
    ptat: bool = Field(
        False, description="levels of inputs and targets, given at 27 degC, go with absolute temperature"
    )

    @model_validator(mode="after")
    def _within(self) -> Self:
        bounds = {"v_in": LINEAR_V, "v_target": REACH_V, "start": MOST_START_V}
        whys = {
            "v_in": "beyond it the pairs clip",
            "v_target": "no sum of currents reaches more",
            "start": "beyond it a weight's pair is off and nothing is learned",
        }
        for name, most in bounds.items():
            if getattr(self, name) > most:
                raise SpecError(f"settings.{name}", getattr(self, name), f"at most {most:g} V: {whys[name]}", fix=most)
        self._check_levels()
        self._check_pulse()
        if self.epochs % self.test_every:
            bound = f"a multiple of test_every = {self.test_every}: the last epoch is a test"
            raise SpecError("settings.epochs", self.epochs, bound)
        return self

    def _check_pulse(self) -> None:
        """Raises SpecError for a pulse of teach that is none, or has no time to rise and fall."""
        if self.teach_to <= self.teach_from:
            raise SpecError("settings.teach_to", self.teach_to, f"above teach_from = {self.teach_from:g}")
        taught = self.teach_to - self.teach_from
        least = 2 * EDGE_S / min(taught, 1 - taught) if taught < 1 else 0.0
        if self.t_row < least:
            bound = f"at least {least:.3g} s: teach takes {EDGE_S:g} s to rise and as long to fall"
            fix = float(f"{1.01 * least:.2g}")
            raise SpecError("settings.t_row", self.t_row, bound, fix=fix if fix <= MOST_ROW_S else None)

    def _check_levels(self) -> None:
        """Raises SpecError for levels at which the lower pair of a multiplier starves."""
        highest = self.v_w + self.start
        least, most = round(highest + APART_V, 3), round(BACK_V - APART_V - self.v_w, 3)
        if self.v_x < least:
            bound = f"at least v_w + start + {APART_V:g} V = {least:g} V: pairs of weights starve below it"
            raise SpecError("settings.v_x", self.v_x, bound, fix=least)
        if self.start > most:
            bound = (
                f"at most {most:g} V with v_w = {self.v_w:g} V: errors come back at {BACK_V:g} V, and pairs of weights "
            )
            raise SpecError("settings.start", self.start, f"{bound}above them starve", fix=most)

    @property
    def always_taught(self) -> bool:
        """Whether teach has its current for whole rows."""
        return self.teach_from == 0 and self.teach_to == 1

    @property
    def in_all(self) -> int:
        """Epochs with those of the hold."""
        return self.epochs + self.hold

    def bias_a(self, spec: BackpropNetworkSpec) -> float:
        """Current into bias."""
        return self.i_bias or spec.i_bias

    def table(self, spec: BackpropNetworkSpec) -> tuple[tuple[int, ...], ...]:
        """For each output 0 or 1 a row. Raises InputError for a table of another size."""
        rows = 2**spec.inputs
        parity = "".join(str(bin(row).count("1") % 2) for row in range(rows))
        words = self.targets.split(",") if self.targets else [parity] * spec.outputs
        if len(words) != spec.outputs or any(len(word) != rows for word in words):
            said = f"targets = {self.targets}: {spec.outputs} of {rows} digits, by commas"
            table = f"--set targets={','.join([parity] * spec.outputs)}"
            remedy = table if rows <= MOST_TOLD else "no --set targets, for parity"
            raise InputError(said, field="settings.targets", remedy=remedy)
        return tuple(tuple(map(int, word)) for word in words)

    def check_row(self, spec: BackpropNetworkSpec, drawn: bool = False) -> None:
        """Raises SpecError for rows that end before the nodes have settled, of a drawn network those with its wires."""
        bias, part = self.bias_a(spec), self.teach_to - self.teach_from
        updates = (DRAWN_CHARGE_C if drawn else TEACH_CHARGE_C) / (bias * self.teach * part)
        exact, of = max((ROW_CHARGE_S_A / bias, "neurons"), (updates, "update cells"))
        least = float(f"{exact:.9g}")
        if self.t_row < least:
            bound = f"at least {least:.3g} s at {bias:g} A of bias, teach = {self.teach:g}: {of} settle no faster"
            raise SpecError("settings.t_row", self.t_row, bound, fix=least if least <= MOST_ROW_S else None)


class TrainingSettings(RunSettings):
    """A run, with what its weights start from."""

    seed: int = Field(1, ge=0, description="seed of the weights at the start")

    def at(self, temp_degc: float) -> TrainingSettings:
        """The settings as they are at a temperature: with `ptat` differences of inputs and targets by absolute
        temperature, as the voltage by which pairs in weak inversion count is kT/q."""
        if not self.ptat:
            return self
        by = (temp_degc + ZERO_DEGC_K) / (TEMP_DEGC + ZERO_DEGC_K)
        return self.model_copy(update={"v_in": self.v_in * by, "v_target": self.v_target * by})
