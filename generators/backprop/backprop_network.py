"""The drawn network that trains itself: a row a hidden neuron, a column an output, all parts side by side."""

from __future__ import annotations

from collections.abc import Iterator

from analoom.cells.backprop.abutting_rows import COLUMN_NETS, GLOBAL_NETS, INPUT
from analoom.cells.backprop.network_parts import line_box
from analoom.cells.model.cell import Cell, Pin, draw_pin
from analoom.cells.model.circuit import Circuit
from analoom.cells.model.drawing import CUT_GRID_NM, Box, Drawing
from analoom.cells.model.registry import register
from analoom.cells.parts.via_stack import draw_stack
from analoom.cells.rows.chains import Frame
from analoom.cells.strip.draw import SUPPLY_USE, track_box
from analoom.cells.strip.gates import VDD, VSS
from analoom.cells.strip.sizes import RAIL_NM, TAP_NM
from analoom.pdk import rules
from analoom.pdk.layers import Layer
from analoom.pdk.units import snap_up

from .circuits import (
    CONSTANT,
    back_nets,
    error_nets,
    network_ports,
    neuron_nets,
    neurons,
    row_nets,
    sides,
    synapse_in_row,
)
from .network_plan import NetworkPlan
from .network_row import NetworkRow
from .spec import BackpropNetworkSpec

EDGE_NM = 400
"""From the outer rails and the left edge of the parts to that of the block: what wells and implants stick out."""
APART_NM = snap_up(TAP_NM + rules.DIFF_SPACE.value_nm, CUT_GRID_NM)
"""Between the rails of the first output's row and the first hidden one, whose parts have other widths: taps apart."""


@register(BackpropNetworkSpec, system="backprop", kind="backprop_network", examples=[{"hidden": 2}])
def backprop_network(spec: BackpropNetworkSpec) -> Cell:
    """A network that trains itself: inputs and targets go in row by row, its weights move by themselves.

    Pins: `x<i>p`, `x<i>n` inputs, `onep`, `onen` the constant one, `t<j>p`, `t<j>n` targets, `y<j>p`, `y<j>n` outputs;
    `wr` what weights are counted from, `bias` and `teach` take currents, weights move while `learn` is high; `vdd`,
    `vss`.
    """
    plan = NetworkPlan(spec)
    drawing = Drawing(plan.name)
    return _Network(plan, drawing).cell()


class _Network:
    """The network being drawn: rows of outputs below, the last lowest, rows of hidden neurons above."""

    def __init__(self, plan: NetworkPlan, drawing: Drawing) -> None:
        self.plan, self.spec, self.drawing = plan, plan.spec, drawing
        self.rows: list[NetworkRow] = []
        for _ in range(plan.spec.outputs):
            self._add_row(plan.output.frame)
        self._add_row(plan.hidden.frame, APART_NM)
        for _ in range(plan.spec.hidden - 1):
            self._add_row(plan.hidden.frame)
        self.outputs = self.rows[: self.spec.outputs][::-1]
        self.hidden = self.rows[self.spec.outputs :]

    def _add_row(self, frame: Frame, apart_nm: int = 0) -> None:
        y = self.rows[-1].top_nm + apart_nm if self.rows else 0
        self.rows.append(NetworkRow(self.drawing, frame, y, is_turned=len(self.rows) % 2 == 1))

    def cell(self) -> Cell:
        for stem, layer, inputs in neurons(self.spec):
            number = int(stem[1:])
            if layer == 0:
                self._hidden(self.hidden[number], stem, inputs)
            else:
                self._output(self.outputs[number], number)
        for j in range(self.spec.outputs):
            self._column(j)
        self._rails()
        pins = {pin.name: self._pin(pin) for pin in (*self._inputs(), *self._globals(), *self._sides())}
        ports = network_ports(self.spec)
        circuit = Circuit(self.plan.name, ports, (), tuple(part for row in self.rows for part in row.placed))
        instances = tuple(instance for row in self.rows for instance in row.instances)
        return Cell(
            self.plan.name,
            "backprop_network",
            self.spec,
            self.drawing.cell,
            circuit,
            tuple(pins[port] for port in ports),
            instances,
        )

    def _pin(self, pin: Pin) -> Pin:
        self.drawing.add(pin.layer, pin.box)
        return draw_pin(self.drawing, pin)

    @property
    def _top(self) -> int:
        return self.rows[-1].top_nm + EDGE_NM

    def _hidden(self, row: NetworkRow, stem: str, inputs: tuple[str, ...]) -> None:
        plan, parts, k = self.plan, self.plan.hidden, int(stem[1:])
        for i in range(len(inputs)):
            row.place(f"s_{stem}_{i}", parts.synapse, plan.synapse_x(i), _synapse_nets(stem, inputs, i))
        back = back_nets(self.spec, k)
        nets = neuron_nets(stem) | {net: back[net] for net in ("ep", "en")}
        row.place(f"n_{stem}", parts.neuron_cell, plan.neurons_x, nets)
        for j in range(self.spec.outputs):
            own = {"w0": back[f"w{j}"], "g0p": back[f"g{j}p"], "g0n": back[f"g{j}n"]}
            own |= {net: back[net] for net in ("ep", "en", "wr", "bias", VSS)}
            row.place(f"k_{stem}_{j}", parts.back, plan.back_x(j), own)
            self._output_synapse(row, j, k)
            for net in COLUMN_NETS:
                row.via(net, plan.column_x(j)[net])
        last = plan.output_synapse_x(self.spec.outputs - 1)
        for net in ("wr", "learn"):
            row.wire(net, plan.neurons_x, last)
        for net in (*INPUT, *(("en", "ep") if self.spec.outputs > 1 else ())):
            row.wire(net, plan.back_x(0), last)
        for net in GLOBAL_NETS[2:]:
            self._global_via(row, net)

    def _output_synapse(self, row: NetworkRow, j: int, k: int) -> None:
        """The synapse of an output from hidden neuron `k`, or from the constant one, with what it has in common with
        its column."""
        plan, spec = self.plan, self.spec
        cell = plan.hidden.output_synapse if k < spec.hidden else plan.output.constant
        _, _, inputs = list(neurons(spec))[spec.hidden + j]
        row.place(f"s_o{j}_{k}", cell, plan.output_synapse_x(j), _synapse_nets(f"o{j}", inputs, k))
        for net in COLUMN_NETS[2:]:
            row.wire(net, plan.column_x(j)[net], plan.output_synapse_x(j))

    def _output(self, row: NetworkRow, j: int) -> None:
        plan, parts, x = self.plan, self.plan.output, self.plan.below_x
        errors = error_nets(j)
        nets = neuron_nets(f"o{j}") | {net: errors[net] for net in ("gp", "gn")}
        row.place(f"n_o{j}", parts.neuron_cell, x["neuron"], nets)
        for e in "eg":
            cell = parts.errors[e]
            row.place(f"e_o{j}_{e}", cell, x[e], {port: errors[port] for port in cell.circuit.ports})
        for net, x_line in plan.column_x(j).items():
            row.wire(_below(net), x["bias"] if net in ("on", "op", "pd", "oen", "oep") else x["e"], x_line)
            row.via(_below(net), x_line)
        for net in ("bias", "tp", "tn"):
            row.wire(net, x["bias"], x["g"])
        row.wire("pd", x["e"], x["bias"])
        row.wire("oteach", x["e"], plan.global_x["teach"])
        row.via("bias", plan.global_x["bias"])
        row.via("oteach", plan.global_x["teach"])
        if j == 0:
            self._constants(row)

    def _constants(self, row: NetworkRow) -> None:
        """What the row of the first output has besides: diodes, and the synapses of all outputs' constant input."""
        plan, spec = self.plan, self.spec
        row.place("bias", plan.output.bias, plan.below_x["bias"], {net: net for net in ("bias", "teach", VSS)})
        last = plan.output_synapse_x(spec.outputs - 1)
        for j in range(spec.outputs):
            self._output_synapse(row, j, spec.hidden)
            for net in COLUMN_NETS[2:]:
                row.via(net, plan.column_x(j)[net])
        row.wire("bias", plan.back_x(0), last)
        for net in ("wr", "learn"):
            row.wire(net, plan.global_x[net], last)
            self._global_via(row, net)
        for net, x in zip(INPUT, plan.input_x(spec.inputs), strict=True):
            row.wire(net, x, last)
            row.via(net, x)
            self.drawing.add(Layer.MET3, line_box(x, row.y(net) - RAIL_NM // 2, self.hidden[0].y_nm))

    def _global_via(self, row: NetworkRow, net: str) -> None:
        row.via(net, self.plan.global_x[net])

    def _column(self, j: int) -> None:
        """The lines of an output's column, from its own row up to that of the last hidden neuron."""
        low, high = self.outputs[j], self.hidden[-1]
        for net, x in self.plan.column_x(j).items():
            self.drawing.add(Layer.MET3, line_box(x, low.y(_below(net)) - RAIL_NM // 2, high.y(net) + RAIL_NM // 2))

    def _rails(self) -> None:
        half = RAIL_NM // 2
        low, high = self.outputs[0].top_nm, self.hidden[0].y_nm
        implant = Layer.NSDM if self.hidden[0].is_turned else Layer.PSDM
        around = rules.IMPLANT_ENCLOSES_DIFF.value_nm
        self.drawing.box(implant, -around, low, self.plan.right + around, high)
        for row in self.rows:
            for net, y in zip((VSS, VDD), sorted((row.y_nm, row.top_nm), reverse=row.is_turned), strict=True):
                self.drawing.add(Layer.MET1, Box(0, y - half, self.plan.right, y + half))
                draw_stack(self.drawing, self.plan.global_x[net], y, Layer.MET1, Layer.MET3)

    def _inputs(self) -> Iterator[Pin]:
        for i, stem in enumerate((*(f"x{i}" for i in range(self.spec.inputs)), CONSTANT)):
            for net, x in zip(sides(stem), self.plan.input_x(i), strict=True):
                yield Pin(net, Layer.MET3, line_box(x, self.hidden[0].y_nm, self._top))

    def _globals(self) -> Iterator[Pin]:
        for net, x in self.plan.global_x.items():
            low = -RAIL_NM // 2
            if net in ("wr", "learn"):
                low = self.outputs[0].y(net) - RAIL_NM // 2
            yield Pin(net, Layer.MET3, line_box(x, low, self._top), SUPPLY_USE.get(net, "signal"))

    def _sides(self) -> Iterator[Pin]:
        """Targets and outputs, to the left edge."""
        for j, row in enumerate(self.outputs):
            for t, y in zip(sides(f"t{j}"), ("tp", "tn"), strict=True):
                yield Pin(t, Layer.MET2, track_box(-EDGE_NM, self.plan.below_x["e"], row.y(y)))
            for y, port in zip(sides(f"y{j}"), ("yp", "yn"), strict=True):
                (box,) = row.pin_box(f"n_o{j}", port)
                yield Pin(y, Layer.MET2, Box(-EDGE_NM, box.bottom, box.right, box.top))


def _below(net: str) -> str:
    """The track, in an output's row, of a line of its column."""
    return {"gn": "ogn", "gp": "ogp"}.get(net, net)


def _synapse_nets(stem: str, inputs: tuple[str, ...], i: int) -> dict[str, str]:
    """The nets of a neuron's synapse."""
    nets = row_nets(stem, inputs)
    return {port: nets[net] for port, net in synapse_in_row(i).items()}
