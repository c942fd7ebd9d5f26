"""Circuit of a tile as a plain double loop: what the tree of the drawn cell is compared with.

Ports, in this order: `in0`.. pulses (vss to vdd), `out0`.. pulses out; the address lines `a0`, `a0b`, ..; `din`, `dout`
and the controls of the register; `iunit`, into which REFERENCE_UNITS units' current flows; `vcas`, the level of a pulse
on its way to the weights (0.95 V); `vres`, to which columns are reset (1.3 V); `vdump`, where the sources' current goes
meanwhile; `reset`, `resetb`; `read`, high while columns are read out; `icmp`, the bias of all comparators together;
with `gated` also `en`, `enb`; with `comparator.auto_zero` its phases; `vdd`, `vss`.
"""

from __future__ import annotations

from collections.abc import Iterator

from analoom.cells.memory.column_driver import CONTROLS, column_driver
from analoom.cells.memory.word_driver import inputs_of, word_driver
from analoom.cells.model.circuit import Circuit, SubInstance
from analoom.cells.model.registry import cell_name
from analoom.cells.pulse_width.circuits import BITS, bit_lines, pwm_cell_circuit
from analoom.cells.pulse_width.pulse_driver import pulse_driver_circuit
from analoom.cells.strip.gates import VDD, VSS
from analoom.generators.amplifier.auto_zero import PHASES
from analoom.generators.memory.word_size import words_height
from analoom.generators.memory.words import address_lines, address_nets

from .readout_parts import OWN, readout_circuit, readout_ports
from .row_height import pulse_height
from .shared_parts import shared_circuit, shared_ports
from .spec import PwmTileSpec
from .write_order import stages

OUTSIDE = {"vbn": "iunit"}
"""Nets that have another name outside."""


def tile_ports(spec: PwmTileSpec) -> tuple[str, ...]:
    """Of a tile."""
    signals = (*(f"in{i}" for i in range(spec.rows)), *(f"out{j}" for j in range(spec.cols)))
    writing = (*address_lines(spec.rows, spec.address_bits), "din", "dout", *CONTROLS)
    return (*signals, *writing, *tile_pins(spec), VDD, VSS)


def tile_pins(spec: PwmTileSpec) -> tuple[str, ...]:
    """The pins that all columns share, supplies left out."""
    bias = ("icmp", "en", "enb") if spec.gated else ("icmp",)
    phases = PHASES if spec.comparator.auto_zero else ()
    return ("iunit", "vcas", "vres", "vdump", "reset", "resetb", "read", *bias, *phases)


def outer(spec: PwmTileSpec, net: str) -> str:
    """The name in the tile of a net of a read-out or of the shared block."""
    renamed = OUTSIDE if spec.gated else OUTSIDE | {"bias": "icmp"}
    return renamed.get(net, net)


def tile_circuit(spec: PwmTileSpec) -> Circuit:
    """Weights one by one, the drivers of rows and of bit lines, the read-outs and what they share."""
    cell = pwm_cell_circuit(cell_name("pwm_cell", spec.cell), spec.cell)
    found = [SubInstance(f"w{i}_{j}", cell, cell_nets(i, j)) for i in range(spec.rows) for j in range(spec.cols)]
    found += (
        SubInstance(f"pulse{i}", pulse_driver_circuit(pulse_height(spec)), pulse_nets(i)) for i in range(spec.rows)
    )
    found += (_word(spec, row) for row in range(spec.rows))
    found += (SubInstance(f"column{k}", column_driver().circuit, nets) for k, nets in enumerate(column_nets(spec)))
    found += (SubInstance(f"readout{j}", readout_circuit(spec), readout_nets(spec, j)) for j in range(spec.cols))
    found.append(SubInstance("shared", shared_circuit(spec), shared_nets(spec)))
    return Circuit(cell_name("pwm_tile", spec), tile_ports(spec), (), tuple(found))


def cell_nets(row: int, col: int) -> dict[str, str]:
    """The nets of a weight."""
    nets = {"vbn": "iunit", "p": f"p{row}", "pb": f"pb{row}", "wl": f"wl{row}", "dump": "vdump"}
    nets |= {"colp": f"colp{col}", "coln": f"coln{col}", VDD: VDD, VSS: VSS}
    return nets | {line: f"{line}{col}" for bit in BITS for line in bit_lines(bit)}


def pulse_nets(row: int) -> dict[str, str]:
    """The nets of the driver of a row's pulse."""
    return {"in": f"in{row}", "p": f"p{row}", "pb": f"pb{row}", "vcas": "vcas", VDD: VDD, VSS: VSS}


def word_nets(spec: PwmTileSpec, row: int) -> dict[str, str]:
    """The nets of the driver of a word line."""
    inputs = dict(zip(inputs_of(spec.address_bits), address_nets(row, spec.address_bits), strict=True))
    return inputs | {"wl": f"wl{row}", VDD: VDD, VSS: VSS}


def column_nets(spec: PwmTileSpec) -> Iterator[dict[str, str]]:
    """The nets of each driver of bit lines in the order of the register."""
    chain = stages(spec)
    for k, stage in enumerate(chain):
        bl, blb = (f"{line}{stage.col}" for line in bit_lines(stage.bit))
        nets = {"d": f"c{k}" if k else "din", "q": "dout" if k == len(chain) - 1 else f"c{k + 1}"}
        yield nets | {net: net for net in (*CONTROLS, VDD, VSS)} | {"bl": bl, "blb": blb}


def readout_nets(spec: PwmTileSpec, col: int) -> dict[str, str]:
    """The nets of a column's read-out."""
    return {net: f"{net}{col}" if net in OWN else outer(spec, net) for net in readout_ports(spec)}


def shared_nets(spec: PwmTileSpec) -> dict[str, str]:
    """The nets of the shared block."""
    return {net: outer(spec, net) for net in shared_ports(spec)}


def _word(spec: PwmTileSpec, row: int) -> SubInstance:
    driver = word_driver(spec.address_bits, words_height(spec.address_bits))
    return SubInstance(f"word{row}", driver.circuit, word_nets(spec, row))
