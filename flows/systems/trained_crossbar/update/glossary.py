"""What the metrics of an update mean."""

from __future__ import annotations

from analoom.flows.bench.glossary import Glossary, Meaning

UPDATE: Glossary = {
    "charge_gain": Meaning("C/V2", "charge out of the line by V of the column's move and V of the row"),
    "offset": Meaning("V", "move of the column at which the line gets no charge, its sign turned"),
    "offset_low": Meaning("V", "the same with the line lower by reach"),
    "offset_high": Meaning("V", "the same with the line higher by reach"),
    "charge_empty": Meaning("C", "charge onto the line with column and row at rest"),
    "bend": Meaning("frac", "how far the charge of a move by the span is off that of small ones"),
    "bend_row": Meaning("frac", "how far the gain at the row asked is off that at a quarter of it"),
    "kept": Meaning("V", "what the copier's gate loses as null falls"),
    "settling_null": Meaning("s", "after az fell, until the copier's gate stays within 0.1 mV of where it ends"),
    "settling_move": Meaning(
        "s", "after the column moved, until the multiplier's current stays within 2 % of its step"
    ),
    "power": Meaning("W", "supply current times supply voltage while nothing moves"),
    "gain_error": Meaning("frac", "change of the charge by the column's move"),
}
