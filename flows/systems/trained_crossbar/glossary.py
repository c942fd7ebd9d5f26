"""What the metrics of the blocks that train a crossbar in place mean."""

from __future__ import annotations

from analoom.flows.bench.glossary import Glossary, Meaning

CLAMP: Glossary = {
    "knee": Meaning("V", "column from rest at which the clamp comes on: gives i_knee"),
    "pull_level": Meaning("V", "column from rest at which it gives i_pull"),
    "conductance": Meaning("S", "slope of its current over the column there"),
    "i_rest": Meaning("A", "its current with the column at rest"),
    "leak_near": Meaning("A", "its current with the column 5 mV above rest"),
    "leak_far": Meaning("A", "its current with the column 50 mV above rest"),
    "held": Meaning("V", "where it holds a column from rest that is driven as far below rest as drive says"),
    "undershoot": Meaning("V", "how far such a column falls below that at first"),
    "settling": Meaning("s", "after the drive fell, until the column stays within the band asked of where it is held"),
    "power": Meaning("W", "supply current times supply voltage with the column at rest"),
}

NUDGE: Glossary = {
    "gm": Meaning("S", "slope of the current into the column where none flows"),
    "offset": Meaning("V", "target less column where no current flows"),
    "bend": Meaning("frac", "how far the current is off its slope, target and column the span apart"),
    "gm_low": Meaning("S", "the slope with target and column below rest by reach"),
    "gm_high": Meaning("S", "the slope with target and column above rest by reach"),
    "leak": Meaning("A", "current of the column with on low"),
    "kick_on": Meaning("V", "how far the column jumps off where it ends, as on rises"),
    "settling": Meaning("s", "after on rose, until the column stays within the band asked of where it ends"),
    "kick_off": Meaning("V", "how far the column is off rest at most after on fell"),
    "kick_left": Meaning("V", "what is left of that after half a microsecond"),
    "power": Meaning("W", "supply current times supply voltage, target and column at rest"),
    "power_off": Meaning("W", "the same with on low"),
    "gm_error": Meaning("frac", "change of the slope"),
}
