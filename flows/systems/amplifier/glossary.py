"""What the metrics of amplifiers and followers mean."""

from __future__ import annotations

from analoom.flows.bench.glossary import Glossary, Meaning

_UNITY: Glossary = {
    "offset": Meaning("V", "output less input in unity gain, at the common mode v_cm"),
    "i_supply": Meaning("A", "supply current, the bias current included"),
    "power": Meaning("W", "supply current times supply voltage"),
    "bandwidth": Meaning("Hz", "bandwidth in unity gain, -3 dB"),
    "peaking": Meaning("dB", "highest gain in unity gain, over that at 1 Hz"),
    "psrr_vdd": Meaning("dB", "gain by what a step of vdd makes at the output, at 1 Hz"),
    "psrr_vss": Meaning("dB", "gain by what a step of vss makes at the output, at 1 Hz"),
    "input_noise_white": Meaning("V/Hz^0.5", "noise density at the input without its 1/f part"),
    "noise_corner": Meaning("Hz", "frequency at which the 1/f noise equals the white noise"),
    "output_noise_rms": Meaning("V", "noise at the output in unity gain, 1 Hz to 10 GHz"),
    "input_low": Meaning("V", "lowest input at which the offset is within `moved` of that at v_cm"),
    "input_high": Meaning("V", "highest input at which the offset is within `moved` of that at v_cm"),
    "slew_up": Meaning("V/s", "slope of the output after a step up, mean from 20 to 80 %"),
    "slew_down": Meaning("V/s", "slope of the output after a step down, mean from 20 to 80 %"),
    "settling": Meaning("s", "until the output stays within `settled` of the step, up or down"),
    "gm_in": Meaning("S", "transconductance of an input transistor"),
    "slew_law": Meaning("V/s", "slew rate by formula: the pair's current by the capacitance it charges"),
    "input_noise_law": Meaning("V/Hz^0.5", "white input noise by formula: 4 kT gm 2/3 of pair and load"),
    "offset_pair": Meaning("V", "offset by the input pair"),
    "offset_load": Meaning("V", "offset by the load of the first stage"),
    "offset_rest": Meaning("V", "offset by all other transistors"),
    "offset_switch": Meaning("V", "auto-zeroed: offset by the switch that opens at the gate and its dummy"),
    "offset_by_gm": Meaning("V", "offset by formula: thresholds of the pair, of the load times gm_load/gm_in"),
    "offset_error": Meaning("frac", "offset by the setting full_scale"),
}

AMPLIFIER: Glossary = {
    **_UNITY,
    "dc_gain": Meaning("dB", "open-loop gain at 1 Hz"),
    "dc_gain_law": Meaning("dB", "gain by formula: each stage's gm by the output conductances on its node"),
    "gbw": Meaning("Hz", "gain-bandwidth product: gain at 1 Hz times the frequency of its -3 dB"),
    "gbw_law": Meaning("Hz", "gain-bandwidth product by formula: gm_in / (2 pi C)"),
    "f_unity": Meaning("Hz", "frequency at which the open-loop gain is one"),
    "phase_margin": Meaning("deg", "phase left at f_unity"),
    "gain_margin": Meaning("dB", "gain below one at a phase of -180 degrees"),
    "cmrr": Meaning("dB", "gain by what both inputs together make at the output, at 1 Hz, no mismatch"),
    "offset_after": Meaning("V", "auto-zeroed: output less input in unity gain after the phases, at v_cm"),
    "feedthrough": Meaning("V", "of offset_after what opening the switches adds"),
    "droop": Meaning("V/s", "how fast leakage moves the stored offset, with the output at the level of the gate"),
    "zeroing": Meaning("s", "until the stored offset is within 0.1 mV of its end, after a step of 0.1 V"),
    "swing_low": Meaning("V", "lowest output that leaves gain_left of the gain at v_cm"),
    "swing_high": Meaning("V", "highest output that leaves gain_left of the gain at v_cm"),
}

FOLLOWER: Glossary = {
    **_UNITY,
    "gain_error": Meaning("frac", "gain at 1 Hz less one"),
}
