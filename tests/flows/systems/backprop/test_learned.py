"""XOR learned in ngspice and held, as schematic and with the wires of the drawing, and what learns nothing."""

import numpy as np
import pytest

from analoom.cells.model.registry import build
from analoom.flows.bench.device_under_test import make_dut
from analoom.flows.post_layout import with_wires
from analoom.flows.systems.backprop.network_bench import measure
from analoom.flows.systems.backprop.training import Netlist, trained
from analoom.flows.systems.backprop.training_settings import TrainingSettings
from analoom.generators.backprop.circuits import network_circuit
from analoom.generators.backprop.spec import BackpropNetworkSpec
from analoom.pdk.corners import corner
from analoom.pdk.errors import SpecError

SPEC = BackpropNetworkSpec()


class Learn:
    """A network whose `learn` stays at one level."""

    def __init__(self, netlist, level_v):
        self.netlist, self.level_v, self.temp_degc = netlist, level_v, netlist.temp_degc

    def deck(self, *lines):
        tied = f"v_learn learn 0 {self.level_v}"
        return self.netlist.deck(*(tied if line.startswith("v_learn ") else line for line in lines))


@pytest.mark.full
@pytest.mark.tools
def test_xor_is_learned_and_held():
    """Four hidden neurons, from weights drawn within 80 mV, in 20 epochs of 16 us."""
    untaught = Learn(Netlist.of(network_circuit(SPEC, "network"), corner("tt")), 0.0)
    before = trained(SPEC, TrainingSettings(seed=1, epochs=2, test_every=2, hold=1), untaught)
    assert before.margins[-1].min() < 0, "it did not know before"
    run = trained(SPEC, TrainingSettings(seed=1, epochs=20))
    metrics = run.metrics()
    assert metrics["rows_right"].value == 4 and metrics["margin"].value > 0.01
    assert metrics["hold"].value < 50


@pytest.mark.full
@pytest.mark.tools
def test_while_learn_is_low_nothing_is_learned():
    spec = BackpropNetworkSpec(hidden=2)
    netlist = Netlist.of(network_circuit(spec, "network"), corner("tt"))
    run = trained(spec, TrainingSettings(seed=1, epochs=5), Learn(netlist, 0.0))
    assert run.learned_at is None and run.rows_right < 4
    assert np.abs(run.weights[:, -1] - run.weights[:, 0]).max() < 0.02


@pytest.fixture(scope="module")
def drawn(tmp_path_factory):
    """The drawn 2-4-1 with resistances and capacitances of its wires, as the post view has it."""
    cell = build("backprop_network")
    wires = with_wires(cell, tmp_path_factory.mktemp("wires"), "tt")
    assert wires.resistors > 100 and wires.capacitors > 1000
    return make_dut(cell, "post", corner("tt"), 27.0, wires)


@pytest.mark.full
@pytest.mark.tools
def test_the_drawn_network_learns_xor_and_holds_it(drawn):
    run = trained(SPEC, TrainingSettings(seed=1, epochs=15), drawn, drawn.inner("{}"))
    assert run.rows_right == 4 and run.margins[-1].min() > 0.01
    assert run.hold_v_s < 50


@pytest.mark.full
@pytest.mark.tools
def test_the_drawn_network_does_not_learn_in_rows_that_are_refused(drawn):
    """Rows of 2 us, a fifth of bias in teach throughout: what mirrors and tails keep of the row before is too much."""
    short = TrainingSettings(seed=1, epochs=15, t_row=2e-6, teach=0.2, teach_from=0, teach_to=1)
    with pytest.raises(SpecError):
        measure(drawn, short)
    run = trained(SPEC, short, drawn, drawn.inner("{}"))
    assert run.learned_at is None and run.margins[-1].min() < 0


@pytest.mark.full
@pytest.mark.tools
def test_the_drawn_network_forgets_while_learn_is_high(drawn):
    run = trained(SPEC, TrainingSettings(seed=1, epochs=15), Learn(drawn, 1.8), drawn.inner("{}"))
    assert run.learned_at is None and run.margins[-1].min() < 0
