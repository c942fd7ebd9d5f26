"""What the metrics of unit capacitors and capacitor arrays mean."""

from __future__ import annotations

from analoom.flows.bench.glossary import Glossary, Meaning

CAPACITOR: Glossary = {
    "c_top_rest": Meaning("F", "capacitance of `top` to all that is no weight: it scales the array's output"),
    "c_unit": Meaning("F", "capacitance of a unit: all weights together by their units"),
    "c_bottom": Meaning("F", "capacitance between `bottom` and `top`"),
    "c_<b>": Meaning("F", "capacitance between this bottom pin and `top`"),
    "ratio_error": Meaning("frac", "error of a weight's share of the total, of the worst weight"),
    "ratio_error_<b>": Meaning("frac", "error of this weight's share of the total capacitance"),
    "inl_max": Meaning("LSB", "largest integral nonlinearity over the codes of the array as a converter"),
    "dnl_max": Meaning("LSB", "largest differential nonlinearity over the codes of the array as a converter"),
    "inl": Meaning("LSB", "integral nonlinearity of the least certain code"),
    "dnl": Meaning("LSB", "differential nonlinearity of the least certain step"),
    "ktc_noise": Meaning("V", "noise that a switch leaves on `top` as it opens, rms: sqrt(kT/C)"),
    "switch_energy": Meaning("J", "energy from the reference when all bottom plates go from 0 to v_ref: C V^2"),
}
