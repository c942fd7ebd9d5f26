"""The benches of a pair and of a transistor, against the model's own operating point and against broken twins."""

from __future__ import annotations

import json
from pathlib import Path

import pytest
from bare_cells import bare, pair, single

from analoom.cells.model.cell import Kind
from analoom.cells.model.circuit import Cap, Circuit, Mos
from analoom.flows.bench.device_under_test import make_dut
from analoom.flows.bench.sim_result import difference
from analoom.flows.simulate import simulate
from analoom.flows.simulator.ngspice import circuit
from analoom.pdk.corners import corner
from analoom.pdk.devices import MIM_M3, MOS
from analoom.pdk.errors import InputError, SpecError

pytestmark = pytest.mark.tools


def values(cell, **options) -> dict[str, float]:
    return {name: m.value for name, m in simulate(cell, **options).metrics.items()}


@pytest.mark.parametrize("device", ["nfet_01v8", "pfet_01v8", "nfet_01v8_lvt", "pfet_01v8_lvt", "pfet_01v8_hvt"])
def test_an_even_pair_has_no_offset(device: str) -> None:
    v = values(pair(device))
    assert abs(v["offset"]) < 1e-9
    assert abs(v["gain_error"]) < 1e-9
    assert v["i1"] == pytest.approx(4e-6, rel=1e-3)


def test_a_pair_with_one_side_wider_has_an_offset() -> None:
    """5 % more width is 5 % more current, and an offset of 0.05 / (gm/ID)."""
    v = values(pair(w2=4.2))
    assert v["gain_error"] == pytest.approx(0.05, abs=2e-3)
    assert v["offset"] == pytest.approx(-0.05 / v["gm_id"], rel=0.05)


def test_gm_over_id_is_the_model_s_own() -> None:
    """Oracle: BSIM4's gm and id at the same point; its gm lies inside the source resistance (35 ohm, 0.3 %)."""
    cell = pair(nf=2)
    v = values(cell)
    name = "@m.xdut.mm1"
    sources = ["vd1 d1 0 0.9", "vd2 d2 0 0.9", f"vg1 g1 0 {v['v_gs']}", "vg2 g2 0 0", "vs s 0 0", "vb b 0 0"]
    dut = make_dut(cell, "schematic", corner("tt"), 27.0)
    with circuit(dut.deck(*sources, f".save {name}[gm] {name}[id]")) as loaded:
        op = loaded.op()
    assert v["i1"] == pytest.approx(op[f"{name}[id]"], rel=1e-4)
    assert v["gm_id"] == pytest.approx(op[f"{name}[gm]"] / op[f"{name}[id]"], rel=4e-3)


@pytest.mark.parametrize("two_sided", [True, False])
def test_f_t_is_where_the_gate_takes_as_much_current_as_the_drain_gives(two_sided: bool) -> None:
    """Oracle: small signals at 1 MHz in a deck of its own, the gate's current growing with the frequency."""
    cell = pair() if two_sided else single(w=4.0, l=1.0)
    v = values(cell)
    side = ("d1", "g1") if two_sided else ("d", "g")
    others = [
        f"v{p} {p} 0 {0.9 if p == 'd2' else v['v_gs'] if p == 'g2' else 0}" for p in cell.circuit.ports if p not in side
    ]
    sources = [f"vd {side[0]} 0 0.9", f"vg {side[1]} 0 {v['v_gs']} ac 1", *others]
    with circuit(make_dut(cell, "schematic", corner("tt"), 27.0).deck(*sources)) as loaded:
        found = loaded.run("ac lin 1 1e6 1e6")
    gain_at_1_mhz = abs(complex(found["vd#branch"][0])) / abs(complex(found["vg#branch"][0]))
    assert v["f_t"] == pytest.approx(1e6 * gain_at_1_mhz, rel=0.01)


def test_a_second_side_half_as_wide_again_has_that_much_more_at_its_drain() -> None:
    """Junction and overlap grow with the width: 6 um against 4 um, +50 % but for the ends of the junction."""
    assert values(pair(w2=6.0))["c_d_imbalance"] == pytest.approx(0.5, abs=0.05)
    assert values(pair(w2=3.0))["c_d_imbalance"] == pytest.approx(-0.25, abs=0.04)


def test_weak_inversion_has_more_gm_over_id_than_strong() -> None:
    weak, strong = (values(pair(), settings={"i_square": i})["gm_id"] for i in (1e-9, 3e-5))
    assert 24 < weak < 1 / 0.02585
    assert strong < 8


def test_a_current_out_of_reach_is_refused() -> None:
    with pytest.raises(InputError, match="out of reach"):
        simulate(pair(), settings={"i_square": 1e-3})


@pytest.mark.parametrize(
    ("options", "error", "says"),
    [
        ({"settings": {"v_ds": -1}}, SpecError, "settings.v_ds = -1"),
        ({"settings": {"v_dss": 1}}, SpecError, "settings.v_dss = 1"),
        ({"corner": "typical"}, InputError, "no corner called 'typical'"),
        ({"view": "layout"}, InputError, "no view called 'layout'"),
        ({"view": "post"}, InputError, "needs extracted parasitics"),
        ({"temp_degc": 400.0}, InputError, "temp = 400"),
        ({"weights": [[1.0]]}, InputError, "a pair takes no weights"),
    ],
)
def test_bad_input_is_refused_by_name(options: dict, error: type[Exception], says: str) -> None:
    with pytest.raises(error, match=says):
        simulate(pair(), **options)


def test_hot_devices_leak_more() -> None:
    cold, hot = (values(single(), temp_degc=t)["i_off"] for t in (27.0, 125.0))
    assert hot > 20 * cold


def test_an_off_current_is_the_model_s_or_is_not_told() -> None:
    """Below gmin's 1 fA a volt the current still falls with the model; 10 aA are the rounding of the solution."""
    cold, long = single(), single("pfet_01v8_hvt", l=8.0)
    assert 1e-17 < values(cold, temp_degc=-40.0)["i_off"] < 5e-16
    assert values(long)["i_off"] > 1e-17
    assert "i_off" not in values(long, corner="ss", temp_degc=-40.0)


def test_fingers_share_the_width() -> None:
    """Four fingers of 1 um against one of 4 um: the same current but for narrow-width effects of some percent."""
    one, four = (values(single(w=4.0, l=1.0, nf=nf))["i_on"] for nf in (1, 4))
    assert four == pytest.approx(one, rel=0.1)
    assert four != one


def test_json_and_files(tmp_path: Path) -> None:
    result = simulate(pair(), workdir=tmp_path)
    report = json.loads(json.dumps(result.to_json()))
    assert report["metrics"]["gm_id"]["unit"] == "1/V"
    assert report["settings"]["v_ds"] == 0.9
    assert all(Path(file).stat().st_size for file in report["files"].values())


def test_difference_of_two_results_is_metric_by_metric() -> None:
    narrow, wide = simulate(pair()), simulate(pair(w=8.0))
    assert difference(narrow, wide)["i1"]["value"] == pytest.approx(4e-6, rel=1e-3)
    assert difference(narrow, narrow)["i1"]["value"] == 0


def test_a_floating_net_is_named() -> None:
    """A gate on a net of its own has no operating point; wired to a port, or to a drain, it has."""

    def gate_on(net: str) -> Circuit:
        nets = {"d": "d", "g": net, "s": "s", "b": "b"}
        caps = (Cap("c1", MIM_M3, 2.0, 2.0, {"top": net, "bottom": "s"}),)
        return Circuit("gate", tuple("dgsb"), (Mos("m1", MOS["nfet_01v8"], 1.0, 0.15, nets), *caps))

    with pytest.raises(InputError, match="gate: 1 floating net: lost; only gates and capacitor plates"):
        make_dut(bare(Kind.DEVICE, gate_on("lost")), "schematic", corner("tt"), 27.0)
    for net in ("g", "d"):
        assert make_dut(bare(Kind.DEVICE, gate_on(net)), "schematic", corner("tt"), 27.0).text
