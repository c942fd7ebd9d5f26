"""What the metrics of somas, synapses, layers and networks of current-mode networks mean."""

from __future__ import annotations

from analoom.flows.bench.glossary import Glossary, Meaning

_POWER: Glossary = {"power": Meaning("W", "supply current times supply voltage")}
_RATIO: Glossary = {"neg_over_pos": Meaning("frac", "what a negative code takes by what the positive one gives")}

SOMA: Glossary = {
    "slope_p": Meaning("frac", "current of four units on the gate line of positive codes by the soma's"),
    "slope_n": Meaning("frac", "current of four units on the gate line of negative codes by the soma's"),
    **_RATIO,
    "slope_change": Meaning("frac", "slope of positive codes at the full current by that at a tenth, less one"),
    "i_supply": Meaning("A", "current from the supply"),
    **_POWER,
    "settling_up": Meaning("s", "from no current to the full one, until all that is read stays settled"),
    "settling_down": Meaning("s", "from the full current to none, until both polarities stay settled"),
    "slope_p_error": Meaning("frac", "change of the slope of positive codes"),
    "slope_n_error": Meaning("frac", "change of the slope of negative codes"),
    "ratio_np_error": Meaning("frac", "change of the slope of negative codes by that of positive ones"),
}

SYNAPSE: Glossary = {
    "level_<code>": Meaning("frac", "current out of a synapse by the soma's; m before a negative code"),
    **_RATIO,
    "level_change": Meaning("frac", "level of code 7 at the full current by that at a tenth, less one"),
    "level_error": Meaning("frac", "largest deviation of a level from equal steps, by the last of its sign"),
    "leakage": Meaning("A", "current out of a synapse of code 0"),
    **_POWER,
    "unit_p_error": Meaning("frac", "change of the level of code 1, one unit"),
    "unit_n_error": Meaning("frac", "change of the level of code -1, one unit"),
    "weight_p_error": Meaning("frac", "change of the level of code 7"),
    "weight_n_error": Meaning("frac", "change of the level of code -7"),
}

_OUTPUT_ERROR: Glossary = {
    "output_error": Meaning("frac", "change of the least certain output by a soma's full current, random weights"),
    "output_error_somas": Meaning("frac", "the same by the transistors of somas alone"),
    "output_error_units": Meaning("frac", "the same by the units of synapses alone"),
    "output_error_switches": Meaning("frac", "the same by headers and switches of bits alone"),
}

LAYER: Glossary = {
    "level_<code>": SYNAPSE["level_<code>"],
    **_RATIO,
    "column_error": Meaning("frac", "largest deviation of a column's current from the mean of all, codes alike"),
    "leakage": SYNAPSE["leakage"],
    **_POWER,
    "settling_up": SOMA["settling_up"],
    **_OUTPUT_ERROR,
}

NETWORK: Glossary = {
    "decision": Meaning("s", "until the largest output no longer changes, mean over the steps that change it"),
    "network_settling": Meaning("s", "until every output stays settled, mean over the steps"),
    **_POWER,
    "energy": Meaning("J", "energy from the supply a decision"),
    "macs": Meaning("", "weights, biases not counted"),
    "top_per_j": Meaning("TOp/J", "weights by the energy of a decision, one operation each"),
    "top_per_j_settled": Meaning("TOp/J", "weights by the energy until all outputs stay settled"),
    **_OUTPUT_ERROR,
}
