"""How a synapse is read: which lines carry the input and how, where everything rests, what is held, what is stored."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace

from analoom.pdk.corners import VDD_V
from analoom.pdk.errors import InputError

from .circuit import Circuit


@dataclass(frozen=True)
class InputLine:
    """A line that carries the input: it rests at `rest_v` (V) and moves by `sign` times the input."""

    sign: float
    rest_v: float


@dataclass(frozen=True)
class Reading:
    """The read of a synapse, declared by its cell at a supply of 1.8 V. Lines are pins of the synapse by name.

    `inputs`: the lines that carry the input; `column`: the line whose current is the result, held at `column_rest_v`
    (V); `word` and `bit`: gate and source of what is written, both at 0 V while reading; `stored`: the node in the
    circuit whose voltage is the weight, between the two `weights_v` (V). `v_read`: the input at full scale (V).
    `supplies_v`: every other line, which never moves (V). Weights and full input are defaults that a read may change.
    """

    inputs: Mapping[str, InputLine]
    column: str
    column_rest_v: float
    supplies_v: Mapping[str, float]
    weights_v: tuple[float, float]
    v_read: float
    word: str = "wwl"
    bit: str = "wbl"
    stored: str = "sn"

    @property
    def lines(self) -> tuple[str, ...]:
        """Every line it speaks of."""
        return *self.inputs, self.column, self.word, self.bit, *self.supplies_v

    @property
    def rest_v(self) -> dict[str, float]:
        """Where each line rests, V."""
        inputs = {name: line.rest_v for name, line in self.inputs.items()}
        return {**self.supplies_v, **inputs, self.column: self.column_rest_v, self.word: 0.0, self.bit: 0.0}

    def line_of(self, port: str) -> str:
        """The line of an array's port: one for the whole array by its name, else the name before a number.

        Raises InputError for a port of no line.
        """
        for line in sorted(self.lines, key=len, reverse=True):
            if port == line or (port.startswith(line) and port[len(line) :].isdigit()):
                return line
        raise InputError(f"no line of a reading leads to {port}; lines: {', '.join(self.lines)}", field="reading")

    def at(self, vdd_v: float) -> Reading:
        """This read at another supply: what rests at a part of it moves along, and what reaches up to it."""
        scale = vdd_v / VDD_V
        low, high = self.weights_v
        return replace(
            self,
            inputs={name: replace(line, rest_v=line.rest_v * scale) for name, line in self.inputs.items()},
            column_rest_v=self.column_rest_v * scale,
            supplies_v={line: v * scale for line, v in self.supplies_v.items()},
            weights_v=(low, vdd_v if high == VDD_V else high),
            v_read=vdd_v if self.v_read == VDD_V else self.v_read,
        )

    def fit(self, circuit: Circuit) -> None:
        """Raises InputError unless its lines are the ports of `circuit`, each once, and the stored node is in it."""
        said, ports = list(self.lines), set(circuit.ports)
        wrong = {line for line in said if said.count(line) > 1} or set(said) ^ ports
        if not self.inputs or wrong:
            words = f"its reading says {', '.join(said)}; its pins are {', '.join(circuit.ports)}"
            raise InputError(f"{circuit.name}: {words}", field="reading", remedy="say each pin once in the Reading")
        nets = {net for part in (*circuit.devices, *circuit.instances) for net in part.nets.values()}
        if self.stored.partition(".")[0] not in nets | {instance.name for instance in circuit.instances}:
            raise InputError(f"{circuit.name}: no net {self.stored} holds the weight", field="reading.stored")
