"""How far rows of transistors may reach from the taps in their rails."""

from __future__ import annotations

from analoom.cells.model.cell import Spec
from analoom.pdk import rules
from analoom.pdk.errors import SpecError

HIGH = ("w", "w_tail", "w_load", "w_n", "w_p", "w_update", "w_mirror", "w_error", "l_cap")
"""Fields that make rows higher, of the specs that have them."""


def require_taps(spec: Spec, far_nm: int, *more: str) -> None:
    """Raises SpecError, with the field of HIGH and `more` that is farthest above its default, for sizes that make rows
    so high that a transistor is `far_nm` from the taps in their rails, and that is too far."""
    most = rules.TAP_REACH.value_nm
    if far_nm <= most:
        return
    fields = type(spec).model_fields
    high = [name for name in (*HIGH, *more) if name in fields]
    field = max(high, key=lambda name: getattr(spec, name) / fields[name].default)
    bound = f"rows of which no transistor is more than {most / 1000:g} um from a tap, here {far_nm / 1000:g}"
    raise SpecError(field, getattr(spec, field), bound, rules.TAP_REACH.id)
