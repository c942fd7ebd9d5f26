"""What the metrics of tiles of pulses and of their weights mean."""

from __future__ import annotations

from analoom.flows.bench.glossary import Glossary, Meaning

_WEIGHT: Glossary = {
    "inl_weight": Meaning("LSB", "largest distance of a code from the line through codes -7 and 7, units"),
    "dnl_weight": Meaning("LSB", "largest deviation of the step between two codes from the mean step"),
}

CELL: Glossary = {
    "current_unit": Meaning("A", "current of code 7 by its seven units"),
    **_WEIGHT,
    "neg_over_pos": Meaning("frac", "what a negative code takes by what the positive one gives"),
    "level_fall": Meaning("frac", "change of the current of code 7 as its column falls"),
    "leakage": Meaning("A", "current out of a column of code 7 between pulses"),
    "power": Meaning("W", "current of code 7 and of its latches times the supply voltage"),
}

NETWORK: Glossary = {
    "inference_time": Meaning("s", "from the first tile's reset to the end of the last read-out"),
    "energy": Meaning("J", "energy of an operation, rows at half their pulse, converters to pulses counted"),
    "tops_per_w": Meaning("TOPS/W", "operations by energy, two a multiply-accumulate, converters counted"),
    "area_per_weight": Meaning("um2", "drawn area of all by its weights"),
}

TILE: Glossary = {
    "inl_pulse": Meaning("LSB", "largest distance of a pulse out from a straight line, a row alone, weight 7"),
    "dnl_pulse": Meaning("LSB", "deviation of a step of the pulse at half its length from the mean step"),
    **_WEIGHT,
    "crosstalk": Meaning("LSB", "change of the longest step of a row's pulse with all other rows at half"),
    "charge_injection": Meaning("LSB", "what a pulse's edges add to its charge, of weight 7, the same for any length"),
    "droop": Meaning("V/s", "how fast leakage moves a column between pulses"),
    "pulse_gain": Meaning("frac", "slope of pulses out over pulses in, by weight over the ramp's units"),
    "pulse_delay": Meaning("s", "what every pulse out is longer by, the same for any length"),
    "energy": Meaning("J", "energy of an operation, rows at half their pulse, converters to pulses counted"),
    "energy_array": Meaning(
        "J", "energy of an operation while its pulses come in, with the charge that the reset restores"
    ),
    "power": Meaning("W", "energy of an operation by its length"),
    "cycle_time": Meaning("s", "length of an operation: reset, pulses in, waking, ramp"),
    "tops_per_w": Meaning("TOPS/W", "operations by energy, two a multiply-accumulate, converters counted"),
    "tops_per_w_array": Meaning("TOPS/W", "operations by energy, two a multiply-accumulate, without converters"),
    "area_per_weight": Meaning("um2", "drawn area of the whole tile by its weights"),
    "column_error": Meaning("frac", "error of the least certain column's pulse, by full scale"),
    "column_error_<source>": Meaning("frac", "part of it by one source"),
    "offset_readout": Meaning("V", "offset of a column's comparator, after its own zeroing where it has one"),
}
