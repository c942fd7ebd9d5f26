"""What the metrics of latches and of their arrays mean."""

from __future__ import annotations

from analoom.flows.bench.glossary import Glossary, Meaning

WRITTEN: Glossary = {
    "leakage": Meaning("A", "what all sources together give while bits are held"),
    "write_time": Meaning("s", "from the middle of the select's rise until the slowest bit stands"),
    "write_energy": Meaning("J", "what all sources give for a write that changes bits, nothing recovered"),
    "read_time": Meaning("s", "from the middle of the select's rise until a bit line is down by half"),
}

MARGINS: Glossary = {
    "hold_margin": Meaning("V", "noise in series with both gates that loses a held bit: the butterfly's square"),
    "read_margin": Meaning("V", "the same while the bit is read, both bit lines at the supply"),
    "write_margin": Meaning("V", "highest level of a bit line that writes; 0 where none does"),
}

FAILURES: Glossary = {
    f"{kind}_{end}": Meaning(unit, text)
    for kind, verb in (("hold", "cannot hold a bit"), ("read", "lose a bit as it is read"), ("write", "take no bit"))
    for end, unit, text in (
        ("fail", "frac", f"share of latches that {verb}, either bit"),
        ("fail_die", "frac", f"share of dies with a latch among those that {verb}"),
        ("sigmas", "sigma", f"margin over its sigma: how far a latch is from those that {verb}"),
    )
}

LATCH: Glossary = {
    **MARGINS,
    **FAILURES,
    **WRITTEN,
    "hold_supply": Meaning("V", "lowest supply that holds both bits"),
    "read_rise": Meaning("V", "most that the low node rises while it is read"),
    "dip_left": Meaning("V", "least difference of the nodes while the supply has dropped for 10 ns"),
    "bit_step": Meaning("V", "most that a held node moves as both bit lines fall beside it"),
    "upset_charge": Meaning("C", "least charge that flips a bit in 50 ps, at the weaker of both nodes"),
}

ARRAY: Glossary = {
    **MARGINS,
    **FAILURES,
    **WRITTEN,
    "wrong_bits": Meaning("bit", "bits of two rows, written and read, that are not what they should be"),
    "read_energy": Meaning("J", "what all sources give for a read of a row and the precharge after it"),
    "shift_energy": Meaning("J", "what all sources give for a step of the shift register, mean of a row"),
    "held_step": Meaning("V", "most that a bit leaves its rail while other rows are written and read"),
}
