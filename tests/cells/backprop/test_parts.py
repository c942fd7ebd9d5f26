"""Sizes of the parts: what is refused, and loads that follow the number of inputs."""

import pytest

from analoom.cells.backprop.diff_sigmoid import DiffSigmoidSpec, load_chain
from analoom.cells.backprop.gilbert import GilbertSpec
from analoom.cells.backprop.network_sizes import BackpropNeuronSpec
from analoom.cells.model.registry import build
from analoom.flows.drc.check import drc_cell
from analoom.pdk.errors import SpecError


@pytest.mark.parametrize(("field", "value"), [("l", 0.4), ("w", 0.3), ("w_tail", 9.0), ("i_tail", 1e-11)])
def test_sizes_out_of_range_are_refused_by_name(field, value):
    with pytest.raises(SpecError) as error:
        GilbertSpec.parse({field: value})
    assert error.value.field == field and error.value.value == value


def test_fingers_narrower_than_a_transistor_are_refused():
    with pytest.raises(SpecError, match="w_load"):
        DiffSigmoidSpec.parse({"w_load": 2.0, "nf_load": 8})


@pytest.mark.parametrize("nf", [1, 2, 3, 4])
def test_each_diode_of_a_load_has_its_fingers_and_none_joins_two_outputs(nf):
    chain = load_chain(DiffSigmoidSpec(w_load=4.0, nf_load=nf) if nf != 3 else DiffSigmoidSpec(w_load=3.0, nf_load=3))
    assert chain.gates == ("yp",) * nf + ("yn",) * nf
    for gate, ends in zip(chain.gates, zip(chain.regions, chain.regions[1:], strict=False), strict=True):
        assert set(ends) == {gate, "vdd"}, "a diode: gate and drain on one net, source on the supply"


@pytest.mark.parametrize(("inputs", "w", "l_um"), [(2, 0.42, 12.0), (3, 0.42, 8.0), (5, 0.7, 8.0), (9, 1.26, 8.0)])
def test_a_neurons_load_is_as_wide_as_its_inputs_are_many(inputs, w, l_um):
    """.42 x N/3 by 8 um, and where that is below the least width (difftap.2, .42 um) the same ratio W/L."""
    spec = BackpropNeuronSpec(inputs=inputs)
    assert spec.load_um == pytest.approx((w, l_um), abs=1e-6)


def test_rows_too_high_for_their_taps_are_refused(tmp_path):
    """By the rule's 15 um, and the largest cell that is not refused is clean."""
    with pytest.raises(SpecError, match=r"15 um from a tap.*LU\.2") as refused:
        build("backprop_back", {"outputs": 5})
    assert refused.value.field == "outputs"
    drc_cell(build("backprop_back", {"outputs": 4}), tmp_path).require_clean()


@pytest.mark.parametrize("name", ["backprop_synapse", "column_amplifier"])
def test_a_capacitor_that_parts_rows_from_their_taps_is_refused(name):
    with pytest.raises(SpecError, match=r"15 um from a tap.*LU\.2") as refused:
        build(name, {"l_cap": 25.0})
    assert refused.value.field == "l_cap"
