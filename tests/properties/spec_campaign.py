"""Draws and checks random specs of every registered cell, and tells how many are clean, match, or are refused, and why.

    python tests/properties/spec_campaign.py [COUNT [EVERY_ENGINE]]     (300, 0)

Specs are shared out evenly over the cells, by seeds that no other test takes. EVERY_ENGINE of them, spread over the
cells, go to all engines, the others to the fast ones. One process at a time, of low priority; what is known stands in
out/campaigns/specs.jsonl, and a second run goes on there. Exits 1 for a cell that is neither clean nor refused.
"""

import sys
from pathlib import Path

sys.path.insert(0, str(Path(__file__).parents[1]))

from campaign import EVERY, FAST, campaign, judged, told
from properties.random_specs import random_spec

from analoom.cells.model import registry

FILE = Path(__file__).parents[2] / "out" / "campaigns" / "specs.jsonl"
FIRST_SEED = 3000


def judge(name, seed, which):
    """The verdict on a random spec of a cell by the `fast` engines or by `every` one."""
    spec = random_spec(name, seed)
    return judged(lambda: registry.entries()[name].build(spec), EVERY if which == "every" else FAST)


def cases(count, in_every):
    """Cells with seeds, in turn, and who judges them."""
    names = sorted(registry.entries())
    every = set(range(0, count, max(1, count // in_every))[:in_every]) if in_every else set()
    given = ((names[k % len(names)], FIRST_SEED + k // len(names)) for k in range(count))
    return [(*case, "every" if k in every else "fast") for k, case in enumerate(given)]


if __name__ == "__main__":
    asked = [int(word) for word in sys.argv[1:]] + [300, 0][len(sys.argv) - 1 :]
    found = campaign(judge, cases(*asked), FILE)
    print(told(found))
    sys.exit(any(one["state"] == "unclean" for one in found.values()))
