"""What the metrics of current DACs, biases and ramps mean."""

from __future__ import annotations

from analoom.flows.bench.glossary import SPECTRUM, Glossary, Meaning

CURRENT_DAC: Glossary = {
    "i_in": Meaning("A", "input current"),
    "v_in": Meaning("V", "voltage at the input, from the source of the transistors"),
    "i_lsb": Meaning("A", "mean step of the current from code to code"),
    "i_full": Meaning("A", "current of the last code"),
    "i_off": Meaning("A", "current of code 0: what the switches leak"),
    "i_supply": Meaning("A", "input current and that of the last code"),
    "gain_error": Meaning("frac", "span of all codes by that of the input's units, less one"),
    "unit_error": Meaning("frac", "current of one unit by the nominal one, less one"),
    "dnl": Meaning("LSB", "differential nonlinearity of the worst step, or the least certain one"),
    "inl": Meaning("LSB", "integral nonlinearity of the worst code, or the least certain one"),
    "g_out": Meaning("S", "output conductance at the last code"),
    "v_limit": Meaning("V", "output voltage nearest the units' rail that moves the current half an LSB"),
    "settling": Meaning("s", "from all bits off to all on, until within half an LSB"),
    "glitch_charge": Meaning("C", "charge beyond that of an ideal step, at the step of the largest bit"),
    **SPECTRUM,
}

_OUTPUT: Glossary = {
    "i_<pin>": Meaning("A", "current of this output"),
    "gain_error_<pin>": Meaning("frac", "I_out / (ratio I_in) less one, of this output"),
    "temperature_<pin>": Meaning("1/K", "range of this current from -40 to 85 degC, by its mean and the range"),
    "g_out_<pin>": Meaning("S", "output conductance of this output"),
    "v_limit_<pin>": Meaning("V", "voltage nearest its rail that moves this current 1 %"),
    "noise_white_<pin>": Meaning("A/Hz^0.5", "white noise density of this output's current"),
}
"""Of each output, sink or source."""

BIAS: Glossary = {
    "i_in": Meaning("A", "reference current"),
    "v_in": Meaning("V", "voltage at the input"),
    "i_supply": Meaning("A", "current from the supply: reference, fold and sources"),
    "gain_error": Meaning("frac", "I_out / (ratio I_in) less one: of the worst output, or the least certain"),
    **{name.replace("pin", "n"): meaning for name, meaning in _OUTPUT.items()},
    **{name.replace("pin", "p"): meaning for name, meaning in _OUTPUT.items()},
    "supply_<p>": Meaning("1/V", "relative change of this current by the supply, within 5 % of it"),
}

PTAT_BIAS: Glossary = {
    **BIAS,
    "i_in": Meaning("A", "current of the law, U_T ln K / R, at the temperature"),
    "r_set": Meaning("ohm", "the resistor on r"),
    "ptat_error": Meaning("frac", "voltage on the resistor by U_T ln K, less one"),
    "gain_error": Meaning("frac", "I_out / (ratio of the law) less one: of the worst output, or the least certain"),
    "gain_error_<n>": Meaning("frac", "I_out / (ratio of the law) less one, of this output"),
    "gain_error_<p>": Meaning("frac", "I_out / (ratio of the law) less one, of this output"),
    "temperature_<n>": Meaning("1/K", "slope of this current over temperature by its value at 27 degC"),
    "temperature_<p>": Meaning("1/K", "slope of this current over temperature by its value at 27 degC"),
    "supply_<n>": Meaning("1/V", "relative change of this current by the supply, within 5 % of it"),
    "start_time": Meaning("s", "from the supply's rise until the first output stays within 5 %"),
}

RAMP: Glossary = {
    "i_in": Meaning("A", "input current"),
    "c_ramp": Meaning("F", "all that the ramp sees in the middle of its range"),
    "slope": Meaning("V/s", "slope between both ends of the range"),
    "slope_error": Meaning("frac", "slope by the input current's share over the plate's capacitance, less one"),
    "slope_error_mirror": Meaning("frac", "error of the slope by the mirror"),
    "slope_error_cap": Meaning("frac", "error of the slope by the capacitor"),
    "nonlinearity": Meaning("frac", "farthest off the line through both ends of the range, by the range"),
    "pedestal": Meaning("V", "step that the switch makes as it opens"),
    "residue": Meaning("V", "what the reset leaves against its level, by the current through the switch"),
    "reset_time": Meaning("s", "from the switch's closing until within 1 mV of the last value"),
    "i_leak": Meaning("A", "current into the ramp with no input: what moves it when it should rest"),
    "noise_reset": Meaning("V", "noise that the reset leaves on the capacitor"),
    "noise_ramp": Meaning("V", "noise at the end of the range: of the reset, and of the current from 1 Hz up"),
    **SPECTRUM,
}
