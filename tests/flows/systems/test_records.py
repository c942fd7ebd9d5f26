"""Records of systems: each registered cell has one, with the pins it says and the metrics that ngspice judges."""

import importlib

import pytest

from analoom.cells.model import registry
from analoom.flows.mismatch import mismatch
from analoom.flows.simulate import simulate
from analoom.flows.systems.lookup import every_system, record, require_pins, system_of
from analoom.flows.systems.record import System
from analoom.pdk.errors import InputError

ONE_QUANTITY = {"vth", "delta_vth", "gain_error", "offset", "ratio_error", *(f"ratio_error_b{k}" for k in range(3))}
EXAMPLES = [(name, k) for name, entry in registry.entries().items() for k in range(len(entry.examples))]
JUDGED = {"mosfet": {}, "matched_pair": {}, "current_mirror": {}, "cap_array": {"weights": [1, 1, 2]}}
JUDGED |= {
    "synapse_2t1c": {},
    "crossbar": {"rows": 2, "cols": 2},
    "translinear": {},
    "ota": {},
    "follower": {"amplifier": "ota"},
    "charge_mac": {"inputs": 2, "bits": 3},
    "current_soma": {},
    "current_synapse": {},
}


@pytest.mark.parametrize(("name", "k"), EXAMPLES)
def test_every_registered_cell_has_a_record_and_the_pins_it_says(name, k):
    cell = registry.build(name, registry.entries()[name].examples[k])
    system = system_of(cell)
    assert (system.name, system.kind) == (cell.system, cell.kind)
    assert system.bench is not None
    require_pins(cell, system)


def test_a_cell_that_lacks_a_pin_is_told_which():
    pair = record("transistor", "pair")
    with pytest.raises(InputError, match="no d1, g1, d2, g2"):
        require_pins(registry.build("mosfet"), pair)


def test_kinds_are_those_of_the_contract():
    """`list --json` and scripts know these; a record that is renamed breaks them."""
    kinds = {"device", "pair", "mirror", "capacitor", "switch", "synapse", "array", "multiplier", "mac"}
    assert {system.kind for system in every_system()} >= kinds
    assert {(s.name, s.kind) for s in every_system()} >= {("crossbar", "array"), ("translinear", "multiplier")}


def test_a_cell_of_no_system_has_an_empty_record():
    assert record("", "macro") == System(kind="macro")


@pytest.mark.parametrize("name", ["no_such", "../mismatch", "record", "Transistor"])
def test_what_is_no_room_is_no_system(name):
    with pytest.raises(InputError, match="no system called"):
        record(name, "pair")


def test_a_kind_that_a_system_lacks_is_refused():
    with pytest.raises(InputError, match="the system transistor has no kind 'tube'; it has: device, pair, mirror"):
        record("transistor", "tube")


@pytest.mark.slow
@pytest.mark.tools
@pytest.mark.parametrize("name", JUDGED)
def test_ngspice_draws_the_metrics_that_the_record_says(name):
    cell = registry.build(name, JUDGED[name])
    report = mismatch(cell, engine="ngspice", samples=2)
    drawn = {**report.metrics, **report.figures}
    said = set(system_of(cell).judged_by_ngspice)
    assert said == {metric for metric in drawn if not metric.startswith("ratio_error_")}


@pytest.mark.slow
def test_limits_and_resolution_name_metrics_that_there_are():
    for name, fields in JUDGED.items():
        cell = registry.build(name, fields)
        system = system_of(cell)
        report = mismatch(cell)
        found = set(report.metrics)
        assert set(system.limits.judged) <= found, name
        assert set(system.limits.not_normal) <= set(system.limits.judged), name
        assert system.resolution and system.resolution.error in found, name
        assert set(system.shown_first.sigma) & found, name
        assert {first.metric for first in system.shown_first.headline} & (found | set(report.figures)), name


@pytest.mark.slow
@pytest.mark.tools
@pytest.mark.parametrize("name", JUDGED)
def test_no_name_means_two_things(name):
    """What a simulation and the mismatch both name is one quantity, measured and its sigma; a renamed metric is there
    by its new name and not by its old one, which is no name of a record but of mismatch."""
    cell = registry.build(name, JUDGED[name])
    measured, report = simulate(cell).metrics, mismatch(cell)
    renamed = system_of(cell).renamed
    assert set(measured) & {*report.metrics, *report.figures} <= ONE_QUANTITY
    assert set(renamed.values()) <= set(measured) and not set(renamed) & set(measured)


def test_each_system_is_one_module_called_system():
    for system in every_system():
        assert system in importlib.import_module(f"analoom.flows.systems.{system.name}.system").RECORDS.values()
