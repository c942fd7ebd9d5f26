"""Training runs: what is refused, what is told of a run made by hand, and XOR learned in ngspice, held and yielded."""

import numpy as np
import pytest

from analoom.cells.model.registry import build
from analoom.flows.bench.device_under_test import make_dut
from analoom.flows.post_layout import with_wires
from analoom.flows.simulate import simulate
from analoom.flows.systems.backprop import training_settings
from analoom.flows.systems.backprop.dies import PARTS, Die, part_of
from analoom.flows.systems.backprop.feeding import check_fed
from analoom.flows.systems.backprop.training import Netlist, Trained, answers, trained
from analoom.flows.systems.backprop.training_lines import Rows, sources, start_v, table_rows, taught
from analoom.flows.systems.backprop.training_picture import picture_of
from analoom.flows.systems.backprop.training_settings import TrainingSettings
from analoom.flows.systems.backprop.yields import DieResult, Yield, yield_of
from analoom.generators.backprop.circuits import network_circuit, weights
from analoom.generators.backprop.spec import BackpropNetworkSpec
from analoom.pdk.corners import corner
from analoom.pdk.errors import InputError, SpecError

SPEC = BackpropNetworkSpec()


@pytest.mark.parametrize(("hidden", "of_reference"), [(2, 225), (3, 313), (4, 401), (8, 753)])
def test_networks_have_the_transistors_counted_before_and_a_capacitor_and_a_gate_a_weight(hidden, of_reference):
    """The counts of decks that learned XOR before, which had no way to cut a weight off."""
    spec = BackpropNetworkSpec(hidden=hidden)
    assert network_circuit(spec, "n").device_count() == of_reference + 2 * spec.synapses


@pytest.mark.parametrize(
    ("field", "value"),
    [
        *(("v_in", 0.2), ("v_target", 0.15), ("start", 0.5), ("epochs", 41), ("v_w", 1.8), ("teach", 0.0)),
        *(("v_x", 0.85), ("start", 0.16), ("targets", "2"), ("teach_to", 0.1), ("t_row", 4e-7)),
    ],
)
def test_settings_out_of_range_are_refused_by_name(field, value):
    with pytest.raises(SpecError) as error:
        TrainingSettings.parse({field: value}, "settings.")
    assert error.value.field == f"settings.{field}"


@pytest.mark.parametrize(
    ("given", "said"),
    [
        ({"t_row": 1.2e-6, "teach_to": 0.9}, "1.5e-06 s at 1e-07 A .* neurons"),
        ({"t_row": 2e-6}, "3e-06 s at 1e-07 A of bias, teach = 1: update cells"),
        ({"t_row": 2e-6, "teach": 0.2, "teach_from": 0, "teach_to": 1}, "3e-06 s .* teach = 0.2: update cells"),
    ],
)
def test_rows_that_end_before_the_nodes_settle_are_refused_with_the_bound(given, said):
    """1.5e-13 s A by the bias; 60 fC by 100 nA in a fifth of the row, or by 20 nA in all of it."""
    with pytest.raises(SpecError, match=said):
        trained(SPEC, TrainingSettings(**given))
    TrainingSettings(**given).model_copy(update={"t_row": 3e-6}).check_row(SPEC)


def test_a_network_gets_no_more_than_leaves_its_neurons_their_tails():
    """By a neuron's bench, whose sums differ by one input's current of 17: the supply gives a third of bias more."""
    spec = BackpropNetworkSpec(inputs=16, hidden=1)
    with pytest.raises(SpecError, match="a neuron of 17 inputs") as error:
        check_fed(spec, TrainingSettings(i_bias=4e-7))
    most_a = float(str(error.value.bound).split()[2])
    neuron = simulate(build("backprop_neuron", {"inputs": 17}), settings={"i_bias": most_a, "teach": 1e-9})
    assert neuron.metrics["power"].value / 1.8 / most_a == pytest.approx(1 / 3, abs=0.04)
    check_fed(spec, TrainingSettings(i_bias=0.98 * most_a))


@pytest.mark.parametrize("targets", ["01", "011", "0110,0110", "01101"])
def test_a_table_of_another_size_is_refused(targets):
    with pytest.raises(InputError, match="1 of 4 digits"):
        TrainingSettings(targets=targets).table(SPEC)


def test_a_table_that_yaml_took_for_a_number_is_one():
    settings = TrainingSettings.parse({"targets": 1001}, "settings.")
    assert settings.table(SPEC) == ((1, 0, 0, 1),)


def test_without_a_table_outputs_are_the_parity_of_the_inputs():
    assert TrainingSettings().table(SPEC) == ((0, 1, 1, 0),)
    assert TrainingSettings().table(BackpropNetworkSpec(inputs=3))[0] == (0, 1, 1, 0, 1, 0, 0, 1)


def test_every_fifth_epoch_is_a_test_and_all_of_the_hold():
    assert taught(TrainingSettings(epochs=10, hold=2)) == [1, 1, 1, 1, 0, 1, 1, 1, 1, 0, 0, 0]


def test_sources_follow_the_table():
    """The second input changes every row, the target as it becomes 1 and 0 again; the second epoch is a test."""
    asked = TrainingSettings(epochs=2, test_every=2, hold=1, t_row=2e-6)
    lines = dict(line.split(" ", 1) for line in sources(SPEC, asked))
    assert lines["v_x1p"].count("\n+") == 11
    assert corners(lines["v_t0p"])[:4] == pytest.approx([0, 0.675, 2, 0.675], abs=1e-9)
    assert corners(lines["v_t0p"])[4:10] == pytest.approx([2.1, 0.725, 6, 0.725, 6.1, 0.675], abs=1e-9)
    assert corners(lines["v_learn"]) == pytest.approx([0, 1.8, 8, 1.8, 8.1, 0], abs=1e-9)


def test_teach_has_its_current_for_a_part_of_every_row_taught_and_for_all_of_it_where_asked():
    """From a quarter to half of rows of 4 us, 50 nA; edges take 0.1 us."""
    asked = {"epochs": 2, "test_every": 2, "hold": 1, "t_row": 4e-6, "teach": 0.5, "i_bias": 1e-7}
    lines = dict(line.split(" ", 1) for line in sources(SPEC, TrainingSettings(**asked, teach_from=0.25, teach_to=0.5)))
    found = corners(lines["i_teach"])
    assert found[:10] == pytest.approx([0, 0, 1, 0, 1.1, 50e-9, 2, 50e-9, 2.1, 0], abs=1e-12)
    assert len(found) == 2 * (1 + 4 * 4) and found[-2] == pytest.approx(14.1, abs=1e-9)
    lines = dict(line.split(" ", 1) for line in sources(SPEC, TrainingSettings(**asked, teach_from=0, teach_to=1)))
    assert corners(lines["i_teach"]) == pytest.approx([0, 50e-9, 16, 50e-9, 16.1, 0], abs=1e-12)


def test_sources_follow_rows_that_are_given():
    """A quarter of the input's 100 mV is 12.5 mV on each net about 1 V."""
    data = Rows(np.array([[0.25, -1.0], [-0.5, 1.0]]), np.array([[1.0], [-1.0]]))
    lines = dict(line.split(" ", 1) for line in sources(SPEC, TrainingSettings(t_row=2e-6), data, [1, 0]))
    assert corners(lines["v_x0p"])[:6] == pytest.approx([0, 1.0125, 2, 1.0125, 2.1, 0.975], abs=1e-9)
    assert corners(lines["v_t0n"])[:6] == pytest.approx([0, 0.675, 2, 0.675, 2.1, 0.725], abs=1e-9)
    assert corners(lines["v_learn"]) == pytest.approx([0, 1.8, 4, 1.8, 4.1, 0], abs=1e-9)


@pytest.mark.parametrize(("x", "sides"), [(np.zeros((2, 3)), np.ones((2, 1))), (np.full((2, 2), 1.5), np.ones((2, 1)))])
def test_rows_of_another_network_or_beyond_the_range_are_refused(x, sides):
    with pytest.raises(InputError) as error:
        trained(SPEC, TrainingSettings(), data=Rows(x, sides))
    assert error.value.field == "data"


@pytest.mark.tools
def test_a_trained_network_answers_as_in_the_last_epoch_of_its_hold():
    """From its weights at the end, in another run; and not so to other rows."""
    spec = BackpropNetworkSpec(inputs=1, hidden=1)
    run = trained(spec, TrainingSettings(epochs=2, test_every=2, hold=1))
    table = table_rows(spec, run.settings)
    again = answers(run, table)
    assert np.abs(again.T - run.read[-1]).max() < 1e-3
    assert np.abs(answers(run, Rows(0.2 * table.x, table.sides)).T - run.read[-1]).max() > 5e-3


def corners(source):
    """Times in us and levels of a source, one after the other."""
    words = source.partition("pwl(")[2].rstrip(")").replace("+", " ").split()
    return [float(word) * (1e6 if k % 2 == 0 else 1) for k, word in enumerate(words)]


def test_a_seed_gives_its_start_and_another_one_another():
    one, again, other = (start_v(SPEC, TrainingSettings(seed=s)) for s in (1, 1, 2))
    assert (one == again).all() and (one != other).all() and len(one) == len(weights(SPEC)) == 17
    assert (np.abs(one - 0.7) < 0.08).all()
    assert (start_v(SPEC, TrainingSettings(start=0.0)) == 0.7).all()
    assert (start_v(SPEC, TrainingSettings(discharged=True)) == 0.0).all()


def by_hand(*outputs_v):
    """A run whose output stands at these levels, row by row, in every epoch: four epochs of four rows."""
    settings = TrainingSettings(epochs=2, test_every=2, hold=2, t_row=2e-6)
    time = np.linspace(0, 4 * 8e-6, 4 * 4 * 50 + 1)
    row = np.minimum((time / 2e-6).astype(int), 15) % 4
    rest = [0.0] * 15
    w = 0.7 + np.array([0.02, -0.03, *rest])[:, None] + np.outer([0.0, 100.0, *rest], time)
    return Trained(SPEC, settings, time, np.array(outputs_v)[row][None, :], w, np.full_like(time, 1e-6))


def test_what_is_told_of_a_run_made_by_hand():
    metrics = by_hand(-0.05, 0.03, 0.05, -0.05).metrics()
    assert metrics["rows_right"].value == 4 and metrics["margin"].value == pytest.approx(0.03, abs=1e-9)
    assert metrics["test_mse"].value == pytest.approx((0.02 / 0.1) ** 2 / 4, abs=1e-9)
    assert metrics["epochs_to_learn"].value == 2
    assert metrics["time_to_learn"].value == pytest.approx(16e-6, rel=1e-9, abs=0)
    assert metrics["hold"].value == pytest.approx(100, rel=1e-6)
    assert metrics["train_power"].value == pytest.approx(1.8e-6, rel=1e-9, abs=0)


def test_the_picture_of_a_run_made_by_hand():
    """Targets follow the table, 0110 at 50 mV; epochs 2 to 4 of 8 us are quiet; the third row is read at 50 mV."""
    output, moved, rows, error, margin = picture_of(by_hand(-0.05, 0.03, 0.05, -0.05)).panels
    y, target = output.lines
    late_in_row = [int(np.searchsorted(y.x, 2 * k + 1.9)) for k in range(4)]
    assert target.y[late_in_row] == pytest.approx([-50, 50, 50, -50], abs=1e-9)
    assert output.shaded == moved.shaded == ((8.0, 32.0),) and rows.shaded == ((1.5, 4.5),)
    assert [len(moved.lines), moved.lines[0].y[0], moved.lines[1].y[0]] == pytest.approx([17, 20, -30], abs=1e-9)
    third = next(line for line in rows.lines if line.label == "10: 1")
    assert third.y == pytest.approx([50] * 4, abs=1e-9)
    assert error.log and margin.lines[0].y == pytest.approx([30, 30], abs=1e-9)


def test_a_run_that_has_a_row_wrong_or_too_small_a_margin_has_not_learned():
    for row, right in ((-0.01, 3), (0.005, 4)):
        metrics = by_hand(-0.05, row, 0.05, -0.05).metrics()
        assert metrics["rows_right"].value == right and "epochs_to_learn" not in metrics


def test_each_transistor_of_a_die_belongs_to_a_part_and_errs_alone_where_asked():
    die = Die(BackpropNetworkSpec(hidden=2), "continuous", 3)
    assert {part_of(flat) for flat in die.devices} == set(PARTS)
    lines = Die(BackpropNetworkSpec(hidden=2), "continuous", 3, only=("error",)).deck().splitlines()
    shifted = [line for line in lines if "d_delvto=" in line and float(line.rpartition("=")[2])]
    assert shifted and all("Xe_o0_" in line for line in shifted)


def test_a_share_has_the_interval_of_clopper_and_pearson():
    """9 of 10: 0.555 to 0.9975 (tables of the binomial)."""
    dies = tuple(DieResult(k, epochs=None if k == 0 else 20) for k in range(10))
    assert Yield(dies).share == pytest.approx(0.9, abs=1e-9)
    assert Yield(dies).ci95 == pytest.approx((0.5550, 0.9975), abs=1e-4)
    with pytest.raises(InputError, match="no die"):
        yield_of([])


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
def test_the_drawn_network_does_not_learn_in_rows_that_are_refused(drawn, monkeypatch):
    """Rows of 2 us, a fifth of bias in teach throughout: what mirrors and tails keep of the row before is too much."""
    monkeypatch.setattr(training_settings, "TEACH_CHARGE_C", 0.0)
    short = TrainingSettings(seed=1, epochs=15, t_row=2e-6, teach=0.2, teach_from=0, teach_to=1)
    run = trained(SPEC, short, drawn, drawn.inner("{}"))
    assert run.learned_at is None and run.margins[-1].min() < 0


@pytest.mark.full
@pytest.mark.tools
def test_the_drawn_network_forgets_while_learn_is_high(drawn):
    run = trained(SPEC, TrainingSettings(seed=1, epochs=15), Learn(drawn, 1.8), drawn.inner("{}"))
    assert run.learned_at is None and run.margins[-1].min() < 0


@pytest.mark.full
@pytest.mark.tools
def test_a_die_without_errors_is_the_network_itself_and_one_with_errors_is_not():
    settings = TrainingSettings(seed=2, epochs=2, test_every=2, hold=1)
    spec = BackpropNetworkSpec(hidden=2)
    plain = trained(spec, settings)
    same = trained(spec, settings, Die(spec, "continuous", 1, factor=0.0), "{}")
    other = trained(spec, settings, Die(spec, "continuous", 1), "{}")
    assert same.read[-1] == pytest.approx(plain.read[-1], abs=1e-3)
    assert np.abs(other.read[-1] - plain.read[-1]).max() > 3e-3


@pytest.mark.full
@pytest.mark.tools
@pytest.mark.parametrize("start", [{"start": 0.0}, {"discharged": True}])
def test_hidden_neurons_that_start_alike_stay_alike_without_errors_and_not_on_a_die(start):
    """What tells them apart at power-up is mismatch alone: weights of both hidden neurons, three each."""
    spec, settings = BackpropNetworkSpec(hidden=2), TrainingSettings(epochs=5, hold=1, **start)
    plain, die = (trained(spec, settings, *it) for it in ((), (Die(spec, "continuous", 11), "{}")))
    apart = [np.abs(run.weights[0:3, -1] - run.weights[3:6, -1]).max() for run in (plain, die)]
    assert apart[0] < 2e-3 and apart[1] > 0.02
    assert np.abs(plain.weights[:, -1] - plain.weights[:, 0]).max() > 0.02, "they moved"
