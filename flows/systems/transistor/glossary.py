"""What the metrics of transistors, pairs and mirrors mean."""

from __future__ import annotations

from analoom.flows.bench.glossary import SPECTRUM, Glossary, Meaning

_POINT: Glossary = {
    "v_gs": Meaning("V", "gate-source voltage at the operating point"),
    "vth": Meaning("V", "threshold: gate-source voltage at a drain current of 100 nA W/L"),
    "gm_id": Meaning("1/V", "transconductance by drain current at the operating point"),
    "gds_id": Meaning("1/V", "output conductance by drain current at the operating point"),
    "f_t": Meaning("Hz", "transit frequency: gm / (2 pi C_g), C_g all that the gate sees"),
    "noise_gamma": Meaning("frac", "white noise power by 4 kT gm of the transistors"),
    "noise_gate_1hz": Meaning("V/Hz^0.5", "noise density at 1 Hz as a gate voltage (by gm)"),
    **SPECTRUM,
}

DEVICE: Glossary = {
    **_POINT,
    "i_d": Meaning("A", "drain current at the operating point"),
    "i_on": Meaning("A", "drain current with the gate at the supply"),
    "i_off": Meaning("A", "drain current with the gate at the source"),
    "c_g": Meaning("F", "capacitance that the gate sees"),
    "c_d": Meaning("F", "capacitance that the drain sees"),
    "gain_error": Meaning("frac", "change of the drain current at a fixed gate voltage"),
}

PAIR: Glossary = {
    **_POINT,
    "i1": Meaning("A", "drain current of device 1 at the operating point"),
    "i2": Meaning("A", "drain current of device 2 at the same gate voltage"),
    "offset": Meaning("V", "gate voltage that makes both currents equal: V_gs2 - V_gs1"),
    "delta_vth": Meaning("V", "threshold of device 2 less that of device 1"),
    "gain_error": Meaning("frac", "ratio of the currents at equal gate voltages less one"),
    "mirror_gain_error": Meaning("frac", "error of the output current with the pair used as a mirror"),
    "c_g1": Meaning("F", "capacitance that the gate of device 1 sees"),
    "c_g2": Meaning("F", "capacitance that the gate of device 2 sees"),
    "c_d1": Meaning("F", "capacitance that the drain of device 1 sees"),
    "c_d2": Meaning("F", "capacitance that the drain of device 2 sees"),
    "c_d_imbalance": Meaning("frac", "capacitance at drain 2 by that at drain 1 less one"),
}

MIRROR: Glossary = {
    "i_in": Meaning("A", "input current"),
    "v_in": Meaning("V", "voltage at the input, from the source of the transistors"),
    "i_supply": Meaning("A", "input and output currents together"),
    "i_<out>": Meaning("A", "current of this output"),
    "gain_error": Meaning("frac", "I_out / (ratio I_in) less one: of the worst output, or the least certain"),
    "gain_error_<out>": Meaning("frac", "I_out / (ratio I_in) less one, of this output"),
    "delta_vth": Meaning("V", "threshold of the least certain output less that of the input"),
    "offset": Meaning("V", "gate voltage that brings the least certain output to its ratio"),
    "r_out": Meaning("ohm", "output resistance of the first output at the voltage v_ds"),
    "c_in": Meaning("F", "capacitance at the input"),
    "settling": Meaning("s", "until the first output stays within 1 % after the input current has doubled"),
    **SPECTRUM,
}
