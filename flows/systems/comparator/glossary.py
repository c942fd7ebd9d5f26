"""What the metrics of comparators mean."""

from __future__ import annotations

from analoom.flows.bench.glossary import Glossary, Meaning

_BOTH: Glossary = {
    "offset": Meaning("V", "difference of the inputs, inp - inn, at which the comparator is undecided"),
    "offset_error": Meaning("frac", "the offset by the full scale v_full"),
    "offset_<part>": Meaning("V", "offset by the transistors of this part"),
    "delay_up": Meaning("s", "until the output is high, at the overdrive"),
    "delay_down": Meaning("s", "until the output is low, at the overdrive"),
    "power": Meaning("W", "power from the supply"),
    "energy": Meaning("J", "energy from the supply a decision"),
}

CONTINUOUS: Glossary = {
    **_BOTH,
    "voltage_gain": Meaning("dB", "small-signal gain at the trip point"),
    "voltage_gain_law": Meaning("dB", "that gain by the transistors' slopes: gm over gds of both stages"),
    "hysteresis": Meaning("V", "trip point of a slow rise less that of a slow fall, to 1 uV"),
    "input_low": Meaning("V", "lowest common level at which the offset moves by less than error_max"),
    "input_high": Meaning("V", "highest common level at which the offset moves by less than error_max"),
    "input_noise": Meaning("V/Hz^0.5", "white noise density, referred to the input"),
    "input_noise_rms": Meaning("V", "noise of all frequencies from 1 Hz at the output, by the gain"),
    "input_noise_corner": Meaning("Hz", "frequency at which the 1/f noise equals the white noise"),
    "kickback": Meaning("V", "largest excursion of inn behind r_source while inp steps"),
    "offset_after": Meaning("V", "auto-zeroed: offset after the phases"),
    "feedthrough": Meaning("V", "of offset_after what opening the switches adds"),
    "droop": Meaning("V/s", "how fast leakage moves the stored offset, with the output at the level of the gate"),
    "zeroing": Meaning("s", "until the stored offset is within 0.1 mV of its end, after a step of 0.1 V"),
}

CLOCKED: Glossary = {
    **_BOTH,
    "hysteresis": Meaning("V", "trip point with q low before less that with q high before"),
    "delay_latch": Meaning("s", "until rp or rn is high, at the overdrive"),
    "tau": Meaning("s", "time constant with which the undecided latch regenerates"),
    "reset_time": Meaning("s", "from the fall of the clock until rp and rn are low"),
    "input_low": Meaning("V", "lowest common level at which the latch takes less than twice its time"),
    "input_high": Meaning("V", "highest common level at which the latch takes less than twice its time"),
    "kickback": Meaning("V", "largest disturbance between the inputs, each behind r_source"),
    "kickback_common": Meaning("V", "largest disturbance of the inputs' mean, each behind r_source"),
    "energy_clock": Meaning("J", "energy a decision from the supply of what drives the clock"),
    "decision_noise": Meaning("V", "noise of a decision at the inputs, one sigma: white noise of all transistors"),
    "decision_noise_<part>": Meaning("V", "that of the transistors of this part"),
    "decision_noise_flicker": Meaning("V", "the same of 1/f noise from 1 Hz on, which is not in decision_noise"),
    "decision_noise_law": Meaning("V", "of the pair in closed form: (4 k T gamma / (gm t))^0.5 of its integration"),
    "i_leak": Meaning("A", "current from the supply while the clock rests low"),
}
