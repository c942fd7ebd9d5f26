"""Blocks of the training netlist: what stands at every column, behavioural where no drawn circuit is given for it."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass

from . import columns as at
from .pair import REST_V
from .training import Trainer

Lines = Callable[[Trainer, int], Iterable[str]]
"""Netlist lines of the block of a column, by its number."""

REST = "rest"


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
    """Lines of every block; `before` come first (libraries, subcircuits, biases).

    A drawn circuit takes the place of a function here. Its nodes: hidden columns `h_j`, outputs `o_k` with targets
    `t_k`, rows `r2p_j` and `r2n_j`, `rest`; clocks of 0 and 1 V: `ph` (-1 in the first phase of a nudge both ways)
    while nudged, `sl`, `sh` while the first and the second phase are held, `up` while weights move.
    """

    clamp: Lines = clamp
    amplifier: Lines = amplifier
    nudge: Lines = nudge
    load: Lines = load
    before: tuple[str, ...] = ()


IDEAL = Blocks()
"""All behavioural, with the bench's errors."""
