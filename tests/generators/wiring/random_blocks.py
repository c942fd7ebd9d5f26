"""Random blocks of leaf cells: parts, nets with at least one driver each, pins on random sides, rows of a grid."""

import random

from analoom.cells.capacitor.unit_cap import UnitCapSpec, unit_cap
from analoom.cells.fingers.mosfet import MosfetSpec, mosfet
from analoom.cells.model.cell import Spec
from analoom.cells.switch.analog_switch import AnalogSwitchSpec, analog_switch
from analoom.generators.transistors.current_mirror import CurrentMirrorSpec, current_mirror
from analoom.generators.transistors.matched_pair import MatchedPairSpec, matched_pair
from analoom.generators.wiring.floorplan import Floorplan

NETS_A_PART = 1.6
SIDES = ("left", "right", "top", "bottom")


def random_block(seed, parts, outer=6):
    """The drawn block; `outer` nets leave it besides those without a driver and the supplies."""
    rng = random.Random(seed)
    nets = [f"n{k}" for k in range(max(3, int(parts * NETS_A_PART)))]
    wired = [_wired(cell, nets, rng) for cell in (_cell(rng) for _ in range(parts))]
    return _drawn(f"random_block_{seed}_{parts}", wired, outer, rng)


def local_block(seed, nets, name, outer=6, reach=2):
    """A block of half as many parts as nets, each of which takes its nets from those at home at most `reach` places of
    the grid away: what a designer draws, where `random_block` joins any part to any other."""
    rng, parts = random.Random(seed), nets // 2
    a_row, wired = max(1, round(parts**0.5)), []
    for k in range(parts):
        near = [m for m in range(parts) if max(abs(m // a_row - k // a_row), abs(m % a_row - k % a_row)) <= reach]
        wired.append(_wired(_cell(rng), [f"n{2 * m + half}" for m in near for half in (0, 1)], rng))
    return _drawn(name, wired, outer, rng)


def _drawn(name, wired, outer, rng):
    floor, parts = Floorplan(name), len(wired)
    leaves = [floor.part(f"p{k}", cell, given) for k, (cell, given) in enumerate(wired)]
    floor.supply("vdd", "vss")
    floor.pins(**_sides(wired, outer, rng))
    a_row = max(1, round(parts**0.5))
    return floor.cell(floor.grid([leaves[k : k + a_row] for k in range(0, parts, a_row)]), Spec(), "macro")


def _cell(rng):
    device = rng.choice(["nfet_01v8", "pfet_01v8"])
    kind = rng.choice(["mosfet", "mosfet", "pair", "mirror", "cap", "switch"])
    if kind == "mosfet":
        size = {"w": rng.choice([2, 4]), "l": rng.choice([0.15, 0.5, 1]), "nf": rng.choice([1, 2])}
        return mosfet(MosfetSpec(device=device, **size))
    if kind == "pair":
        return matched_pair(MatchedPairSpec(device=device, w=rng.choice([2, 4]), l=rng.choice([0.5, 1])))
    if kind == "mirror":
        return current_mirror(CurrentMirrorSpec(device=device, w=2, l=1, ratios=rng.choice([(1, 1), (1, 2)])))
    return unit_cap(UnitCapSpec(w=rng.choice([2, 5]))) if kind == "cap" else analog_switch(AnalogSwitchSpec())


def _wired(cell, nets, rng):
    """The cell and a net for each port: bodies and most sources on their supply, all else at random."""
    supply = "vdd" if "pfet" in getattr(cell.spec, "device", "") else "vss"
    given = {}
    for port in cell.circuit.ports:
        if port in ("vdd", "vss"):
            given[port] = port
        elif cell.kind != "switch" and (port == "b" or (port == "s" and rng.random() < 0.6)):
            given[port] = supply
        else:
            given[port] = rng.choice(nets)
    return cell, given


def _drives(cell, port):
    """Whether something flows out of a port: no gate, no plate, no body."""
    return cell.kind != "capacitor" and not port.startswith(("g", "en")) and (port != "b" or cell.kind == "switch")


def _sides(wired, outer, rng):
    used = sorted({net for _, given in wired for net in given.values()})
    driven = {net for cell, given in wired for port, net in given.items() if _drives(cell, port)}
    pins = [net for net in used if net not in driven or net in ("vdd", "vss")]
    pins += [net for net in used if net not in pins][:outer]
    sides = {side: [] for side in SIDES}
    for net in pins:
        sides[rng.choice(SIDES)].append(net)
    return sides
