"""What the metrics of a crossbar trained in place mean."""

from __future__ import annotations

from analoom.flows.bench.glossary import Glossary, Meaning

CROSSBAR: Glossary = {
    "nrmse": Meaning("", "root mean square of the outputs' errors after training, by the targets' standard deviation"),
    "nrmse_centred": Meaning("", "the same without each output's mean error: an offset of the nudge shifts targets"),
    "nrmse_start": Meaning("", "the same before training"),
    "nrmse_best": Meaning("", "the same after its best epoch"),
    "nrmse_median": Meaning("", "the error of half of all dies is smaller, each trained on its own"),
    "nrmse_worst": Meaning("", "the largest error of all dies, each trained on its own"),
    "nrmse_centred_median": Meaning("", "the median of these without each output's mean error"),
    "yield": Meaning("frac", "dies whose error after training is below the limit `good`"),
    "cosine_<layer>": Meaning("", "of the steps of a layer's weights, at the start, with the gradient by differences"),
    "cosine_weighted_<layer>": Meaning("", "the same of the rule with each transistor's slope by its weight"),
    "null_drift": Meaning("V", "largest move of a weight a sample where no nudge is given"),
    "nudge_effect": Meaning("V", "by how much the nudge moves hidden columns after training, rms"),
}
