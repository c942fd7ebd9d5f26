"""What the metrics of somas, synapses and layers of current-mode networks mean."""

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
    "settling_up": Meaning("s", "from no current to the full one, until both polarities stay settled"),
    "settling_down": Meaning("s", "from the full current to none, until both polarities stay settled"),
    "slope_p_error": Meaning("frac", "change of the slope of positive codes"),
    "slope_n_error": Meaning("frac", "change of the slope of negative codes"),
    "ratio_np_error": Meaning("frac", "change of the slope of negative codes by that of positive ones"),
}

SYNAPSE: Glossary = {
    "level_<code>": Meaning("frac", "current out of the synapse by the soma's; m before a negative code"),
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
