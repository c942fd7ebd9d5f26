"""Runs of a cell: the circuit in ngspice learns as the solver says, reports name what is ideal, dies are trained."""

from __future__ import annotations

import pytest

from analoom import InputError, SpecError, build, mismatch, simulate
from analoom.flows.bench.device_under_test import make_dut
from analoom.flows.systems.trained_crossbar.drawn_columns import as_drawn
from analoom.flows.systems.trained_crossbar.run.placed import Placed
from analoom.flows.systems.trained_crossbar.run.settings import TrainingSettings
from analoom.flows.systems.trained_crossbar.solver.bench import TrainingBench
from analoom.flows.systems.trained_crossbar.solver.training import Trainer
from analoom.generators.trained_crossbar.spec import TrainedCrossbarSpec
from analoom.pdk.corners import corner

SMALL = {"dims": [2, 2, 1]}
RUN = {"epochs": 2, "samples": 8, "frequency": 3.14159, "late": 0}


@pytest.mark.full
@pytest.mark.tools
@pytest.mark.parametrize("fields", [{}, {"synapse": "synapse_2t1c"}], ids=["synapse_cs", "synapse_2t1c"])
def test_the_circuit_in_ngspice_learns_as_the_solver_says(fields: dict[str, str]) -> None:
    """The cell's own netlist and the solver's tables: errors within .1 %, cosines within .02, nudges within 2 uV."""
    cell = build("trained_crossbar", **SMALL, **fields)
    ours, judged = (simulate(cell, settings=RUN | {"engine": e}).metrics for e in ("solver", "ngspice"))
    assert ours["nrmse"].value < 0.98 * ours["nrmse_start"].value
    for name in ("nrmse", "nrmse_start"):
        assert judged[name].value == pytest.approx(ours[name].value, rel=1e-3), name
    assert judged["nudge_effect"].value == pytest.approx(ours["nudge_effect"].value, abs=2e-6)
    assert judged["null_drift"].value < 2e-5
    for layer in (1, 2):
        assert judged[f"cosine_{layer}"].value == pytest.approx(ours[f"cosine_{layer}"].value, abs=0.02)
    other = simulate(cell, settings=RUN | {"rate": (600.0, 500.0)}).metrics
    assert judged["nrmse"].value != pytest.approx(other["nrmse"].value, rel=2e-3)


@pytest.mark.full
@pytest.mark.tools
def test_drawn_blocks_learn_in_ngspice_as_their_laws_do_in_the_solver() -> None:
    """Clamps, nudge and load as circuits and as fitted laws: errors within 2 %; untrimmed it learns otherwise."""
    cell = build("trained_crossbar", **SMALL, clamp="drawn", nudge="drawn", load="drawn")
    asked = RUN | {"trim": 2.866e-3}
    ours, judged = (simulate(cell, settings=asked | {"engine": e}).metrics for e in ("solver", "ngspice"))
    for name in ("nrmse", "nrmse_start", "nrmse_centred"):
        assert judged[name].value == pytest.approx(ours[name].value, rel=0.02), name
    untrimmed = simulate(cell, settings=RUN).metrics["nrmse"].value
    assert untrimmed != pytest.approx(ours["nrmse"].value, rel=0.05)


@pytest.mark.full
def test_the_same_seed_learns_the_same_and_the_first_note_names_what_is_ideal() -> None:
    cell = build("trained_crossbar", dims=[3, 4, 1], load="drawn")
    settings = {"epochs": 3, "samples": 12}
    one, again, other = (simulate(cell, settings=settings | {"seed": s}) for s in (1, 1, 2))
    assert one.metrics == again.metrics != other.metrics
    assert one.notes[0].startswith("ideal: clamp, nudge, amplifier, update, the write")
    assert one.notes[0].endswith("drawn: synapses, load")


@pytest.mark.full
def test_dies_are_trained_in_either_family() -> None:
    """Each is another, and another one by the other family."""
    cell = build("trained_crossbar", dims=[3, 4, 1])
    found = [
        mismatch(cell, model, settings={"epochs": 4, "dies": 3, "good": 9.0}) for model in ("continuous", "binned")
    ]
    for report in found:
        assert report.figures["yield"].value == 1.0 and not report.metrics
        assert report.figures["nrmse_worst"].value > report.figures["nrmse_median"].value
    assert found[0].figures["nrmse_median"] != found[1].figures["nrmse_median"]
    none = mismatch(cell, settings={"epochs": 4, "dies": 3, "good": 1e-3})
    assert none.figures["yield"].value == 0.0
    assert none.figures["yield"].ci95 == pytest.approx((0.0, 0.7076), abs=1e-4)  # R: binom.test(0, 3)


def test_every_weight_of_the_netlist_is_a_stored_node_of_its_own() -> None:
    for synapse, count in (("synapse_cs", 6), ("synapse_2t1c", 12)):
        cell = build("trained_crossbar", **SMALL, synapse=synapse)
        blocks = Placed(make_dut(cell, "schematic", corner("tt"), 27.0)).blocks
        trainer = Trainer(TrainingSettings().bench(cell.spec))
        gates = [blocks.gates(trainer, layer, i, j) for layer in (1, 2) for i in range(2) for j in range(3 - layer)]
        assert len({node for pair in gates for node in pair}) == count
        assert gates[0][0] == "xdut.xlayer1.xarray.xr0c0.sn"


@pytest.mark.parametrize(
    ("settings", "field"),
    [({"swing": 0.5}, "settings.swing"), ({"epochs": 0}, "settings.epochs"), ({"late": 2}, "settings.late")],
)
def test_settings_that_are_refused(settings: dict[str, float], field: str) -> None:
    with pytest.raises(SpecError) as refused:
        simulate(build("trained_crossbar", **SMALL), settings=settings)
    assert refused.value.field == field


def test_more_synapses_than_ngspice_trains_are_refused() -> None:
    settings, (few, many) = TrainingSettings(engine="ngspice"), (TrainingBench(dims=(n, 8, 1)) for n in (7, 8))
    settings.require_netlist(few)
    TrainingSettings().require_netlist(many)
    with pytest.raises(InputError, match="at most 64") as refused:
        settings.require_netlist(many)
    assert refused.value.remedy == "--set engine=solver"
    with pytest.raises(InputError, match="judges at most 128"):
        TrainingSettings().require_netlist(TrainingBench(dims=(16, 8, 1)))


def test_without_a_nudge_there_are_no_steps_whose_cosine_could_be_told() -> None:
    found = simulate(build("trained_crossbar", dims=[1, 1, 1]), settings={"epochs": 1, "samples": 4, "nudge": 0.0})
    assert not [name for name in found.metrics if name.startswith("cosine")]
    assert found.metrics["nudge_effect"].value == 0 and found.metrics["nrmse"].value > 0


@pytest.mark.tools
def test_a_drawn_nudge_has_the_offset_of_the_temperature_that_is_asked() -> None:
    """As the nudge's own bench tells it."""
    spec = build("trained_crossbar", **SMALL, nudge="drawn").spec
    assert isinstance(spec, TrainedCrossbarSpec)
    hot = simulate(build("column_nudge"), temp_degc=85.0).metrics["offset"].value
    taken = TrainingSettings().drawn(spec, as_drawn, None, "tt", 85.0).errors.nudge_offset
    assert taken == pytest.approx(-hot, rel=1e-6)
    usual = TrainingSettings().drawn(spec, as_drawn, None, "tt", 27.0).errors.nudge_offset
    assert taken != pytest.approx(usual, abs=1e-5)
