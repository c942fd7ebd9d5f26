"""What the metrics of a translinear multiplier mean."""

from __future__ import annotations

from analoom.flows.bench.glossary import Glossary, Meaning

TRANSLINEAR: Glossary = {
    "i_a": Meaning("A", "bias current of the input pair, each side"),
    "code": Meaning("", "code of the bias DAC at which curves and dynamics are measured"),
    "gain_<code>": Meaning("", "gain i_b / i_a at this code"),
    "gain_error": Meaning("frac", "error of the gain"),
    "gain_error_loop": Meaning("frac", "error of the gain by the transistors of the loop"),
    "gain_error_mirrors": Meaning("frac", "error of the gain by the mirrors"),
    "gain_error_dac": Meaning("frac", "error of the gain by the bias DAC"),
    "gain_error_<code>": Meaning("frac", "gain at this code by the ideal 0.5 + 0.5 code, less one"),
    "slopes_<code>": Meaning("", "gm/ID of the output pair by the relative slope of the input pair at this code"),
    "currents_<code>": Meaning("", "what the pairs really carry at this code: I_out/I_in by the ideal ratio"),
    "gm_id_in": Meaning("1/V", "gm/ID of the input pair"),
    "gm_id_<code>": Meaning("1/V", "gm/ID of the output pair at this code"),
    "n_in": Meaning("", "slope factor of the input pair"),
    "n_out": Meaning("", "slope factor of the output pair"),
    "linearity_<percent>": Meaning("frac", "mean gain up to this percentage of I_a by that of small signals, less one"),
    "thd_<percent>": Meaning("frac", "harmonics by fundamental of a sine of this percentage of I_a"),
    "bandwidth": Meaning("Hz", "bandwidth of the gain, -3 dB"),
    "noise_in_white": Meaning("A/Hz^0.5", "white noise density of the output, referred to the input"),
    "noise_in_rms": Meaning("A", "noise within the bandwidth, referred to the input"),
    "dynamic_range": Meaning("dB", "a sine of I_a on either side over the noise within the bandwidth"),
    "ratio_low": Meaning("", "lowest ratio I_b/I_a with a gain error within error_max"),
    "ratio_high": Meaning("", "highest ratio I_b/I_a with a gain error within error_max"),
    "scaled_ratio_low": Meaning("", "lowest ratio I_b/I_a within error_max, scaled by the gain at I_b = I_a"),
    "scaled_ratio_high": Meaning("", "highest ratio I_b/I_a within error_max, scaled by the gain at I_b = I_a"),
    "weak_up_to": Meaning("", "highest ratio I_b/I_a at which the output pair stays in weak inversion"),
    "v_out_low": Meaning("V", "lowest output voltage that holds the gain"),
    "v_out_high": Meaning("V", "highest output voltage that holds the gain"),
    "i_supply": Meaning("A", "supply current at the code"),
    "i_supply_most": Meaning("A", "largest supply current over the codes"),
    "offset": Meaning("A", "input current i_a at which the output is nothing"),
    "offset_loop": Meaning("A", "input offset current by the transistors of the loop"),
    "offset_mirrors": Meaning("A", "input offset current by the mirrors"),
    "offset_dac": Meaning("A", "input offset current by the bias DAC"),
    "loop_ratio": Meaning("frac", "error of the ratio of the loop's output pair by the exponential law"),
    "offset_law": Meaning("A", "input offset current by the exponential law, of both pairs' thresholds"),
}
