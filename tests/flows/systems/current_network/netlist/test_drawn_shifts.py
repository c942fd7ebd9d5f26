"""Headers and switches of a die in ngspice: each conducts as much better or worse as the solver's number says."""

from dataclasses import replace

import numpy as np
import pytest

from analoom.flows.netlists.model_variants import size_of
from analoom.flows.simulator.ngspice import circuit, deck
from analoom.flows.statistics.mismatch_library import line_with_shifts, mismatch_library
from analoom.flows.systems.current_network.dies import CurrentDies
from analoom.flows.systems.current_network.netlist.drawn_shifts import DrawnShifts
from analoom.flows.systems.current_network.netlist.network_lines import WrittenNetwork
from analoom.flows.systems.current_network.solver.header import Header
from analoom.generators.current_network.spec import CurrentNetworkSpec

SPEC = CurrentNetworkSpec(dims=(2, 2))
IN_SERIES = ("head_p", "head_n", "switch0", "switch1", "switch2")


def test_parameters_that_say_how_well_it_conducts_by_hand():
    """Along (.6, .8) the drawn (1, 0) say .6; 2 are wanted, so 1.4 of it are added: (1.84, 1.12). All of a number in
    one parameter would be (2, 0)."""
    one = Header(1e-3, (0.03, 0.04))
    assert one.sigma == pytest.approx(0.05, rel=1e-12, abs=0)
    assert one.parameters(2.0, np.array([1.0, 0.0])) == pytest.approx([1.84, 1.12], rel=1e-12, abs=0)
    turned = Header(1e-3, (0.03, -0.04))
    assert turned.parameters(-1.0, np.zeros(2)) == pytest.approx([-0.6, 0.8], rel=1e-12, abs=0)


def test_parameters_are_independent_and_normal():
    rng = np.random.default_rng(1)
    one = Header(1e-3, (0.03, 0.04, -0.02))
    found = np.array([one.parameters(*rng.standard_normal((1, 1))[0], rng.standard_normal(3)) for _ in range(3000)])
    assert np.cov(found.T) == pytest.approx(np.eye(3), abs=0.1)


@pytest.mark.tools
@pytest.mark.parametrize("family", ["continuous", pytest.param("binned", marks=pytest.mark.full)])
def test_headers_and_switches_conduct_as_the_solver_says(family):
    """ln of each conductance, by ngspice, is the solver's number times its sigma, within 5 % of the spread and what
    bends: .7 of its square. The numbers of the next die are told apart."""
    said, other = (numbers(family, die) for die in (3, 4))
    found = logs(family, 3)
    assert set(found) == set(said) and len(found) == 3 * 2 * len(IN_SERIES)
    near, far = (np.array([found[name] - of[name] for name in found]) for of in (said, other))
    spread = np.std(list(said.values()))
    assert (np.abs(near) < 0.05 * spread + 0.7 * np.square([said[name] for name in found])).all()
    assert np.sqrt(np.mean(far**2)) > spread


def numbers(family, die):
    """What the solver adds to ln of each conductance."""
    devices = CurrentDies((2, 2), 1.0, 1.0, 25e-9, family, die + 1, 1)
    _, _, headers, switches = devices.draw(die).synapses(0, 3, 2)
    kinds, found = devices.devices, {}
    for i, j in np.ndindex(3, 2):
        z = [*headers[:, i, j], *switches[i, j]]
        each = [*kinds.headers, kinds.switch, kinds.switch, kinds.switch]
        names = [f"layer0_w{i}_{j}_{name}" for name in IN_SERIES]
        found |= {name: of.sigma * k for name, of, k in zip(names, each, z, strict=True)}
    return found


def logs(family, die):
    """ln of each conductance by that of one without mismatch: full gate, 5 mV across, switches at outputs of 0.6 V."""
    kinds = CurrentDies((2, 2), 1.0, 1.0, 25e-9, family, 1, 1).devices
    given = DrawnShifts(SPEC, kinds, 1, die).of(WrittenNetwork(SPEC, None, 0.0).devices())
    chosen = [(d, dict(s)) for d, s in given if d.name.partition("_w")[2].partition("_")[2][2:] in IN_SERIES]
    lines = ["v_vdd vdd 0 1.8"]
    for device, shifts in chosen:
        for name, of in ((device.name, shifts), (f"{device.name}_plain", {})):
            source, step = (1.8, -0.005) if device.device.is_p else (0.6 * ("switch" in name), 0.005)
            nets = {
                "d": f"d_{name}",
                "g": "0" if step < 0 else "vdd",
                "s": f"s_{name}",
                "b": "vdd" if step < 0 else "0",
            }
            lines += [line_with_shifts(replace(device, name=name, nets=nets), of)]
            lines += [f"v_s_{name} s_{name} 0 {source!r}", f"v_d_{name} d_{name} s_{name} {step!r}"]
    library = mismatch_library({size_of(device) for device, _ in chosen}, family, "given")
    with circuit(deck("headers", f'.include "{library}"\n.option reltol=1e-5 abstol=1e-16', *lines)) as loaded:
        op = loaded.op()
    return {d.name: np.log(op[f"v_d_{d.name}#branch"] / op[f"v_d_{d.name}_plain#branch"]) for d, _ in chosen}
