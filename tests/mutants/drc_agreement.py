"""Puts mutants of every registered cell to the three engines and writes the table of agreement by rule.

python tests/mutants/drc_agreement.py [COUNT [SEED]] (1000, 7): exits 1 for a mutant the fast engine misses, and for one
that only it flags without a reason below. Writes out/signoff-agreement/ and tests/mutants/agreement.md.
"""

from __future__ import annotations

import json
import re
import sys
import time
from collections import Counter
from dataclasses import dataclass
from pathlib import Path

sys.path.insert(0, str(Path(__file__).parents[1]))

from mutants.drc_mutants import LARGE, Mutant, is_large, mutants
from mutants.drc_verdicts import fast_rules, official_rules

from analoom.pdk import rules
from analoom.pdk.rules import Rule

OUT = Path("out/signoff-agreement")
TABLE = Path(__file__).with_name("agreement.md")
BATCH, LARGE_BATCH = 125, 4
ALL = {rule.id: rule for rule in vars(rules).values() if isinstance(rule, Rule)}

IMPLANTS = "the deck does not relate implants to diffusion; Magic draws the implants itself from the diffusion it reads"
NPC = "the deck asks for npc only about contacts on diffusion; Magic draws npc itself about poly contacts"
TAPS = "Magic takes n-type active in an n-well, and p-type active outside, for a tap whichever layer it is on"
THRESHOLD = "Magic reads a gate as of one threshold or the other; the deck does not relate the marker to gates"
BARS = "the deck knows a bar contact by its exact size only; Magic draws the contacts of resistors itself"
RPM = "the deck relates no layer to a resistor; Magic draws rpm, psdm and npc of resistors itself"
HVI = "the deck only asks that hvi does not cross diffusion; Magic draws hvi itself about the diffusion it reads"
HVNTM = "narrow arms of diffusion in hvi: Magic bridges some of the hvntm it draws"
REASONS = {
    "nsd.5a": IMPLANTS,
    "nsd.7": IMPLANTS,
    "nsd.9": IMPLANTS,
    "nsd.10a": "neither engine checks the area of implants",
    "psd.10b": "neither engine checks the area of implants",
    "licon.15": NPC,
    "npc.4": NPC,
    "licon.4": "the deck does not ask what lies under a contact; Magic drops contacts on nothing as it reads",
    "hvtp.3": THRESHOLD,
    "hvtp.4": THRESHOLD,
    "hvtp.5": "neither engine checks the area of threshold layers",
    "lvtn.4b": THRESHOLD,
    "lvtn.13": "neither engine checks the area of threshold layers",
    "LU.2": TAPS,
    "LU.3": TAPS,
    "difftap.8": TAPS,
    "difftap.9": TAPS,
    "difftap.10": TAPS,
    "difftap.11": TAPS,
    "nwell.4": TAPS,
    "poly.12": "Magic reads poly over a tap as a varactor or a transistor; the deck does not check it",
    "poly.7": "a gate that ends within its diffusion: Magic takes its end for a side, the deck does not check it",
    "difftap.2": "a gate that ends within its diffusion: Magic takes its end for a side, the deck does not check it",
    "capm.3": "a top plate off all metal: the deck measures between edges; Magic drops it as it reads",
    "cap2m.3": "a top plate off all metal: the deck measures between edges; Magic drops it as it reads",
    "licon.9": "psdm laid whole over a poly contact: the deck measures between edges; Magic draws psdm itself",
    "licon.16": "the deck does not check it; Magic's own check takes every tap for a contacted one",
    **dict.fromkeys(("licon.8", "licon.8a"), f"in precision resistors: {BARS}"),
    **dict.fromkeys(("licon.1b", "licon.1c", "licon.2b", "licon.2c", "licon.2d"), BARS),
    **dict.fromkeys(("rpm.1f", "rpm.3", "rpm.4", "rpm.5", "rpm.6", "rpm.7", "rpm.8"), RPM),
    **dict.fromkeys(("difftap.18", "difftap.22", "difftap.23", "difftap.24", "hvi.5"), HVI),
    "hvntm.1": HVNTM,
    "x.1b": "capm, cap2m, urpm and the resistor markers: the deck has no grid check for them; Magic snaps to 5 nm",
    "x.zero": "a check of the precheck, in a script of its own",
}
"""Why a rule may flag what neither official engine does."""


@dataclass(frozen=True)
class Verdict:
    """What the engines say of one mutant: rule ids, the deck's categories, Magic's rule names."""

    mutant: Mutant
    fast: set[str]
    deck: set[str]
    magic: set[str]

    @property
    def missed(self):
        return not self.fast and bool(self.deck or self.magic)

    @property
    def alone(self):
        """The fast engine flags it and no other."""
        return bool(self.fast) and not (self.deck or self.magic)

    @property
    def unexplained(self):
        return self.alone and not self.fast & REASONS.keys()


def verdicts(count, seed, folder, cells=None):
    """Every engine's word on `count` mutants, of all originals or of `cells`."""
    found = []
    folder.mkdir(parents=True, exist_ok=True)
    for batch in batches(mutants(count, seed, cells)):
        for mutant, (deck, magic) in zip(batch, official_rules(batch, folder), strict=True):
            found.append(Verdict(mutant, fast_rules(mutant), deck, magic))
        print(f"{len(found)} of {count} mutants", file=sys.stderr)
    return found


def batches(every):
    """The mutants in batches for one run each; those of large examples by themselves."""
    for large, size in ((False, BATCH), (True, LARGE_BATCH)):
        alike = [mutant for mutant in every if is_large(mutant.shapes) is large]
        yield from (alike[start : start + size] for start in range(0, len(alike), size))


def table(found, seed):
    """The agreement as markdown."""
    both = sum(bool(v.fast) and not v.alone for v in found)
    clean = sum(not v.fast and not v.missed for v in found)
    lines = ["# Agreement of the design rule engines on mutants", ""]
    large = sum(is_large(v.mutant.shapes) for v in found)
    lines += [
        f"`make signoff-agreement`: {len(found)} mutants (seed {seed}) of {len({v.mutant.cell for v in found})}"
        f" layouts: every example of every registered cell ({large} mutants of those of more than {LARGE} shapes),"
        " and transistors and wells in thick oxide and poly resistors drawn by hand.",
        "",
    ]
    lines += ["| verdict | mutants |", "|---|---|"]
    lines += [f"| flagged by fast and by the deck or Magic | {both} |", f"| clean in all three | {clean} |"]
    lines += [f"| flagged officially, clean in fast | {sum(v.missed for v in found)} |"]
    lines += [f"| flagged by fast alone | {sum(v.alone for v in found)} |", ""]
    lines += ["| kind of mutant | mutants | flagged by fast | by the deck | by Magic | missed by fast | fast alone |"]
    lines += ["|---|---|---|---|---|---|---|", *_by_kind(found), ""]
    lines += [
        "`also`: of the mutants that break the rule in fast, those for which the engine names its own.",
        "",
    ]
    lines += [
        "| rule | mutants in fast | the deck also | Magic also | fast alone | reason |",
        "|---|---|---|---|---|---|",
    ]
    lines += [*_by_rule(found), ""]
    lines += ["Rules of the official engines on mutants where fast names other rules only:", ""]
    lines += ["| engine | rule | mutants |", "|---|---|---|", *_other_names(found)]
    return "\n".join([*lines, ""])


def _by_kind(found):
    for kind in sorted({v.mutant.kind for v in found}):
        of = [v for v in found if v.mutant.kind == kind]
        counts = (
            len(of),
            *(sum(bool(getattr(v, e)) for v in of) for e in ("fast", "deck", "magic", "missed", "alone")),
        )
        yield f"| {kind} | {' | '.join(map(str, counts))} |"


def _by_rule(found):
    named = Counter(rule for v in found for rule in v.fast)
    for name, rule in ALL.items():
        of = [v for v in found if name in v.fast]
        if of:
            deck = sum(named_by_deck(rule, v.deck) for v in of) if rule.deck else "-"
            magic = sum(says(rule, v.magic) for v in of) if rule.magic else "-"
            alone = sum(v.alone for v in of)
            yield f"| {name} | {named[name]} | {deck} | {magic} | {alone} | {REASONS.get(name, '') if alone else ''} |"


def _other_names(found):
    other = Counter()
    for v in found:
        ours = [ALL[name] for name in v.fast]
        other.update(("deck", c) for c in v.deck if not any(named_by_deck(r, {c}) for r in ours))
        other.update(("magic", t) for t in v.magic if not any(says(rule, {t}) for rule in ours))
    return [f"| {engine} | {name} | {count} |" for (engine, name), count in sorted(other.items())]


def named_by_deck(rule, categories):
    """Whether one of the deck's categories is about the rule; the grid has one a layer."""
    of_grid = rule is rules.GRID and any(category.endswith("_OFFGRID") for category in categories)
    return of_grid or rule.deck in categories


def says(rule, texts):
    """Whether a Magic text is about the rule."""
    return any(rule.magic in re.split(r"[\s,+)(]+", text) for text in texts)


def main(count=1000, seed=7):
    started = time.perf_counter()
    found = verdicts(count, seed, OUT)
    text = table(found, seed)
    (OUT / "agreement.md").write_text(text)
    TABLE.write_text(text)
    bad = [v for v in found if v.missed or v.unexplained]
    record = [{"mutant": v.mutant.name, **{e: sorted(getattr(v, e)) for e in ("fast", "deck", "magic")}} for v in found]
    (OUT / "verdicts.json").write_text(json.dumps(record, indent=1))
    for v in bad:
        print(f"{'missed' if v.missed else 'unexplained'}: {v.mutant.name}: {v.fast} {v.deck} {v.magic}")
    print(f"{count} mutants in {time.perf_counter() - started:.0f} s: {len(bad)} without a reason; see {TABLE}")
    return 1 if bad else 0


if __name__ == "__main__":
    sys.exit(main(*map(int, sys.argv[1:])))
