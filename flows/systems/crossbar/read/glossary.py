"""What the metrics of a crossbar mean."""

from __future__ import annotations

from analoom.flows.bench.glossary import SPECTRUM, Glossary, Meaning
from analoom.flows.systems.synapse.glossary import ERRORS

CROSSBAR: Glossary = {
    "i_full_scale": Meaning("A", "column current with every weight at its largest and every input full"),
    "i_column_max": Meaning("A", "largest column current of the read"),
    "column_error_max": Meaning("frac", "largest error of a column against the ideal product, by full scale"),
    "column_error_rms": Meaning("frac", "rms error of the columns against the ideal product, by full scale"),
    "read_power": Meaning("W", "power that the sources give during the read, nothing recovered"),
    "i_supply": Meaning("A", "current of the sources that give power, which linear drivers take from the supply"),
    "read_energy": Meaning("J", "energy of a read of t_read"),
    "energy_per_mac": Meaning("J", "energy of a read by the number of synapses"),
    "column_noise": Meaning("A", "rms noise of column 0 that a read of t_read leaves"),
    "row_write_error": Meaning("V", "largest miss in a written row when its word line falls"),
    "row_pedestal": Meaning("V", "mean step of the stored voltages as the word line falls"),
    "row_settling": Meaning("s", "from the word line's rise until the row's last cell is within 1 mV"),
    "write_disturb": Meaning("V", "furthest that a stored voltage of another row has moved by the end of a write"),
    "write_disturb_peak": Meaning("V", "furthest that a stored voltage of another row is pushed during a write"),
    "read_settling": Meaning("s", "until every column stays within 1 % after the inputs have stepped"),
    "ir_drop_row": Meaning("V", "largest voltage lost along a row"),
    "ir_drop_column": Meaning("V", "largest voltage lost along a column"),
    "ir_drop_error": Meaning("frac", "largest error of a column by the resistance of the lines, by full scale"),
    "ir_drop_error_rms": Meaning("frac", "rms error of the columns by the resistance of the lines, by full scale"),
    "read_enob": Meaning("bit", "effective bits that the resistance of the lines leaves"),
    "read_enob_corrected": Meaning("bit", "effective bits that it leaves after the best common factor"),
    "product_enob": Meaning("bit", "effective bits of the products over all dies, vectors and columns"),
    "product_enob_corrected": Meaning("bit", "effective bits of the products after the best common factor"),
    "output_error_max": Meaning("frac", "largest error of an output of mapped weights against W x, by full scale"),
    "output_error_rms": Meaning("frac", "rms error of the outputs of mapped weights against W x, by full scale"),
    "die_spread_rms": Meaning("frac", "rms spread of a column's current among the dies, by full scale"),
    "die_enob": Meaning("bit", "effective bits by the spread among the dies"),
    "enob_ir_drop": Meaning("bit", "effective bits by the resistance of the lines alone, all inputs full"),
    "enob_total": Meaning("bit", "effective bits by random errors and the resistance of the lines together"),
    **SPECTRUM,
    **ERRORS,
}
