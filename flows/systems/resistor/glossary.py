"""What the metrics of cells of resistors mean."""

from __future__ import annotations

from analoom.flows.bench.glossary import Glossary, Meaning

RESISTOR: Glossary = {
    "r_<p>": Meaning("ohm", "resistance from this pin to the n of its number"),
    "ratio_error": Meaning("frac", "error of the ratio of two resistors, of the worst two"),
    "ratio_error_<p>": Meaning("frac", "error of the ratio of this resistor to the first"),
    "tc": Meaning("1/K", "temperature coefficient of the first resistor"),
    "v_error": Meaning("frac", "change of the first resistor's value from 1 mV across it to v_large"),
    "noise_<p>": Meaning("V/Hz^0.5", "thermal noise of this resistor: sqrt(4kTR)"),
    "c_<p>": Meaning("F", "capacitance of this resistor to all else, both its ends as one"),
}
