"""Templates for CACE: the bench of a transistor cell in ngspice's words, with CACE's conditions.

The lines are those of `flows/systems/transistor`: gates on a sweep at a fixed drain voltage, the operating point where
the first side carries a stated current per square; a mirror gets its input current forced. Voltages are counted from
the source, positive when they turn the device on. Where the current passes what is asked is interpolated in its
logarithm between steps of 0.5 mV.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass

from analoom.cells.model.cell import Cell
from analoom.cells.model.circuit import Mos
from analoom.flows.handover.schematic.drawing import HEAD, LABEL, port_places
from analoom.flows.netlists.flat_devices import flat_devices
from analoom.flows.systems.transistor.transfer import LEAK_GMIN_S, VTH_CURRENT_PER_SQUARE_A
from analoom.pdk.errors import InputError

STEP_V = 0.0005
SIDES: Mapping[str, Sequence[tuple[str, str]]] = {"device": (("d", "g"),), "pair": (("d1", "g1"), ("d2", "g2"))}
"""Drain and gate of each side, by the kind of the cell."""
KINDS = (*SIDES, "mirror")
CONDITIONS = ("corner", "temperature", "v_ds", "i_square")
INPUT = "in"


@dataclass(frozen=True)
class Template:
    """The lines of a bench around the cell, and the metrics that it measures in the order of its result."""

    lines: tuple[str, ...]
    metrics: tuple[str, ...]


def template_of(cell: Cell) -> Template:
    """The bench of a cell. Raises InputError for a system that has none here."""
    if cell.system != "transistor" or cell.kind not in KINDS:
        said = f"{cell.name} is a {cell.kind}: CACE gets the benches of mosfet, matched_pair and current_mirror"
        raise InputError(said, field="name", remedy="--to xschem for its schematic")
    return _mirror(cell) if cell.kind == "mirror" else _transfer(cell, SIDES[cell.kind])


def condition(name: str) -> str:
    """Where CACE puts the value of a condition, as it stands in a schematic."""
    return f"CACE\\{{{name}\\}}"


def schematic_text(cell: Cell, bench: Template, supplies: Sequence[str]) -> str:
    """The template as a schematic: the cell's symbol with its nets by label, and the bench as text."""
    lines = [HEAD, "G {}", "K {}", "V {}", "S {}", "E {}", f"C {{{cell.name}.sym}} 0 0 0 0 {{name=xdut}}"]
    for port, (x, y) in port_places(cell.circuit.ports, supplies).items():
        lines.append(f"C {{{LABEL}}} {x} {y} 0 {int(x > 0)} {{name=label_{port}\nlab={port}}}")
    text = "\n".join(bench.lines)
    lines.append(f'C {{devices/code_shown.sym}} 600 0 0 0 {{name=bench\nonly_toplevel=false\nvalue="\n{text}\n"}}')
    return "\n".join([*lines, ""])


def _head() -> Iterator[str]:
    yield f".lib {condition('PDK_ROOT')}/{condition('PDK')}/libs.tech/combined/sky130.lib.spice {condition('corner')}"
    yield f".include {condition('DUT_path')}"
    yield f".temp {condition('temperature')}"
    yield f".option gmin={LEAK_GMIN_S:g}"


def _tail(metrics: Sequence[str]) -> Iterator[str]:
    values = " ".join(f"$&{name}" for name in metrics)
    yield f"echo {values} > {condition('simpath')}/{condition('filename')}_{condition('N')}.data"
    yield "quit"
    yield ".endc"


def _transfer(cell: Cell, sides: Sequence[tuple[str, str]]) -> Template:
    sign, squares = _sign(cell), [_squares(cell, drain, gate) for drain, gate in sides]
    drains, gates = [drain for drain, _ in sides], [gate for _, gate in sides]
    lines = [*_head(), "vgx gx 0 0", *(f"vd_{d} {d} 0 {sign}{condition('v_ds')}" for d in drains)]
    lines += [f"vg_{g} {g} gx 0" for g in gates]
    lines += [f"vz_{p} {p} 0 0" for p in cell.circuit.ports if p not in {*drains, *gates}]
    lines += [".control", f"dc vgx 0 {sign}{condition('vdd')} {sign}{STEP_V}"]
    for k, (drain, many) in enumerate(zip(drains, squares, strict=True), 1):
        lines.append(f"let i_{k} = {'' if sign else '-'}i(vd_{drain})")
        lines.append(f"let to_op_{k} = ln((abs(i_{k}) + 1e-18) / ({condition('i_square')} * {squares[0]!r}))")
        lines.append(f"let to_vth_{k} = ln((abs(i_{k}) + 1e-18) / {VTH_CURRENT_PER_SQUARE_A * many!r})")
        lines += [f"meas dc op_{k} when to_op_{k}=0", f"meas dc vth_{k} when to_vth_{k}=0"]
    lines += [f"let v_gs = {sign}op_1", f"let vth = {sign}vth_1"]
    metrics = ["v_gs", "vth"]
    if len(sides) == 1:
        lines.append("let i_on = vecmax(i_1)")
        return Template((*lines, *_tail([*metrics, "i_on"])), (*metrics, "i_on"))
    lines += [f"let offset = {sign}(op_2 - op_1)", f"let delta_vth = {sign}(vth_2 - vth_1)"]
    lines += ["let ratio = i_2 / (abs(i_1) + 1e-18) - 1", "meas dc gain_error find ratio when to_op_1=0"]
    metrics += ["offset", "delta_vth", "gain_error"]
    return Template((*lines, *_tail(metrics)), tuple(metrics))


def _mirror(cell: Cell) -> Template:
    sign = _sign(cell)
    outs = [port for port in cell.circuit.ports if port.startswith("out")]
    many = {net: _squares(cell, net, INPUT) for net in (INPUT, *outs)}
    lines = [*_head(), f".param squares={many[INPUT]!r}"]
    lines.append(f"i_in 0 {INPUT} dc '{sign}{condition('i_square')}*squares'")
    held = {port: f"{sign}{condition('v_ds')}" if port in outs else "0" for port in cell.circuit.ports if port != INPUT}
    lines += [f"v_{port} {port} 0 {value}" for port, value in held.items()]
    lines += [".control", "op", f"let v_in = {sign}v({INPUT})"]
    metrics = ["v_in"]
    for out in outs:
        lines.append(f"let i_{out} = {'' if sign else '-'}i(v_{out})")
        lines.append(f"let gain_error_{out} = i_{out} / ({condition('i_square')} * {many[out]!r}) - 1")
        metrics += [f"i_{out}", f"gain_error_{out}"]
    return Template((*lines, *_tail(metrics)), tuple(metrics))


def _sign(cell: Cell) -> str:
    """A minus for p-types."""
    return "-" if next(flat_devices(cell.circuit)).mos.device.is_p else ""


def _squares(cell: Cell, drain: str, gate: str) -> float:
    """W/L of the transistors with this drain and gate."""
    found = [flat for flat in flat_devices(cell.circuit) if isinstance(flat.device, Mos)]
    mine = [flat.mos for flat in found if flat.nets["g"] == gate and drain in (flat.nets["d"], flat.nets["s"])]
    return sum(one.w_um * one.m / one.l_um for one in mine)
