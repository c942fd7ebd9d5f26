"""What the metrics of weighted sums mean."""

from __future__ import annotations

from analoom.flows.bench.glossary import Glossary, Meaning

WEIGHTED_SUM: Glossary = {
    "coefficient_<number>": Meaning("MU/MU", "what this input makes at out, from end to end of its range"),
    "constant": Meaning("MU", "out with all inputs on mid, counted from mid"),
    "coefficient_error": Meaning("frac", "relative error of the worst coefficient, or of the constant"),
    "max_error": Meaning("MU", "largest error of out over the corners of the inputs' range"),
    "rounding_error": Meaning("MU", "of max_error what whole units alone make"),
    "circuit_error": Meaning("MU", "largest error against the units' own sum: amplifiers, resistors, wires"),
    "bandwidth": Meaning("Hz", "bandwidth from the slowest input to out, -3 dB"),
    "output_noise_rms": Meaning("V", "noise at out, 1 Hz to 10 GHz"),
    "phase_margin": Meaning("deg", "phase left where the loop's gain is one, of the worst amplifier"),
    "f_unity": Meaning("Hz", "frequency at which that loop's gain is one"),
    "i_supply": Meaning("A", "supply current with all inputs on mid, bias currents included"),
    "power": Meaning("W", "supply current times supply voltage"),
    "sum_error": Meaning("MU", "random error of out at the worst corner of the inputs' range"),
    "sum_error_frac": Meaning("frac", "that by the setting full_scale"),
    "sum_error_resistors": Meaning("MU", "of it what the resistors make"),
    "sum_error_amplifiers": Meaning("MU", "of it what the amplifiers' offsets make"),
    "max_error_mean": Meaning("MU", "mean over dies of max_error, fixed and random errors together"),
    "max_error_95": Meaning("MU", "max_error that 95 % of dies stay within, fixed and random errors together"),
}
