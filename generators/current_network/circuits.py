"""Circuits of layers and networks as plain double loops: what the trees of the drawn cells are compared with."""

from __future__ import annotations

from collections.abc import Iterator

from analoom.cells.current_mode.circuits import (
    BITS,
    bit_lines,
    soma_circuit,
    synapse_circuit,
)
from analoom.cells.memory.column_driver import CONTROLS, column_driver
from analoom.cells.memory.word_driver import inputs_of, word_driver
from analoom.cells.model.circuit import Circuit, SubInstance
from analoom.cells.model.registry import cell_name
from analoom.cells.strip.gates import VDD, VSS
from analoom.generators.memory.word_size import words_height
from analoom.generators.memory.words import address_lines, address_nets

from .spec import CurrentLayerSpec, CurrentNetworkSpec
from .write_order import stages


def layer_ports(rows: int, cols: int) -> tuple[str, ...]:
    """Currents in, the bias last, currents out, word lines, bit lines column by column, supplies."""
    signals = [*(f"iin{i}" for i in range(rows)), *(f"iout{j}" for j in range(cols)), *(f"wl{i}" for i in range(rows))]
    lines = [f"{line}{j}" for j in range(cols) for bit in BITS for line in bit_lines(bit)]
    return (*signals, *lines, VDD, VSS)


def network_ports(spec: CurrentNetworkSpec) -> tuple[str, ...]:
    """Currents in, a bias a layer, currents out, then the address and the register."""
    currents = [*(f"in{i}" for i in range(spec.dims[0])), *(f"bias{k}" for k in range(len(spec.layers)))]
    outputs = [f"out{j}" for j in range(spec.dims[-1])]
    return (*currents, *outputs, *address_lines(spec.rows, spec.address_bits), "din", "dout", *CONTROLS, VDD, VSS)


def layer_circuit(spec: CurrentLayerSpec) -> Circuit:
    """Somas and synapses of a layer, one by one."""
    soma = soma_circuit(cell_name("current_soma", spec.soma), spec.soma)
    synapse = synapse_circuit(cell_name("current_synapse", spec.synapse), spec.synapse)
    found = [SubInstance(f"soma{i}", soma, soma_nets(i)) for i in range(spec.rows)]
    for i in range(spec.rows):
        found += (SubInstance(f"w{i}_{j}", synapse, synapse_nets(i, j)) for j in range(spec.cols))
    return Circuit(cell_name("current_layer", spec), layer_ports(spec.rows, spec.cols), (), tuple(found))


def soma_nets(row: int) -> dict[str, str]:
    """The nets of the soma of a layer's row."""
    return {"iin": f"iin{row}", "vp": f"vp{row}", "vn": f"vn{row}", VDD: VDD, VSS: VSS}


def synapse_nets(row: int, col: int) -> dict[str, str]:
    """The nets of a synapse of a layer."""
    nets = {"vp": f"vp{row}", "vn": f"vn{row}", "wl": f"wl{row}", "iout": f"iout{col}", VDD: VDD, VSS: VSS}
    return nets | {line: f"{line}{col}" for bit in BITS for line in bit_lines(bit)}


def network_circuit(spec: CurrentNetworkSpec) -> Circuit:
    """Layers, the drivers of the bit lines in the order of the register, and those of the word lines."""
    found = [SubInstance(f"layer{k}", layer_circuit(layer), layer_nets(spec, k)) for k, layer in enumerate(spec.layers)]
    found += (SubInstance(f"column{k}", column_driver().circuit, nets) for k, nets in enumerate(column_nets(spec)))
    found += (_word(spec, row) for row in range(spec.rows))
    return Circuit(cell_name("current_network", spec), network_ports(spec), (), tuple(found))


def layer_nets(spec: CurrentNetworkSpec, k: int) -> dict[str, str]:
    """The net of each port of a layer: what comes out of one layer goes into the next."""
    layer, last = spec.layers[k], len(spec.layers) - 1
    nets = {f"iin{i}": f"x{k}_{i}" if k else f"in{i}" for i in range(layer.rows - 1)}
    nets |= {f"iin{layer.rows - 1}": f"bias{k}"}
    nets |= {f"iout{j}": f"out{j}" if k == last else f"x{k + 1}_{j}" for j in range(layer.cols)}
    nets |= {f"wl{i}": f"wl{i}" for i in range(layer.rows)} | {VDD: VDD, VSS: VSS}
    lines = [line for bit in BITS for line in bit_lines(bit)]
    return nets | {f"{line}{j}": column_net(k, line, j) for line in lines for j in range(layer.cols)}


def column_net(layer: int, line: str, col: int) -> str:
    """The net of a bit line of a network's layer."""
    return f"l{layer}{line}{col}"


def column_nets(spec: CurrentNetworkSpec) -> Iterator[dict[str, str]]:
    """The nets of each driver in the order of the register."""
    chain = stages(spec)
    for k, stage in enumerate(chain):
        bl, blb = (column_net(stage.layer, line, stage.output) for line in bit_lines(stage.bit))
        nets = {"d": f"c{k}" if k else "din", "q": "dout" if k == len(chain) - 1 else f"c{k + 1}"}
        yield nets | {net: net for net in (*CONTROLS, VDD, VSS)} | {"bl": bl, "blb": blb}


def word_nets(spec: CurrentNetworkSpec, row: int) -> dict[str, str]:
    """The nets of the driver of a word line."""
    inputs = dict(zip(inputs_of(spec.address_bits), address_nets(row, spec.address_bits), strict=True))
    return inputs | {"wl": f"wl{row}", VDD: VDD, VSS: VSS}


def _word(spec: CurrentNetworkSpec, row: int) -> SubInstance:
    driver = word_driver(spec.address_bits, words_height(spec.address_bits))
    return SubInstance(f"word{row}", driver.circuit, word_nets(spec, row))
