"""What the metrics of a column's amplifier mean."""

from __future__ import annotations

from analoom.flows.bench.glossary import Glossary, Meaning

AMPLIFIER: Glossary = {
    "gain": Meaning("V/V", "how far the output falls by how far the column rises, over the swing"),
    "offset": Meaning("V", "output from rest with the column at rest"),
    "deviation": Meaning("V", "how far the output is off a straight line over the swing"),
    "range_low": Meaning("V", "column from rest, downwards, where the output is off its mirror image by the bound"),
    "range_high": Meaning("V", "the same upwards"),
    "copy_ratio": Meaning("frac", "current into the column by what the output sources"),
    "output_resistance": Meaning("ohm", "how far the output gives way to a load, by the load's current"),
    "most_sunk": Meaning("A", "current into the output at which it is off by the bound asked"),
    "most_sourced": Meaning("A", "current out of the output at which it is off by the bound asked"),
    "input_current": Meaning("A", "current that the column needs at rest without a load"),
    "input_conductance": Meaning("S", "slope of that current over the column"),
    "bandwidth": Meaning("Hz", "where the output over the column has fallen by 3 dB, with the load"),
    "phase_margin": Meaning("deg", "of the loop, with the load"),
    "settling": Meaning("s", "after a step of the column by the swing, until the output is within a thousandth of it"),
    "power": Meaning("W", "supply current times supply voltage, the column at rest"),
    "gain_error": Meaning("frac", "change of the gain"),
    "copy_error": Meaning("frac", "change of the copy's ratio"),
}
