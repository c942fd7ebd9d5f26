"""Draws and checks random blocks of 3 to 30 parts, and tells how many are clean, match, or are refused, and why.

    python tests/generators/wiring/block_campaign.py [COUNT [EVERY_ENGINE]]     (300, 0)

Block `s` is that of seed 1000 + s with 3 + s % 28 parts; those of few parts come first. EVERY_ENGINE of them, spread
over the sizes, go to all engines, the others to the fast ones. One process at a time, of low priority; what is known
stands in out/campaigns/blocks.jsonl, and a second run goes on there. Exits 1 for one neither clean nor refused.
"""

import sys
from pathlib import Path

sys.path.insert(0, str(Path(__file__).parents[2]))

from campaign import EVERY, FAST, campaign, judged, told
from generators.wiring.random_blocks import random_block

FILE = Path(__file__).parents[3] / "out" / "campaigns" / "blocks.jsonl"
FIRST_SEED, LEAST, SIZES = 1000, 3, 28


def block(number):
    """One of the blocks."""
    return random_block(FIRST_SEED + number, LEAST + number % SIZES)


def judge(number, which):
    """The verdict on a block by the `fast` engines or by `every` one."""
    return judged(lambda: block(number), EVERY if which == "every" else FAST)


def cases(count, in_every):
    """The numbers of the blocks, those of few parts first, with who judges them."""
    numbers = sorted(range(count), key=lambda number: number % SIZES)
    every = set(numbers[:: max(1, count // in_every)][:in_every]) if in_every else set()
    return [(number, "every" if number in every else "fast") for number in numbers]


if __name__ == "__main__":
    asked = [int(word) for word in sys.argv[1:]] + [300, 0][len(sys.argv) - 1 :]
    found = campaign(judge, cases(*asked), FILE)
    print(told(found))
    sys.exit(any(one["state"] == "unclean" for one in found.values()))
