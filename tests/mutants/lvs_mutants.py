"""Damaged circuits and damaged layouts of any cell, by kind of fault, for LVS to find."""

import random
from dataclasses import replace

import klayout.db as kdb
from oracles.wire_partition import labels_by_wire

from analoom.cells.model.circuit import Cap, Diode, Mos
from analoom.pdk.layers import CONDUCTORS, CUTS, Layer
from broken import twin

STEP_UM = 0.005
BRIDGE_NM = 3000
HALF_SLOT_NM = 210
"""Wider than any cut below via4: a cut that touches both ends would join them."""


def circuit_mutants(cell, seed=0):
    """Pairs (kind, SPICE text) that describe another circuit than the cell's."""
    rng = random.Random(f"{cell.name} {seed}")
    every = (*cell.circuit.children(), cell.circuit)
    for circuit in every:
        for device in rng.sample(circuit.devices, min(3, len(circuit.devices))):
            for kind, changed in _device_mutants(device, circuit, rng):
                devices = tuple(y for d in circuit.devices for y in (changed if d is device else (d,)))
                yield kind, _text(every, circuit, replace(circuit, devices=devices))
        for instance in rng.sample(circuit.instances, min(2, len(circuit.instances))):
            for kind, nets in _instance_mutants(instance, rng):
                changed = tuple(replace(i, nets=nets) if i is instance else i for i in circuit.instances)
                yield kind, _text(every, circuit, replace(circuit, instances=changed))


RESISTOR_ENDS = {"r0", "r1"}


def _text(every, old, new):
    return "\n".join((new if c is old else c)._subckt() for c in every)


def _device_mutants(device, circuit, rng):
    step = replace(device, w_um=device.w_um + STEP_UM)
    twice = replace(device, name=f"{device.name}_extra")
    yield ("wrong capacitor size" if isinstance(device, Cap) else "wrong w"), (step,)
    yield (
        ("wrong capacitor size" if isinstance(device, Cap) else "wrong l"),
        (replace(device, l_um=device.l_um + STEP_UM),),
    )
    yield "wrong m", (replace(device, m=device.m + 1),)
    yield "extra device", (device, twice)
    if len(circuit.devices) > 1:
        yield "missing device", ()
    if isinstance(device, Mos):
        yield from _mos_mutants(device, circuit, rng)
    elif isinstance(device, Cap) and device.nets["top"] != device.nets["bottom"]:
        yield "swapped plates", (replace(device, nets={"top": device.nets["bottom"], "bottom": device.nets["top"]}),)
    elif isinstance(device, Diode):
        yield "turned diode", (replace(device, nets={"a": device.nets["c"], "c": device.nets["a"]}),)


def _mos_mutants(mos, circuit, rng):
    nets = mos.nets
    yield "wrong nf", (replace(mos, nf=mos.nf + 1),)
    is_dummy = nets["g"] in (nets["s"], nets["b"])
    for a, b, kind in (("g", "s", "swapped gate and source"), ("g", "d", "swapped gate and drain")):
        if nets[a] != nets[b] and not (nets["g"] == nets["s"] and nets["d"] == nets["b"]):
            yield kind, (replace(mos, nets={**nets, a: nets[b], b: nets[a]}),)
    others = sorted({n for d in circuit.devices for n in d.nets.values()} - {nets["b"]})
    if others:
        yield "wrong body", (replace(mos, nets={**nets, "b": rng.choice(others)}),)
    if is_dummy and others:
        yield "dummy connected wrongly", (replace(mos, nets={**nets, "g": rng.choice(others)}),)


def _instance_mutants(instance, rng):
    ports = list(instance.nets)
    rows = [p for p in ports if p.startswith("row")]
    columns = [p for p in ports if p.startswith("col")]
    for kind, lines in (("swapped rows", rows), ("swapped columns", columns)):
        if len(lines) > 1:
            yield kind, _exchanged(instance.nets, [tuple(rng.sample(lines, 2))])
    if len(rows) > 1 and len(columns) > 1:  # of a single cell it is a source and a drain that change places
        yield "transposed block", _exchanged(instance.nets, list(zip(rows, columns, strict=False)))
    a, b = rng.sample(ports, 2)
    if {a, b} == RESISTOR_ENDS:  # either way round is the same resistor
        return
    if instance.nets[a] != instance.nets[b]:
        yield "swapped pins of an instance", _exchanged(instance.nets, [(a, b)])


def _exchanged(nets, pairs):
    changed = dict(nets)
    for a, b in pairs:
        changed[a], changed[b] = nets[b], nets[a]
    return changed


def layout_mutants(cell, seed=0, most=3):
    """Pairs (kind, source), each with one fault drawn into a copy of the cell."""
    rng = random.Random(f"{cell.name} {seed}")
    layout = cell.layout.layout()
    wires = labels_by_wire(layout, cell.layout)
    for cut, (below, _) in CUTS.items():
        yield from _lost_cuts(cell, wires, cut, below, rng, most)
    for layer in CONDUCTORS:
        yield from _shorts(cell, wires, layer, rng, most)
        yield from _opens(cell, wires, layer, rng, most)
    yield from _sizes(cell, wires, rng, most)
    if wells_matter(cell) and not wires.region(Layer.TAP).is_empty():
        yield "missing tap", twin(cell, _cleared(kdb.Region(cell.bbox_nm.enlarged(5000, 5000)), (Layer.TAP,)))


def wells_matter(cell):
    """Whether a transistor has its body in a well; a capacitor alone needs no tap to be the same circuit."""
    every = (*cell.circuit.children(), cell.circuit)
    return any(isinstance(device, Mos) for circuit in every for device in circuit.devices)


def _picked(region, rng, most):
    polygons = list(region.each_merged())
    return rng.sample(polygons, min(most, len(polygons)))


def _lost_cuts(cell, wires, cut, below, rng, most):
    """Every cut on one polygon of the conductor below gone."""
    for polygon in _picked(wires.region(below).interacting(wires.region(cut)), rng, most):
        yield f"missing {cut.name.lower()}", twin(cell, _cleared(kdb.Region(polygon), (cut,)))


def _opens(cell, wires, layer, rng, most):
    """A slot across the middle of a wire."""
    for polygon in _picked(wires.region(layer), rng, most):
        box = polygon.bbox()
        x, y = box.center().x, box.center().y
        across = kdb.Box(x - HALF_SLOT_NM, box.bottom - 5, x + HALF_SLOT_NM, box.top + 5)
        upright = kdb.Box(box.left - 5, y - HALF_SLOT_NM, box.right + 5, y + HALF_SLOT_NM)
        slot = across if box.width() > box.height() else upright
        yield f"open in {layer.name.lower()}", twin(cell, _cleared(kdb.Region(slot) & kdb.Region(polygon), (layer,)))


def _cleared(where, layers):
    """Damage: `layers` flattened, and gone inside `where`."""

    def damage(copy, top):
        for layer in layers:
            index = copy.layer(*layer.value)
            rest = kdb.Region(top.begin_shapes_rec(index)).merged() - where
            copy.clear_layer(index)
            top.shapes(index).insert(rest)

    return damage


def _shorts(cell, wires, layer, rng, most):
    """A bar from one wire to another net's wire on the same layer, straight across."""
    made = 0
    for polygon in _picked(wires.region(layer), rng, 20):
        bar = _bar(wires, layer, polygon)
        if bar is not None and made < most:
            made += 1
            yield f"short on {layer.name.lower()}", twin(cell, _added(layer, bar))


def _bar(wires, layer, polygon):
    box = polygon.bbox()
    for other in wires.polygons[layer.name].each_touching(box.enlarged(BRIDGE_NM, BRIDGE_NM)):
        near = other.polygon.bbox()
        mine = next(wires.touching(layer.name, _inside(polygon)))
        if wires.find(other.prop_id - 1) == wires.find(mine):
            continue
        left, right = max(box.left, near.left), min(box.right, near.right)
        low, high = max(box.bottom, near.bottom), min(box.top, near.top)
        if right - left > 20:
            return kdb.Box(left, min(box.center().y, near.center().y), left + 20, max(box.center().y, near.center().y))
        if high - low > 20:
            return kdb.Box(min(box.center().x, near.center().x), low, max(box.center().x, near.center().x), low + 20)
    return None


def _inside(polygon):
    at = next(iter(kdb.Region(polygon).decompose_trapezoids_to_region().each())).bbox().center()
    return kdb.Box(at.x - 1, at.y - 1, at.x + 1, at.y + 1)


def _added(layer, box):
    return lambda copy, top: top.shapes(copy.layer(*layer.value)).insert(box)


def _sizes(cell, wires, rng, most):
    """One gate, one plate, one grid step wider or longer; one finger lost."""
    gates = wires.region(Layer.DIFF) & wires.region(Layer.POLY)
    for gate in _picked(gates, rng, most):
        box = gate.bbox()
        yield "wrong l", twin(cell, _added(Layer.POLY, kdb.Box(box.right, box.bottom - 5, box.right + 5, box.top + 5)))
        yield "finger lost", twin(cell, _cleared(kdb.Region(box.enlarged(0, 5)), (Layer.POLY,)))
    for plate in _picked(wires.region(Layer.CAPM), rng, most):
        box = plate.bbox()
        wider = kdb.Box(box.right, box.bottom, box.right + 5, box.top)
        yield "wrong capacitor size", twin(cell, _added(Layer.CAPM, wider))
        yield "capacitor lost", twin(cell, _cleared(kdb.Region(box), (Layer.CAPM,)))
