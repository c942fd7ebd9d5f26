"""What the metrics of networks that train themselves and of their parts mean."""

from __future__ import annotations

from analoom.flows.bench.glossary import Glossary, Meaning

_POWER: Glossary = {"power": Meaning("W", "supply current times supply voltage")}

GILBERT: Glossary = {
    "full_scale": Meaning("A", "I of the law I tanh(x/scale_x) tanh(w/scale_w) fitted to the outputs' difference"),
    "scale_x": Meaning("V", "difference of the upper inputs by which their tanh is counted, fitted"),
    "scale_w": Meaning("V", "difference of the lower inputs by which their tanh is counted, fitted"),
    "product_gain": Meaning("A/V2", "slope of the law at no input: full scale by both scales"),
    "fit_error": Meaning("A", "largest difference of the outputs from the law over the span of both inputs"),
    **_POWER,
    "gain_error": Meaning("frac", "change of the gain"),
    "offset_x": Meaning("V", "difference of the upper inputs at which the lower ones reach no output"),
    "offset_w": Meaning("V", "difference of the lower inputs at which the upper ones reach no output"),
    "offset_current": Meaning("A", "difference of the outputs without input"),
}

SIGMOID: Glossary = {
    "gain": Meaning("V/V", "slope of the output at equal inputs"),
    "gain_edge": Meaning("V/V", "slope of the output at the end of the span"),
    "swing": Meaning("V", "output at the end of the span"),
    "v_common": Meaning("V", "level of both outputs at equal inputs"),
    "bandwidth": Meaning("Hz", "where the gain has fallen by 3 dB, with the load"),
    **_POWER,
    "offset": Meaning("V", "difference of the inputs at which the outputs are equal"),
    "gain_error": Meaning("frac", "change of the gain"),
}

BUMP: Glossary = {
    "peak": Meaning("A", "largest current out"),
    "peak_share": Meaning("frac", "the peak by the tail's current"),
    "width": Meaning("V", "between the inputs at which half the peak is left"),
    "centre": Meaning("V", "difference of the inputs at the peak"),
    "left_off": Meaning("A", "current out at equal inputs with none in the tail"),
    **_POWER,
    "peak_error": Meaning("frac", "change of the peak"),
}

ERROR: Glossary = {
    "full_scale_<out>": Meaning("A", "I of the law I (tanh(n/scale) + tanh(t/scale)) fitted to the currents into e, g"),
    "scale_<out>": Meaning("V", "difference of the sums or of the target by which its tanh is counted, fitted"),
    "transconductance_<out>": Meaning("S", "slope of the currents' difference at no error"),
    "fit_error_<out>": Meaning("A", "largest difference of the currents from the law over the span of both pairs"),
    "level_<out>": Meaning("V", "level of both sides of e, g at no error"),
    "gain_<out>": Meaning("V/V", "slope of e, g with its load at no error"),
    "bandwidth_<out>": Meaning("Hz", "where this slope has fallen by 3 dB, with the load"),
    **_POWER,
    "offset_<out>": Meaning("V", "difference of the sums, at a target of none, at which e, g is nothing"),
    "gain_error_<out>": Meaning("frac", "change of the slope"),
}

BACK: Glossary = {
    "full_scale_<out>": Meaning("A", "I of the law I tanh(g/scale_g) tanh(w/scale_w) fitted to what an output adds"),
    "scale_g_<out>": Meaning("V", "difference of an output's error by which its tanh is counted, fitted"),
    "scale_w_<out>": Meaning("V", "difference of its weight by which its tanh is counted, fitted"),
    "fit_error_<out>": Meaning("A", "largest difference from the law over the span of error and weight"),
    "level": Meaning("V", "level of both sides of the sum at no error"),
    "swing": Meaning("V", "the sum at the ends of the span of an output's error and weight, the others at rest"),
    "gain": Meaning("V/V", "slope of the sum over an output's error at a full weight"),
    "bandwidth": Meaning("Hz", "where this slope has fallen by 3 dB, with the load"),
    **_POWER,
    "gain_error": Meaning("frac", "change of the product of output 0"),
    "offset_g": Meaning("V", "error of output 0 at which its weight reaches no sum"),
    "offset_w": Meaning("V", "weight to output 0 at which its error reaches no sum"),
    "offset": Meaning("V", "sum without error and weight"),
}

SYNAPSE: Glossary = {
    "update_rate": Meaning("V/s", "how fast the weight moves by the error and the input given"),
    "update_offset": Meaning("V/s", "how fast it moves with no error"),
    "opening_step": Meaning("V", "how far it moves as learn opens the way to the update cell"),
    "hold": Meaning("V/s", "how fast the weight that moves most moves while nothing is taught"),
}

NEURON: Glossary = {
    "net_level": Meaning("V", "level of the nets of the summed currents, with all inputs"),
    "net_swing": Meaning("V", "difference of these nets by a current of bias"),
    "y_swing": Meaning("V", "difference of the outputs then"),
    "settling": Meaning("s", "after the sum changed its sign, until outputs and pd stay within 5 mV"),
    **_POWER,
}

NETWORK: Glossary = {
    "rows_right": Meaning("", "rows whose outputs are on their sides at the end of the hold"),
    "margin": Meaning("V", "how far the least certain output of all rows is on its side then"),
    "test_mse": Meaning("", "mean square of outputs less targets by the distance of the targets then"),
    "epochs_to_learn": Meaning("", "epochs after which every test has all rows right by the margin asked"),
    "time_to_learn": Meaning("s", "the time of these epochs"),
    "energy_to_learn": Meaning("J", "mean power times this time"),
    "train_power": Meaning("W", "mean supply current of the run times supply voltage"),
    "weight_span": Meaning("V", "largest difference of a weight from wr at the end"),
    "hold": SYNAPSE["hold"],
    "yield": Meaning("frac", "share of dies that have all rows right by the margin asked"),
    "yield_right": Meaning("frac", "share of dies that have all rows right by any margin"),
    "margin_median": Meaning("V", "half of the dies have a larger margin"),
}
