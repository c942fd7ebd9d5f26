"""What the metrics of networks that train themselves and of their parts mean."""

from __future__ import annotations

from analoom.flows.bench.glossary import Glossary, Meaning

_POWER: Glossary = {"power": Meaning("W", "supply current times supply voltage")}

GILBERT: Glossary = {
    "full_scale": Meaning("A", "I of the law I tanh(x/scale_x) tanh(w/scale_w) fitted to the outputs' difference"),
    "scale_x": Meaning("V", "difference of the upper inputs by which their tanh is counted, fitted"),
    "scale_w": Meaning("V", "difference of the lower inputs by which their tanh is counted, fitted"),
    "gain": Meaning("A/V2", "slope of the law at no input: full scale by both scales"),
    "fit_error": Meaning("A", "largest difference of the outputs from the law over the span of both inputs"),
    **_POWER,
    "gain_error": Meaning("frac", "change of the gain"),
    "offset_x": Meaning("V", "difference of the upper inputs at which the lower ones reach no output"),
    "offset_w": Meaning("V", "difference of the lower inputs at which the upper ones reach no output"),
    "offset_current": Meaning("A", "difference of the outputs without input"),
}

SIGMOID: Glossary = {
    "gain": Meaning("", "slope of the output at equal inputs"),
    "gain_edge": Meaning("", "slope of the output at the end of the span"),
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
