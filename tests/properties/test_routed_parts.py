"""Random specs of the parts that the router wires: clean and matching in every engine, or refused by a SpecError."""

import pytest
from properties.random_specs import random_spec

from analoom.cells.model import registry
from analoom.flows.drc.check import drc_cell
from analoom.flows.lvs.check import lvs_cell, run_lvs
from analoom.pdk.errors import SpecError
from analoom.pdk.layers import Layer
from broken import twin, without

ROUTED = (
    *("ota", "opamp", "follower", "comparator", "clocked_comparator", "current_dac", "bias", "ptat_bias", "ramp"),
    *("res_array", "latch_array", "translinear"),
)
SPECS, FIRST_SEED = 30, 2000
"""As many specs, shared out evenly, by seeds that no other test of random specs takes."""
CASES = [(ROUTED[k % len(ROUTED)], FIRST_SEED + k // len(ROUTED)) for k in range(SPECS)]


def checked(cell, folder):
    """The verdicts of all engines: rules, then circuits."""
    return drc_cell(cell, folder, ("fast", "klayout", "magic")), lvs_cell(cell, folder, ("fast", "netgen"))


@pytest.mark.full
@pytest.mark.tools
@pytest.mark.parametrize(("name", "seed"), CASES)
def test_a_random_routed_part_is_clean_in_every_engine(tmp_path, name, seed):
    """A spec may be refused where it is drawn, as sizes of several parts together are only tried there."""
    spec = random_spec(name, seed)
    try:
        cell = registry.entries()[name].build(spec)
    except SpecError as refused:
        assert refused.field, "a refusal names what to change"
        return
    drc, lvs = checked(cell, tmp_path)
    assert drc.clean, f"{spec!r}: {drc.summary()}"
    assert lvs.clean, f"{spec!r}: {lvs.to_json()}"


@pytest.mark.full
@pytest.mark.tools
def test_a_routed_part_without_its_cuts_matches_in_no_engine(tmp_path):
    cell = registry.build("bias", {})
    broken = twin(cell, without(Layer.VIA))
    report = run_lvs(broken, cell.spice(), cell.name, tmp_path, ("fast", "netgen"))
    assert {name: engine.state for name, engine in report.engines.items()} == dict.fromkeys(
        ("fast", "netgen"), "mismatch"
    )
