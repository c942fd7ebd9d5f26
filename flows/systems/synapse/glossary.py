"""What the metrics of a synapse mean; those of mismatch are a crossbar's too."""

from __future__ import annotations

from analoom.flows.bench.glossary import SPECTRUM, Glossary, Meaning

ERRORS: Glossary = {
    "cell_gain_error": Meaning("frac", "error of one synapse's factor at the largest weight"),
    "column_gain_error": Meaning("frac", "error of a column's gain, every weight at its largest"),
    "worst_column_error": Meaning("frac", "root mean square of the largest column error of a die, by full scale"),
    "column_error": Meaning("frac", "error of the least certain column, all inputs full, by full scale"),
    "product_error": Meaning("frac", "error of a column with inputs spread evenly from zero to full, by full scale"),
    "enob": Meaning("bit", "effective bits by random errors: log2(full scale / (sigma sqrt(12)))"),
}

SYNAPSE: Glossary = {
    "g_min": Meaning("S", "smallest factor, column current by input voltage, over the stored range"),
    "g_max": Meaning("S", "largest factor, column current by input voltage, over the stored range"),
    "i_full_scale": Meaning("A", "column current at the strongest weight and the full input"),
    "nonlinearity": Meaning("frac", "largest deviation from input times ideal factor, by full scale"),
    "weight_nonlinearity": Meaning("frac", "largest deviation of the factor from a straight line, by its range"),
    "read_settling": Meaning("s", "until the column current settles after the input has stepped"),
    "read_energy": Meaning("J", "energy of a read pulse"),
    "read_disturb": Meaning("V", "change of the stored voltage by a read"),
    "read_noise": Meaning("A", "rms noise of the column current that a read of t_read leaves"),
    "write_error_high": Meaning("V", "stored voltage less what was written, highest level, before the word line falls"),
    "write_error_low": Meaning("V", "stored voltage less what was written, lowest level, before the word line falls"),
    "write_pedestal": Meaning("V", "step of the stored voltage as the word line falls, middle level"),
    "write_pedestal_spread": Meaning("V", "difference of that step between the highest and the lowest level"),
    "write_energy": Meaning("J", "energy of a write, mean of the levels written"),
    "write_settling": Meaning("s", "until the stored voltage settles, the slowest of the levels written"),
    "retention": Meaning("s", "time in which the highest level loses 1 mV"),
    "ktc_noise": Meaning("V", "noise that the write switch leaves on the stored voltage as it opens, rms"),
    "c_store": Meaning("F", "capacitance of the storage node"),
    "hold_leak": Meaning("A", "current that leaves the storage node while it holds"),
    "hold_droop": Meaning("V/s", "rate at which the stored voltage moves while it is held"),
    **SPECTRUM,
    **ERRORS,
}
