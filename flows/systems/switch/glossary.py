"""What the metrics of switches mean."""

from __future__ import annotations

from analoom.flows.bench.glossary import Glossary, Meaning

SWITCH: Glossary = {
    "r_on_max": Meaning("ohm", "largest resistance of the closed path, over all levels from rail to rail"),
    "r_on_min": Meaning("ohm", "smallest resistance of the closed path, over all levels from rail to rail"),
    "i_off": Meaning("A", "current through the open path with its ends at opposite rails, the larger of both ways"),
    "r_on_max_rest": Meaning("ohm", "largest resistance of the path that a stored 0 closes"),
    "r_on_min_rest": Meaning("ohm", "smallest resistance of the path that a stored 0 closes"),
    "i_off_rest": Meaning("A", "current through the path that a stored 0 closes, while a 1 is stored"),
    "injection": Meaning("V", "step of the load as the switch opens"),
    "write_delay": Meaning("s", "from the second clock's rise to that of the stored bit, the slower of both edges"),
    "write_energy": Meaning("J", "energy from supply, clocks and data while a bit changes, nothing recovered"),
    "bit_high": Meaning("V", "stored level of a 1"),
    "bit_low": Meaning("V", "stored level of a 0"),
}
