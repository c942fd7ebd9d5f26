"""Random legal specs of any registered cell, drawn from its spec type alone: bounds, choices, nested specs.

Bounds themselves come up often, as that is where drawing breaks; a combination the spec refuses is drawn again.
"""

import math
import random
from types import NoneType, UnionType
from typing import Annotated, Literal, Union, get_args, get_origin

from annotated_types import Ge, Gt, Le, Lt
from pydantic import BaseModel

from analoom.cells.model import registry
from analoom.cells.model.cell import Kind
from analoom.pdk.devices import RES_WIDTHS_UM
from analoom.pdk.errors import SpecError
from analoom.pdk.resistor.value import resistor_value

TRIES = 2000
LARGEST_UM = 12.0
LARGEST_COUNT = 20
LONGEST_LIST = 8
ONLY_ZEROED = ("w_hold", "w_switch", "w_steady")
"""Fields of an amplifier or a comparator that mean something with `auto_zero` alone."""
SMALLEST_UM = 0.15
JUDGED_AS_DRAWN = ("backprop",)
"""Systems of cells that tell only when they are drawn whether their rows are too high for their taps."""
"""Where a length has no lower bound of its own: the shortest gate."""


def random_spec(name, seed):
    """A legal spec of the cell `name`; the same seed gives the same spec."""
    entry = registry.entries()[name]
    rng = random.Random(f"{name} {seed}")
    for _ in range(TRIES):
        try:
            spec = entry.spec_type.parse(_fields(entry.spec_type, rng))
            if entry.system in JUDGED_AS_DRAWN:
                entry.build(spec)
            return spec
        except SpecError:
            continue
    raise AssertionError(f"{name}: no legal spec in {TRIES} tries")


def _fields(spec_type, rng):
    """Values for some of the fields; the others keep their defaults."""
    if "coefficients" in spec_type.model_fields:
        return _of_a_sum(rng)
    if {"dims", "clamp", "nudge"} <= spec_type.model_fields.keys():
        return _of_a_trained_crossbar(rng)
    if {"inputs", "hidden", "outputs"} <= spec_type.model_fields.keys():
        return {
            "inputs": rng.randint(1, 3),
            "hidden": rng.randint(1, 3),
            "outputs": rng.randint(1, 4),
            "w_mirror": rng.choice((0.42, 1.0, 1.2)),
            "l_tail": rng.choice((0.5, 2.0, 4.0)),
            "w_cap": rng.choice((2.0, 7.2, 12.0)),
        }
    if "pulse_bits" in spec_type.model_fields:
        return _of_a_network_of_tiles(rng) if "dims" in spec_type.model_fields else _of_a_tile(rng)
    chosen = {n: f for n, f in spec_type.model_fields.items() if rng.random() < 0.75}
    fields = {n: _value(f.annotation, f.metadata, rng, n) for n, f in chosen.items() if n != "r_unit"}
    if "r_unit" in spec_type.model_fields:
        return _of_a_resistor(fields, rng)
    if "amplifier" in spec_type.model_fields:
        return _of_one_amplifier(fields)
    if not fields.get("auto_zero"):
        fields = {name: value for name, value in fields.items() if name not in ONLY_ZEROED}
    return _of_one_kind(fields) if {"device", "fingers"} <= spec_type.model_fields.keys() else fields


def _of_a_resistor(fields, rng):
    """The fields of an array of resistors with a width that its model takes, and a length sized in one way."""
    if fields.get("device") != "res_generic_po":
        fields["w"] = rng.choice(RES_WIDTHS_UM)
    if "l" in fields and rng.random() < 0.3:
        device, w_um = fields.get("device", "res_xhigh_po"), fields.get("w", 0.69)
        fields["r_unit"] = resistor_value(device, w_um, fields.pop("l")).total_ohm
    return fields


def _of_a_sum(rng):
    """One to three coefficients and a constant that units make and rails hold; resistors that its amplifier drives."""
    signed = [rng.choice((-1, 1)) * round(rng.uniform(0.2, 3), 2) for _ in range(rng.randint(1, 3))]
    form, error = rng.choice((("one", 0.01), ("three", 0.03)))
    fields = {"coefficients": signed, "constant": round(rng.uniform(-1, 1), 1), "form": form, "error": error}
    return fields | {"input_range": 0.5, "device": "res_xhigh_po", "rows": rng.randint(1, 3)}


def _of_a_tile(rng):
    """A tile of pulses of up to 2 x 2 weights, whose capacitors hold its charge."""
    sizes = {"rows": rng.randint(1, 2), "cols": rng.randint(1, 2), "w": round(rng.uniform(0.84, 2), 2)}
    sizes |= {"l": round(rng.uniform(2, 4.5), 2), "c_int": rng.uniform(1e-12, 4e-12), "gated": rng.random() < 0.5}
    return sizes | {"pulse_bits": rng.randint(4, 7), "ramp_units": rng.randint(4, 16)}


def _of_a_network_of_tiles(rng):
    """Two or three such layers, alike."""
    fields = {n: value for n, value in _of_a_tile(rng).items() if n not in ("rows", "cols")}
    fields |= {"dims": tuple(rng.randint(1, 2) for _ in range(rng.randint(2, 3)))}
    return fields | {"c_int": (fields["c_int"],), "ramp_units": (fields["ramp_units"],)}


def _of_a_trained_crossbar(rng):
    """Layers of up to 3 x 3 synapses of either kind that can be trained, each block ideal or drawn."""
    synapse = rng.choice(({"cell": "synapse_cs"}, {"cell": "synapse_cs", "vt": "lvt"}, {"cell": "synapse_2t1c"}))
    blocks = {name: rng.choice(("ideal", "drawn")) for name in ("clamp", "nudge", "amplifier", "load")}
    return {"dims": tuple(rng.randint(1, 3) for _ in range(3)), "synapse": synapse, **blocks}


def _of_one_amplifier(fields):
    """The fields of a follower without those of the other amplifier, and without phases, which it has not."""
    kind = fields.setdefault("amplifier", "opamp")
    sizes = {n: value for n, value in fields.get(kind, {}).items() if n not in (*ONLY_ZEROED, "auto_zero")}
    return {"amplifier": kind, kind: sizes}


def _of_one_kind(unit):
    """A unit capacitor's fields without those of other kinds, and fingers sized in one way, or few would be legal."""
    is_mom = unit.get("device") == "mom"
    unit.pop("w" if is_mom else "fingers", None)
    fingers = unit.get("fingers", {})
    for name in ("count", "length") if fingers.get("c", 0) >= 1 else ("c",):
        fingers.pop(name, None)
    return unit


def _value(kind, metadata, rng, name):
    origin = get_origin(kind)
    if origin is Annotated:
        inner, *extra = get_args(kind)
        return _value(inner, [*metadata, *_flat(extra)], rng, name)
    if origin in (Union, UnionType):
        others = [part for part in get_args(kind) if part is not NoneType]
        return None if rng.random() < 0.5 else _value(others[0], metadata, rng, name)
    if origin is Literal:
        return rng.choice(get_args(kind))
    if origin is tuple:
        item = get_args(kind)[0]
        return tuple(_value(item, [], rng, name) for _ in range(rng.randint(1, LONGEST_LIST)))
    if name == "synapse":
        return _synapse(rng)
    if isinstance(kind, type) and issubclass(kind, BaseModel):
        return _fields(kind, rng)
    return _number(kind, metadata, rng)


def _flat(extra):
    """Field(...) inside Annotated carries its bounds in its own metadata."""
    return [m for e in extra for m in (*getattr(e, "metadata", ()), e)]


def _number(kind, metadata, rng):
    if kind in (bool, NoneType):
        return rng.random() < 0.5
    if kind not in (int, float):
        raise TypeError(f"no way to draw a random {kind}")
    low, high = _bounds(metadata, kind)
    if rng.random() < 0.2:
        return low
    value = math.exp(rng.uniform(math.log(low), math.log(max(low, high))))
    return round(value) if kind is int else _snapped(value, rng)


def _snapped(value_um, rng):
    """A length on the 5 nm grid, often on a coarser one too, so that fingers divide it."""
    grid_nm = rng.choice((5, 60, 600))
    return max(1, round(value_um * 1000 / grid_nm)) * grid_nm / 1000


def _bounds(metadata, kind):
    low, high = (1, LARGEST_COUNT) if kind is int else (SMALLEST_UM, LARGEST_UM)
    for bound in metadata:
        if isinstance(bound, Ge | Gt):
            low = max(low, bound.ge if isinstance(bound, Ge) else bound.gt)
        if isinstance(bound, Le | Lt):
            high = min(high, bound.le if isinstance(bound, Le) else bound.lt)
    return low, high


def _synapse(rng):
    """A registered synapse by name, with random fields of its own."""
    known = sorted(n for n, e in registry.entries().items() if e.kind == Kind.SYNAPSE)
    name = rng.choice(known)
    return {"cell": name, **_fields(registry.entries()[name].spec_type, rng)}
