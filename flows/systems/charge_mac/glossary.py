"""What the metrics of a charge-domain multiplier mean."""

from __future__ import annotations

from analoom.flows.bench.glossary import Glossary, Meaning

CHARGE_MAC: Glossary = {
    "gain": Meaning("V/V", "slope of the first output over the ideal sum"),
    "gain_error": Meaning("frac", "slope of an output over the ideal sum less one, of the worst output"),
    "gain_spread": Meaning("V/V", "difference between the largest and the smallest slope of the outputs"),
    "offset": Meaning("V", "output at an ideal sum of nothing, of the worst output"),
    "lsb": Meaning("V", "step of the first output that the smallest weight makes"),
    "inl_max": Meaning("LSB", "largest distance of a sum from its output's straight line"),
    "sum_enob": Meaning("bit", "effective bits of a sum by nonlinearity and kT/C noise"),
    "injection_reset": Meaning("V", "largest step of a sum as the reset switch opens"),
    "injection_sample": Meaning("V", "largest step of a sum as the sampling switch opens"),
    "reset_memory": Meaning("frac", "share of a cycle's sum that is left after the next reset"),
    "c_sum": Meaning("F", "capacitance of the node that holds a sum"),
    "ktc_noise": Meaning("V", "kT/C noise of a sum as the reset opens, rms"),
    "ktc_noise_held": Meaning("V", "kT/C noise of a sampled sum, rms"),
    "droop": Meaning("V/s", "rate at which leakage moves a sum"),
    "droop_held": Meaning("V/s", "rate at which leakage moves a sampled sum"),
    "settling": Meaning("s", "until the slowest sum settles after the inputs have stepped"),
    "cycle_time": Meaning("s", "length of a cycle: reset, inputs, sample and hold"),
    "energy_cycle": Meaning("J", "energy of a cycle from all sources"),
    "energy_mac": Meaning("J", "energy of a cycle by its multiply-accumulates"),
    "tops_per_w": Meaning("TOPS/W", "operations by energy, two a multiply-accumulate"),
    "output_error": Meaning("frac", "error of the least certain sum, by full scale"),
    "weight_inl": Meaning("LSB", "integral nonlinearity of one weight's least certain code"),
    "weight_dnl": Meaning("LSB", "differential nonlinearity of one weight's least certain step"),
    "enob": Meaning("bit", "effective bits of a sum by random errors: log2(full scale / (sigma sqrt(12)))"),
}
