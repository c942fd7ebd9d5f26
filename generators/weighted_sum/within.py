"""Whether a sum stays within its means: the output within the rails, the resistors' currents within the sink's."""

from __future__ import annotations

from collections.abc import Sequence

from analoom.pdk.corners import VDD_V
from analoom.pdk.errors import SpecError

from .network import MU_V, REFERENCE, Network
from .synthesis import Terms

HEADROOM_V = 0.2
"""What the output stage needs to either rail; the slide's sum has 7 MU of 9 for the same reason."""
SHARE_OF_SINK = 0.5
"""Of the sink's current, the part that resistors may take: the rest keeps the output stage in saturation."""


def check_rails(terms: Terms, reference: float, input_range: float) -> None:
    """Raises SpecError where the sum leaves the rails, with the range that does not."""
    most = (VDD_V / 2 - HEADROOM_V) / MU_V
    constant = reference * dict(terms).get(REFERENCE, 0.0)
    slope = sum(abs(c) for net, c in terms if net != REFERENCE)
    within = f"{HEADROOM_V:g} V from either rail, which is {most:g} MU from mid"
    if reference > most or abs(constant) >= most:
        field, value = ("reference", reference) if reference > most else ("constant", constant)
        raise SpecError(field, value, f"less than {most:g} MU: {within}", fix=round(most / 2, 3))
    if abs(constant) + slope * input_range > most:
        fits = (most - abs(constant)) / slope
        bound = f"at most {fits:.4g} MU, so that out stays {within}"
        raise SpecError("input_range", input_range, bound, fix=float(f"{fits * 0.99:.3g}"))


def check_load(made: Network, terms: Terms, span: Sequence[float], r_unit: float, sink_a: float) -> None:
    """Raises SpecError where resistors take more from an output than its sink can spare; `span`: reference and range
    (MU)."""
    reference, input_range = (MU_V * v for v in span)
    worst = 0.0
    for sign in (1, -1):
        drive = {net: sign * input_range * (1 if c > 0 else -1) for net, c in terms if net != REFERENCE}
        drive |= {REFERENCE: reference} if REFERENCE in dict(terms) else {}
        worst = max(worst, *map(abs, made.currents(drive, r_unit).values()))
    spare = SHARE_OF_SINK * sink_a
    if worst > spare:
        fits = r_unit * worst / spare
        bound = f"at least {fits:.4g} ohm: the amplifier is asked for {worst:.3g} A and can spare {spare:.3g} A of its "
        bound += "sink; a larger opamp.out or i_bias helps too"
        raise SpecError("r_unit", r_unit, bound, fix=float(f"{fits * 1.01:.3g}"))
