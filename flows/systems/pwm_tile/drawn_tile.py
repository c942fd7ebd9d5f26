"""Tiles drawn by the model files themselves: the analog part with every transistor's own random terms, in ngspice."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace

import numpy as np
from numpy.typing import NDArray

from analoom.cells.model.circuit import Circuit, Device, Mos
from analoom.cells.pulse_width.circuits import code_bits
from analoom.cells.strip.gates import VDD, VSS
from analoom.flows.netlists.model_variants import size_of
from analoom.flows.simulator.ngspice import circuit, deck, reseed
from analoom.flows.statistics.copies import drawing
from analoom.flows.statistics.mismatch_library import mismatch_library
from analoom.flows.systems.transistor.transistor_response import TEMP_DEGC
from analoom.generators.pwm_tile.circuits import tile_circuit
from analoom.generators.pwm_tile.spec import PwmTileSpec
from analoom.pdk.errors import ToolError

from .operation.analog import SHUNT, analog_devices, bit_nodes
from .operation.program import Program, TileSettings, read_s
from .operation.transient import FAST, LONGEST_S, STEP_S, columns_before, lengths
from .operation.weights import Ints

Array = NDArray[np.float64]
SEEDS = 2**31 - 1
NODESET = ".nodeset v(iunit)=0"
UNIT_V = (0.55, 0.45, 0.65)
"""About where the units' gate lies: from there ngspice is to find the operating point."""
MOST_DRIFT_V = 1e-3
"""What the units' gate may move by during a run. Where ngspice finds no operating point it begins with what a short
transient leaves, and the capacitor at `iunit` is still being charged."""


def drawn_pulses(
    spec: PwmTileSpec, settings: TileSettings, codes: Ints, pulses: Array, family: str, samples: int, seed: int | None
) -> Array:
    """Pulses out (samples, cols) s of `pulses` (1, rows) s through `codes`; without a seed nothing is drawn."""
    program = Program(spec, settings, pulses, read_s(spec, codes, pulses) + settings.t_wake)
    netlist = _netlist(spec, codes, program, family, "off" if seed is None else "drawn")
    seeds = np.random.SeedSequence(seed or 0).generate_state(samples) % SEEDS + 1
    return np.array([_pulses(netlist, program, int(one)) for one in seeds])


def _pulses(netlist: str, program: Program, seed: int) -> Array:
    """Of one die. Raises ToolError where ngspice finds no operating point of it from any of UNIT_V."""
    for level_v in UNIT_V:
        reseed(seed)
        with circuit(netlist.replace(NODESET, f".nodeset v(iunit)={level_v}")) as loaded:
            found = loaded.run(f"tran {STEP_S!r} {program.end_s!r} 0 {LONGEST_S!r}")
        drift_v = float(np.ptp(found["iunit"][found["time"] < program.starts()[0] + program.wake_s]))
        if drift_v < MOST_DRIFT_V:
            return np.array([lengths(found, program, f"out{j}")[0] for j in range(program.spec.cols)])
    said = f"ngspice found no operating point of the die of seed {seed}: its units' gate moves by {drift_v:.2g} V"
    raise ToolError(said, field="ngspice", remedy="--seed with another number, or --engine mc")


def _netlist(spec: PwmTileSpec, codes: Ints, program: Program, family: str, state: str) -> str:
    whole = tile_circuit(spec)
    devices = list(_devices(whole, codes))
    library = mismatch_library({size_of(d) for d in devices}, family, "drawn" if state == "drawn" else "off")
    lines = [drawing(d) if isinstance(d, Mos) else d.spice() for d in devices]
    saved = " ".join(f"v(out{j})" for j in range(spec.cols))
    before = columns_before(program, lambda net: net)
    models = f'.include "{library}"\n.temp {TEMP_DEGC:g}'
    return deck(
        "tile",
        models,
        FAST,
        SHUNT,
        *lines,
        *program.sources(),
        *before,
        NODESET,
        f".save v(iunit) {saved}",
    )


def _devices(whole: Circuit, codes: Ints) -> Iterator[Device]:
    """Every analog device, with supplies where latches hold bits."""
    rails = {
        net: VDD if (code_bits(int(codes[row, col]))[bit] == 1) == (k == 0) else VSS
        for (row, col, bit), nets in bit_nodes(whole).items()
        for k, net in enumerate(nets)
    }
    for flat in analog_devices(whole):
        nets = {terminal: rails.get(net, net.replace(".", "_")) for terminal, net in flat.nets.items()}
        yield replace(flat.device, name=flat.word, nets=nets)
