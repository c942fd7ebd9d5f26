"""Where the parts of a network lie: columns of inputs, hidden neurons, columns of outputs; rows of outputs below."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cached_property

from analoom.cells.backprop.abutting_parts import HiddenParts, OutputParts
from analoom.cells.backprop.abutting_rows import column_x, global_x
from analoom.cells.backprop.network_rows import input_x
from analoom.cells.model.cell import Cell
from analoom.cells.model.registry import cell_name
from analoom.cells.rows.taps import require_taps

from .spec import BackpropNetworkSpec


@dataclass(frozen=True)
class NetworkPlan:
    """Every x of a network, from its left edge at 0 (nm).

    Raises SpecError, with the field that is farthest above its default, for sizes that make rows so high that their
    transistors are too far from the taps in their rails.
    """

    spec: BackpropNetworkSpec

    def __post_init__(self) -> None:
        require_taps(self.spec, max(self.output.from_taps_nm, self.hidden.from_taps_nm))

    @cached_property
    def name(self) -> str:
        """That of the cell, with which those of its parts begin."""
        return cell_name("backprop_network", self.spec)

    @cached_property
    def output(self) -> OutputParts:
        """What lies in the rows of output neurons."""
        return OutputParts(self.name, self.spec.sizes, self.spec.neuron(1), self.spec.outputs)

    @cached_property
    def hidden(self) -> HiddenParts:
        """What lies in the rows of hidden neurons."""
        spec, right = self.spec, self.output.globals_to_right
        return HiddenParts(self.name, spec.sizes, spec.neuron(0), spec.outputs, right)

    @cached_property
    def neurons_x(self) -> int:
        """Left edge of the hidden neurons: right of their synapses, and of room for an output's neuron."""
        output, own = self.output, width(self.hidden.neuron_cell)
        below = sum(map(width, (output.neuron_cell, output.errors["e"], output.bias, output.errors["g"])))
        return max((self.spec.inputs + 1) * width(self.hidden.synapse), below - own)

    def synapse_x(self, i: int) -> int:
        """Left edge of the synapses of an input, the constant one last."""
        return self.neurons_x - (self.spec.inputs + 1 - i) * width(self.hidden.synapse)

    def input_x(self, i: int) -> tuple[int, int]:
        """Middles of both lines of an input."""
        xp, xn = input_x(self.spec)
        return self.synapse_x(i) + xp, self.synapse_x(i) + xn

    def back_x(self, j: int) -> int:
        """Left edge of an output's back multipliers."""
        pitch = width(self.hidden.back) + width(self.hidden.output_synapse)
        return self.neurons_x + width(self.hidden.neuron_cell) + j * pitch

    def output_synapse_x(self, j: int) -> int:
        """Left edge of an output's synapses."""
        return self.back_x(j) + width(self.hidden.back)

    @property
    def right(self) -> int:
        """Right edge of all parts."""
        return self.back_x(self.spec.outputs)

    def column_x(self, j: int) -> dict[str, int]:
        """Middles of the lines of an output's column."""
        return {net: self.back_x(j) + x for net, x in column_x(width(self.hidden.back)).items()}

    @cached_property
    def below_x(self) -> dict[str, int]:
        """Left edges of what lies in the row of an output: neuron, `e`, diodes, `g`."""
        output, right = self.output, self.back_x(0)
        found: dict[str, int] = {}
        parts = {"g": output.errors["g"], "bias": output.bias, "e": output.errors["e"], "neuron": output.neuron_cell}
        for name, cell in parts.items():
            right -= width(cell)
            found[name] = right
        return found

    @cached_property
    def global_x(self) -> dict[str, int]:
        """Middles of the lines of what all neurons have in common."""
        return global_x(self.below_x["bias"])


def width(cell: Cell) -> int:
    """From edge to edge of a part."""
    assert cell.fabric is not None, "a part has rails"
    return cell.fabric.pitch_nm[0]
