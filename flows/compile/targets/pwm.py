"""Tiles of pulses, the pulses out of one those into the next: a weight is 3 bits and a sign of unit current sources.

A read-out gives no pulse for a sum below nothing: a ReLU. Capacitors and ramps of each layer are by the range that its
sums have with the training inputs.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from math import ceil, floor
from typing import TYPE_CHECKING, Any

import numpy as np
from numpy.typing import NDArray

from analoom.cells.model.cell import Cell, Spec
from analoom.cells.pulse_width.circuits import MOST_CODE, code_bits
from analoom.flows.compile.training.columns import ColumnGains
from analoom.flows.compile.training.known import Known, numbers
from analoom.flows.compile.training.trainer import Grid
from analoom.pdk.errors import SpecError

from .record import Array, Bounds, Inference, MappedNetwork, Place, Target, dims_alone

if TYPE_CHECKING:
    from analoom.flows.systems.pwm_tile.network_dies import PwmNetworkDies
    from analoom.generators.pwm_tile.network_spec import PwmNetworkSpec

GRID = Grid(most=MOST_CODE, step=1 / 8)
"""A layer's own step is one by the units of its ramp."""
ROOM, SIDE_ROOM = 1.1, 1.3
"""What ramps and read-outs leave above the largest sum of the mapped network, and capacitors above the largest of one
sign: weights are trained later, and tested with other inputs."""
FARAD_STEP, LSB_STEP_S = 1e-14, 1e-10
PHASES = "reset, pulses in, waking and ramp of each tile, the next taking pulses in meanwhile; "
INFERENCE = (
    f"{PHASES}energy by ngspice of each tile without wires, rows at half their pulse, weights a pattern, with its "
    "converters"
)
TIME_ALONE = f"{PHASES}energy is told where no tile has more than the 64 weights that ngspice takes"
DRAWN = (
    "Each unit, pulse switch, ramp unit, capacitor and comparator has mismatch of its own; pulses go through the "
    "tables of the tiles' solver, and the ground of each tile's weights rises over its drawn wires. Latches hold full "
    "levels; the wires between tiles, noise and what the reset leaves are not in a die."
)


@dataclass(frozen=True)
class PulseDies:
    """Dies of a network of tiles, in relative signals: 1 is the longest pulse in."""

    drawn: PwmNetworkDies

    def outputs(self, codes: Sequence[NDArray[np.integer]], x: Array) -> Array:
        """(dies, points, outputs) at inputs `x` (points, inputs), 0 to 1: pulses of whole steps."""
        spec = self.drawn.spec
        pulses = spec.lsb * np.rint(np.asarray(x, float) * (2**spec.pulse_bits - 1))
        return self.drawn.pulses(codes, pulses) / spec.longest_s

    def without(self) -> Mapping[str, PulseDies]:
        """The same dies without mismatch of one kind of part, and without what the ground of the weights rises."""
        kinds = self.drawn.sources
        left = {kind: tuple(other for other in kinds if other != kind) for kind in kinds}
        found = {kind: PulseDies(replace(self.drawn, sources=others)) for kind, others in left.items()}
        return {**found, "ir_drop": PulseDies(replace(self.drawn, grounded=False))}

    def measured(self) -> Known:
        """Gain and offset of each column, as measured on each die."""
        return _known(self.drawn)


def _known(dies: PwmNetworkDies) -> ColumnGains:
    from analoom.flows.systems.pwm_tile.network_measure import as_designed, measure

    designed = as_designed(dies.spec, dies.settings)
    found = measure(dies) if dies.family else designed
    plain = numbers(designed.gain), numbers(designed.offset)
    steps = tuple(1 / tile.ramp_units for tile in dies.spec.layers)
    bounds = _held(dies.spec)
    return ColumnGains(numbers(found.gain), numbers(found.offset), plain, designed.lost, steps, bounds)


def _designed(dims: tuple[int, ...], spec: Spec) -> Known:
    from analoom.flows.systems.pwm_tile.network_dies import PwmNetworkDies

    return _known(PwmNetworkDies(_checked(spec)))


def _dies(spec: Spec, family: str, count: int, seed: int) -> PulseDies:
    from analoom.flows.systems.pwm_tile.network_dies import PwmNetworkDies

    return PulseDies(PwmNetworkDies(_checked(spec), family, count, seed))


def _sample(spec: Spec, families: Sequence[str]) -> None:
    """Everything that ngspice must tell of a network's dies."""
    from analoom.flows.systems.pwm_tile.network_dies import PwmNetworkDies

    _designed((), spec)
    for family in families:
        for tile in PwmNetworkDies(_checked(spec), family).tiles:
            tile.die(0, np.zeros((tile.spec.rows, tile.spec.cols), dtype=np.int64))


def _checked(spec: Spec) -> PwmNetworkSpec:
    from analoom.generators.pwm_tile.network_spec import PwmNetworkSpec

    assert isinstance(spec, PwmNetworkSpec)
    return spec


def _step_of(sums: Array) -> float:
    """A ramp of as many units as the largest sum asks for, of those that there are."""
    from analoom.generators.pwm_tile.network_spec import MOST_RAMP

    return 1 / min(max(ceil(ROOM * float(sums.max())), 1), MOST_RAMP)


def _sized(fields: Mapping[str, Any], mapped: MappedNetwork, x: Array | None) -> Mapping[str, Any]:
    """Ramps, capacitors and times of each layer; a shorter step of pulses where capacitors need it and none is given.

    Raises SpecError for a ramp that is given: the mapping chooses it, and for a range that no capacitor holds.
    """
    if "ramp_units" in fields:
        said = "left out: it follows from the weights and the training inputs"
        raise SpecError("ramp_units", fields["ramp_units"], said, instead="no ramp_units; c_int may be given")
    given = {name: value for name, value in fields.items() if name != "c_int"}
    inputs = np.ones((1, len(mapped.codes[0]) - 1)) if x is None else x
    signals = [inputs, *mapped.activity(inputs)]
    tiles = zip(mapped.codes, signals[:-1], strict=True)
    reach = [max(1.0, round(ROOM * float(signal.max()), 2)) for signal in signals[1:]]
    sides = [side_of(codes, signal) for codes, signal in tiles]
    found: dict[str, Any] = {"ramp_units": [round(1 / step) for step in mapped.steps], "reach": reach}
    if "lsb" not in fields:
        found |= _shorter(_checked(PWM.parsed(given)), max(sides))
    spec = _checked(PWM.parsed({**given, **({"lsb": found["lsb"]} if "lsb" in found else {})}))
    return {**found, "c_int": [_c_int(spec, side, k) for k, side in enumerate(sides)]}


def _shorter(spec: PwmNetworkSpec, side: float) -> Mapping[str, Any]:
    """A step of pulses so short that the largest capacitor holds `side`; none where the usual one is."""
    from analoom.generators.pwm_tile.spec import LEAST_LSB_S, MOST_CAP_F

    least_f = _least_f(spec, side)
    if least_f <= MOST_CAP_F:
        return {}
    steps = floor(spec.lsb * MOST_CAP_F / least_f / LSB_STEP_S)
    return {"lsb": max(round(steps * LSB_STEP_S, 12), LEAST_LSB_S)}


def _least_f(spec: PwmNetworkSpec, side: float) -> float:
    """What capacitors of a layer must have for a sum of one sign of `side`, with room, F."""
    from analoom.generators.pwm_tile.spec import SWING_V

    return SIDE_ROOM * side * spec.unit_current * spec.longest_s / SWING_V


def side_of(codes: NDArray[np.integer], x: Array) -> float:
    """The largest sum of one sign of a column of `codes` (inputs + 1, outputs) at `x` (points, inputs) and a bias."""
    signs = [np.maximum(sign * codes.astype(float), 0) for sign in (1, -1)]
    return max(float((x @ side[:-1] + side[-1]).max()) for side in signs)


def _c_int(spec: PwmNetworkSpec, side: float, layer: int) -> float:
    from analoom.generators.pwm_tile.spec import LEAST_CAP_F, LEAST_LSB_S, MOST_CAP_F

    least_f = _least_f(spec, side)
    if least_f > MOST_CAP_F:
        bound = f"at most {MOST_CAP_F:.3g} F: layer {layer + 1} asks for more with this lsb and unit_current"
        lsb = spec.lsb * MOST_CAP_F / least_f
        way = f"-p lsb={lsb:.2g}" if lsb >= LEAST_LSB_S else "a lower unit_current, or a network of fewer inputs"
        raise SpecError("c_int", float(f"{least_f:.3g}"), bound, instead=way)
    return max(round(ceil(least_f / FARAD_STEP) * FARAD_STEP, 16), LEAST_CAP_F)


@dataclass(frozen=True)
class PulseWord:
    """A word of the register of one tile; `row` of that tile."""

    row: int
    bits: tuple[Place | None, ...]


def _words(spec: Spec) -> Sequence[PulseWord]:
    """Tile after tile, each through its own register."""
    from analoom.generators.pwm_tile.write_order import write_words

    return [
        PulseWord(word.row, tuple((layer, bit.col, bit.row, bit.bit) for bit in word.bits))
        for layer, tile in enumerate(_checked(spec).layers)
        for word in write_words(tile)
    ]


def _bounds(spec: Spec) -> Bounds:
    """A pulse that would outlast the read-out ends with it; a column falls no further than its capacitors allow."""
    from analoom.flows.systems.pwm_tile.network_dies import window_s

    own = _checked(spec)
    ends = tuple(window_s(own, k) / own.longest_s for k in range(len(own.layers)))
    return Bounds(ends, _held(own))


def _held(spec: PwmNetworkSpec) -> tuple[float, ...]:
    return tuple(tile.full_scale * MOST_CODE * tile.rows for tile in spec.layers)


def _bit(code: int, bit: int) -> int:
    return code_bits(code)[bit]


def _inference(spec: Spec, cells: Sequence[Cell]) -> Inference:
    """Time by the phases of all tiles; energy by a transient of each tile, where ngspice takes it."""
    from analoom.flows.systems.pwm_tile.network_operation import energy_j, inference_s

    own = _checked(spec)
    energy = energy_j(own)
    return Inference(energy, inference_s(own), INFERENCE if energy is not None else TIME_ALONE)


PWM = Target(
    name="pwm",
    words="pulses through tiles of unit current sources; the longest pulse out is the class",
    grid=GRID,
    cell="pwm_network",
    fields=dims_alone,
    dies=_dies,
    words_written=_words,
    bit=_bit,
    inference=_inference,
    drawn=DRAWN,
    designed=_designed,
    step_of=_step_of,
    sized=_sized,
    sample=_sample,
    bounds=_bounds,
)
