"""Blocks of the training netlist: what stands at every column, behavioural where no drawn circuit is given for it."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass, replace

from analoom.flows.netlists.model_variants import size_of, with_variants
from analoom.flows.netlists.models import trimmed_library
from analoom.flows.systems.trained_crossbar.solver import columns as at
from analoom.flows.systems.trained_crossbar.solver.pair import REST_V
from analoom.flows.systems.trained_crossbar.solver.training import Trainer
from analoom.pdk.corners import corner as corner_named

from .clock import PHASE_S

Lines = Callable[[Trainer, int], Iterable[str]]
"""Netlist lines of the block of a column, by its number."""

Gates = tuple[str, str]
"""Nodes of both transistors' gates of a synapse: one node twice, or one each."""

REST = "rest"


def models(t: Trainer) -> Iterator[str]:
    """The library of the synapses' transistors, and what their bulks are on."""
    yield f'.include "{trimmed_library([size_of(r.device) for r in t.pair.devices], corner_named(t.corner))}"'
    yield from (f"vbulk{k} bulk{k} 0 {v!r}" for k, v in enumerate(_bulks(t)))


def gates(t: Trainer, layer: int, i: int, j: int) -> Gates:
    """The nodes of a weight."""
    node = f"w{layer}_{i}_{j}"
    return (node, node) if t.pair.tied else (f"{node}p", f"{node}n")


def synapse(t: Trainer, layer: int, i: int, j: int) -> Iterator[str]:
    """Both transistors of a synapse."""
    for row, gate, read in zip("pn", gates(t, layer, i, j), t.pair.devices, strict=True):
        bulk = f"bulk{_bulks(t).index(read.bulk_v)}"
        nets = {"d": f"{'ho'[layer - 1]}_{j}", "g": gate, "s": f"r{layer}{row}_{i}", "b": bulk}
        yield with_variants(replace(read.device, name=f"{layer}{row}_{i}_{j}", nets=nets).spice())


def _bulks(t: Trainer) -> list[float]:
    return sorted({read.bulk_v for read in t.pair.devices})


def clamp(t: Trainer, j: int) -> Iterator[str]:
    """Current into `h_j` below where it comes on."""
    bench, on_v = t.bench, REST_V + float(t.columns.hidden[j, at.CLAMP_V])
    if bench.clamp:
        soft = f"{bench.clamp * bench.clamp_v!r}*ln(1+exp(-(v(h_{j})-{on_v!r})/{bench.clamp_v!r}))"
        most = bench.errors.clamp_limit
        yield f"bc{j} 0 h_{j} i={soft}" + (f"/(1+{soft}/{most!r})" if most else "")


def amplifier(t: Trainer, j: int) -> Iterator[str]:
    """Voltage of `h_j` forwards to `r2p_j` and `r2n_j`, their current backwards."""
    of, errors = t.columns.hidden[j].tolist(), t.bench.errors
    for d, row in enumerate("pn"):
        gain, offset, copy = of[at.GAIN_P + d], of[at.OFFSET_P + d], of[at.COPY_P + d]
        yield f"e{row}{j} q{row}_{j} {REST} vol='{gain!r}*(v(h_{j})-v({REST}))+{offset!r}'"
        source = f"s{row}_{j}" if errors.amplifier_resistance else f"r2{row}_{j}"
        yield f"vs{row}{j} q{row}_{j} {source} 0"
        if errors.amplifier_resistance:
            yield f"rs{row}{j} {source} r2{row}_{j} {errors.amplifier_resistance!r}"
        yield f"f{row}{j} h_{j} 0 vs{row}{j} {copy!r}"
    yield f"it{j} h_{j} 0 {of[at.TAKEN_A]!r}"
    yield from conductance(f"ra{j}", f"h_{j}", errors.amplifier_input)


def nudge(t: Trainer, k: int) -> Iterator[str]:
    """Current into `o_k` by how far `t_k` is, times `ph`."""
    errors, (offset, strength) = t.bench.errors, t.columns.outputs[k].tolist()
    pulled = f"{t.bench.nudge * strength!r}*(v(t_{k})-v(o_{k})+{offset!r})"
    most = errors.nudge_limit
    yield f"bn{k} 0 o_{k} i=v(ph)*" + (f"{most!r}*tanh({pulled}/{most!r})" if most else pulled)
    yield f"in{k} 0 o_{k} {errors.nudge_current!r}"


def load(t: Trainer, k: int) -> Iterator[str]:
    """A conductance from `o_k` to rest."""
    return conductance(f"ro{k}", f"o_{k}", t.bench.load)


def conductance(name: str, node: str, siemens: float) -> Iterator[str]:
    """From a node to rest; none for zero."""
    if siemens:
        yield f"{name} {node} {REST} {1 / siemens!r}"


@dataclass(frozen=True)
class Blocks:
    """Lines of every block and of the synapses; `models` and `before` come first (libraries, subcircuits, biases).
    `phase_s`: how long a phase is, for them to settle.

    A drawn circuit takes the place of a function here. Its nodes: hidden columns `h_j`, outputs `o_k` with targets
    `t_k`, rows `r2p_j` and `r2n_j`, `rest`; clocks of 0 and 1 V: `ph` (-1 in the first phase of a nudge both ways)
    while nudged, `sl`, `sh` while the first and the second phase are held, `up` while weights move.
    """

    clamp: Lines = clamp
    amplifier: Lines = amplifier
    nudge: Lines = nudge
    load: Lines = load
    models: Callable[[Trainer], Iterable[str]] = models
    synapse: Callable[[Trainer, int, int, int], Iterable[str]] = synapse
    gates: Callable[[Trainer, int, int, int], Gates] = gates
    before: tuple[str, ...] = ()
    phase_s: float = PHASE_S


IDEAL = Blocks()
"""All behavioural, with the bench's errors."""
