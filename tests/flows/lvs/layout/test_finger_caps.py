"""The PDK's metal-finger capacitors, which LVS knows by the name of their cell and its labels."""

import klayout.db as kdb
import pytest
from hand_drawn import Hand, subckt

from analoom.flows.files.layout_source import LayoutSource
from analoom.flows.lvs.check import run_lvs
from analoom.pdk.install import binned_cells_dir
from analoom.pdk.layers import Layer

PLAIN = "sky130_fd_pr__cap_vpp_04p4x04p6_m1m2_noshield"
SHIELDED = "sky130_fd_pr__cap_vpp_11p5x11p7_l1m1m2m3m4_shieldm5"
FLOATING = "sky130_fd_pr__cap_vpp_08p6x07p8_m1m2m3_shieldl1m5_floatm4"
SIZE_NM = 50_000


def pair(name):
    """The package's cell twice, every label but the substrate's a pin with its number behind."""
    layout = kdb.Layout()
    layout.read(str(binned_cells_dir() / name.removeprefix("sky130_fd_pr__") / f"{name}.gds"))
    top = Hand("top", layout)
    cell = layout.cell(name)
    for k in range(2):
        top.cell.insert(kdb.CellInstArray(cell.cell_index(), kdb.Trans(k * SIZE_NM, 0)))
        for layer in (Layer.MET2, Layer.MET5):
            for shape in cell.shapes(layout.layer(*layer.label.value)).each(kdb.Shapes.STexts):
                top.pin(layer, f"{shape.text.string}_{k}", shape.text.x + k * SIZE_NM, shape.text.y)
    top.box(Layer.PWELL_PIN, 0, -5000, 500, -4500)
    top.text(Layer.PWELL_LABEL, "sub", 250, -4750)
    return LayoutSource("top", layout, top.cell)


def said(source, calls, ports, tmp_path):
    report = run_lvs(source, subckt(ports, *calls), "top", tmp_path)
    assert report.clean == (not report.differences)
    return "\n".join(report.differences)


@pytest.mark.parametrize(("name", "shield"), [(PLAIN, ()), (SHIELDED, ("met5",)), (FLOATING, ("met5",))])
def test_two_cells_of_the_package(name, shield, tmp_path):
    source = pair(name)
    nets = [" ".join([f"c0_{k}", f"c1_{k}", "sub", *(f"{x}_{k}" for x in shield)]) for k in range(2)]
    ports = " ".join(dict.fromkeys(" ".join(nets).split()))
    calls = [f"X{k} {nets[k]} {name} m=1" for k in range(2)]
    assert said(source, calls, ports, tmp_path) == ""
    crossed = [calls[0], calls[1].replace("c0_1 c1_1", "c1_1 c0_1")]
    assert "has swapped pins" in said(source, crossed, ports, tmp_path)
    other = [calls[0], calls[1].replace("c0_1 c1_1 sub", "c0_1 sub c1_1")]
    assert "has swapped pins" in said(source, other, ports, tmp_path)
    assert "instance" in said(source, [calls[0], calls[1].replace("m=1", "m=2")], ports, tmp_path)
    assert "only in the layout" in said(source, calls[:1], ports, tmp_path)


def test_another_model_than_the_cell(tmp_path):
    calls = [f"X{k} c0_{k} c1_{k} sub {PLAIN.replace('noshield', 'shieldl1')}" for k in range(2)]
    words = "cap_vpp_04p4x04p6_m1m2_shieldl1 has no device to compare and is no cell of the layout"
    assert words in said(pair(PLAIN), calls, "c0_0 c1_0 sub c0_1 c1_1", tmp_path)


def test_a_cut_finger_lies_on_no_port(tmp_path):
    """A strip of 0.2 um cut out of met2 of the one cell."""
    source = pair(PLAIN)
    cell = source.layout.cell(PLAIN)
    shapes = cell.shapes(source.layout.layer(*Layer.MET2.value))
    box = kdb.Region(shapes).bbox()
    middle = box.center().x
    shapes_left = kdb.Region(shapes) - kdb.Region(kdb.Box(middle - 100, box.bottom, middle + 100, box.top))
    shapes.clear()
    shapes.insert(shapes_left)
    calls = [f"X{k} c0_{k} c1_{k} sub {PLAIN}" for k in range(2)]
    assert said(source, calls, "c0_0 c1_0 sub c0_1 c1_1", tmp_path)


def test_a_call_with_another_number_of_ports_is_not_known(tmp_path):
    calls = [f"X0 c0_0 c1_0 {PLAIN}", f"X1 c0_1 c1_1 sub {PLAIN}", "Xm sub sub sub sub sky130_fd_pr__nfet_01v8 w=1 l=1"]
    words = f"X0: {PLAIN.upper()} is not a SKY130 device that LVS knows: left out"
    assert words in said(pair(PLAIN), calls, "c0_0 c1_0 sub c0_1 c1_1", tmp_path)
