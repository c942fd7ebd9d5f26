"""What the router takes: CPU seconds against nets as ratios to the case of 20, wire length against the half perimeters
of the nets' pins, and what ten random orders of the nets change.

    python tests/benchmarks/router_bench.py [--nets 10 20 50 100 200] [--at-random 12 30 100] [--orders 10]

Parts are transistors, pairs, mirrors, switches and unit capacitors, half as many as nets, joined to others near them;
then so many parts joined to any others, told by the nets that they have.
CPU seconds are of this process, all drawing of the block included, once the parts and numba's cache are warm.
"""

import argparse
import itertools
import random
import sys
import time
from pathlib import Path
from unittest.mock import patch

from analoom.cells.model.drawing import hull
from analoom.generators.wiring import channels
from analoom.generators.wiring.router import Router
from analoom.generators.wiring.twins import length_nm

sys.path.insert(0, str(Path(__file__).parents[1]))
from generators.wiring.random_blocks import local_block, random_block

RATIO_TO = 20
RUN = itertools.count()


def main():
    """Prints both tables."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--nets", type=int, nargs="+", default=[10, 20, 50, 100, 200])
    parser.add_argument("--at-random", type=int, nargs="*", default=[12, 30, 100])
    parser.add_argument("--orders", type=int, default=10)
    asked = parser.parse_args()
    measured(RATIO_TO)
    unit = measured(RATIO_TO)
    print("| nets | CPU s | ratio to 20 nets | wire length um | by half perimeters | area um2 |")
    print("|---|---|---|---|---|---|")
    for count in asked.nets:
        print(_row(str(count), unit if count == RATIO_TO else measured(count), unit), flush=True)
    for parts in asked.at_random:
        found = measured(parts, draw=at_random)
        print(_row(f"{found['nets']} at random", found, unit), flush=True)
    if asked.orders:
        print(orders(asked.orders, max(20, min(asked.nets))))


def _row(name, found, unit):
    told = f"{found['cpu_s']:.2f} | {found['cpu_s'] / unit['cpu_s']:.2f} | {found['wire_um']:.0f}"
    return f"| {name} | {told} | {found['by_bound']:.2f} | {found['area_um2']:.0f} |"


def near(nets):
    """A block of so many nets between near parts."""
    return local_block(1, nets, f"bench_{next(RUN)}")


def at_random(parts):
    """A block of so many parts, each joined to any others."""
    return random_block(1, parts)


def measured(size, order=None, draw=near):
    """Nets, CPU seconds, wire length, its ratio to half perimeters, area; `order`: a seed for another order."""
    with Noted(order) as noted:
        started = time.process_time()
        block = draw(size)
        cpu_s = time.process_time() - started
    wire_um = sum(length_nm(net, noted.router.lattice) for net in noted.router.nets) / 1e3
    bound_um = sum(half_perimeter_um(net) for net in noted.router.nets)
    area_um2 = block.bbox_nm.area() / 1e6
    nets = len(noted.router.nets)
    return {"nets": nets, "cpu_s": cpu_s, "wire_um": wire_um, "by_bound": wire_um / bound_um, "area_um2": area_um2}


class Noted:
    """Keeps the router that is made last, with its nets in another order if a seed is given."""

    def __init__(self, order):
        self.order, self.router = order, None

    def __enter__(self):
        self._patched = patch.object(channels, "Router", self._made)
        self._patched.start()
        return self

    def __exit__(self, *_):
        self._patched.stop()

    def _made(self, *given):
        self.router = Router(*given)
        if self.order is not None:
            random.Random(self.order).shuffle(self.router.nets)
        return self.router


def half_perimeter_um(net):
    """Of the places of its pins, from edge to edge: no wires that join them are shorter."""
    boxes = [hull(joint.box for joint in terminal.joints) for terminal in net.terminals if terminal.joints]
    wide = max(box.left for box in boxes) - min(box.right for box in boxes)
    high = max(box.bottom for box in boxes) - min(box.top for box in boxes)
    return (max(0, wide) + max(0, high)) / 1e3


def orders(count, nets):
    """How wire length and area of our order lie to the best of `count` random ones."""
    ours, others = measured(nets), [measured(nets, seed) for seed in range(count)]
    lines = [f"{count} random orders of {nets} nets:"]
    for key in ("wire_um", "area_um2"):
        values = sorted(one[key] for one in others)
        lines.append(
            f"{key}: {values[0]:.0f} to {values[-1]:.0f}, ours {ours[key]:.0f}, {ours[key] / values[0]:.3f} of the best"
        )
    return "\n".join(lines)


if __name__ == "__main__":
    main()
