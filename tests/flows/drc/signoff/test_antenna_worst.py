"""The nets nearest to their antenna limits: each by name, level, ratio, limit and place, worked out by hand."""

import klayout.db as kdb
import pytest
from antenna_layouts import CONTACT_Y, diode, gate, wired
from drc_cases import L, layout_of

from analoom.flows.cli.check_tables import show_drc
from analoom.flows.drc.check import run_drc
from analoom.flows.drc.signoff.antenna_worst import NETS_KEPT
from analoom.flows.files.layout_source import of_file, of_layout

THICKNESS_UM, LENGTH_UM, HALF_UM, PAD_UM = 0.36, 600.0, 0.085, 0.17
"""`height allm1 1.3761 0.36`; the wire of met1 and the pad it begins in, 0.34 um wide."""
OUTLINE_UM = 2 * (LENGTH_UM + PAD_UM) + 4 * PAD_UM
"""Around the wire and its pad: twice the height, twice the pad's width."""


def nets(layout, folder):
    return run_drc(of_layout(layout, layout.top_cell()), ("antenna",), folder).engines["antenna"].nets


def labelled(shapes):
    layout = layout_of(shapes)
    where = kdb.Trans(0, CONTACT_Y + 100_000)
    layout.top_cell().shapes(layout.layer(*L.MET1_LABEL.value)).insert(kdb.Text("vin", where))
    return layout


def test_a_net_of_a_file_is_told_with_ratio_limit_and_place(tmp_path):
    labelled(wired(L.MET1, 600_000)).write(str(tmp_path / "long.gds"))
    report = run_drc(of_file(tmp_path / "long.gds"), ("antenna",), tmp_path)
    worst, *others = report.engines["antenna"].nets
    assert worst["ratio"] == pytest.approx(OUTLINE_UM * THICKNESS_UM, rel=1e-9)
    assert (worst["net"], worst["rule"], worst["limit"]) == ("vin", "antenna.met1", 400)
    assert (worst["gate_um2"], worst["diode_um2"], worst["times"]) == (1.0, 0.0, 1)
    assert worst["place"] == "(-0.170, 1.230)-(0.170, 601.400)"
    assert all(net["ratio"] < net["limit"] for net in others)
    assert list(report.engines["antenna"].violations) == ["antenna.met1"]


def test_a_diode_on_the_net_is_counted_and_raises_the_limit(tmp_path):
    worst = nets(labelled([*wired(L.MET1, 600_000), *diode(500)]), tmp_path)[0]
    assert (worst["net"], worst["diode_um2"]) == ("vin", 0.25)
    assert worst["limit"] == pytest.approx(2200 + 400 * 0.25, rel=1e-12, abs=0)
    assert worst["ratio"] == pytest.approx(OUTLINE_UM * THICKNESS_UM, rel=1e-9)


def test_each_of_many_gates_is_a_net_of_its_own_and_the_worst_come_first(tmp_path):
    shapes = [shape for k in range(2 * NETS_KEPT) for shape in gate(x=5000 * k)]
    shapes.append((L.POLY, -500, 1600, 500, 9000))
    found = nets(layout_of(shapes), tmp_path)
    assert len(found) == NETS_KEPT
    assert found[0]["ratio"] == pytest.approx(0.18 * 2 * (1 + 9.6), rel=1e-9)
    assert {round(net["ratio"], 6) for net in found[1:]} == {round(0.18 * 2 * (1 + 2.2), 6)}
    assert len({net["place"] for net in found}) == NETS_KEPT


def test_the_table_names_a_net_without_a_label_by_its_cell(tmp_path, capsys):
    layout = layout_of(wired(L.LI1, 390_000), name="bare")
    show_drc(run_drc(of_layout(layout, layout.top_cell()), ("antenna",), tmp_path).to_json())
    said = " ".join(capsys.readouterr().out.split())
    assert "unnamed, in bare antenna.li1 78.1 75" in said
