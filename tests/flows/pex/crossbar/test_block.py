"""Hierarchical netlists with devices in ngspice: blocks and a whole array against the flat extraction."""

import numpy as np
import pytest

from analoom.cells.model.registry import build
from analoom.flows.files.layout_source import of_cell
from analoom.flows.netlists.model_variants import with_variants
from analoom.flows.netlists.models import sizes_of, trimmed_library
from analoom.flows.pex.crossbar.block import block_of, extract_block, parse_block
from analoom.flows.pex.crossbar.netlist import hier_text
from analoom.flows.pex.crossbar.reduce import reduce_classes
from analoom.flows.pex.crossbar.tile_classes import tile_classes
from analoom.flows.pex.extract import extract
from analoom.flows.pex.parasitics.netlist import post_circuit_text
from analoom.flows.pex.resistance.rc_result import RcOptions
from analoom.flows.simulator.ngspice import circuit, deck
from analoom.pdk.corners import corner
from analoom.pdk.errors import InputError

pytestmark = [pytest.mark.slow, pytest.mark.tools]
SIZE = (9, 8)
REST = {"row": 0.6, "wwl": 1.8, "col": 0.2, "wbl": 0.9, "vss": 0.0, "substrate": 0.0}


def volts(port):
    """Both ends of a line at one voltage, so that what flows are the devices' currents."""
    line = port.partition("_")[0]
    kind = line.rstrip("0123456789")
    return REST[kind] + 0.01 * int(line[len(kind) :] or 0)


def port_currents(cell, text, name, ports, hertz=1e9):
    """DC current into every port (A), and AC current into every port with the first word line driven by 1 V."""
    library = trimmed_library(sizes_of(cell.circuit), corner("tt"))
    driven = next(p for p in ports if p.startswith("wwl"))
    sources = [f"v{k} {p} 0 {volts(p)} ac {int(p == driven)}" for k, p in enumerate(ports)]
    whole = deck("block", f'.include "{library}"', with_variants(text), f"X1 {' '.join(ports)} {name}", *sources)
    with circuit(whole) as loaded:
        op, ac = loaded.op(), loaded.run(f"ac lin 1 {hertz:g} {hertz:g}")
    return np.array([op[f"v{k}#branch"] for k in range(len(ports))]), np.array(
        [ac[f"v{k}#branch"][0] for k in range(len(ports))]
    )


@pytest.fixture(scope="module")
def array():
    cell = build("crossbar", {"rows": SIZE[0], "cols": SIZE[1]})
    return cell, tile_classes(cell, "rc", "typical", sample=cell), tile_classes(cell, "rc", "typical")


BLOCKS = [
    pytest.param(range(2), range(2), id="corner"),
    pytest.param(range(3, 5), range(4, 6), id="inner"),
    pytest.param(range(4), range(4), id="corner of 4x4", marks=pytest.mark.full),
    pytest.param(range(3, 7), range(2, 6), id="inner of 4x4", marks=pytest.mark.full),
]


@pytest.mark.full
@pytest.mark.parametrize(("rows", "cols"), BLOCKS)
def test_a_block_simulates_as_the_flat_extractions(array, rows, cols):
    """Currents at DC and at 1 GHz at every port; `flat` holds every tile of the drawing itself."""
    cell, flat, tiles = array
    expected, found = block_of(cell, flat, rows, cols), block_of(cell, tiles, rows, cols)
    assert len(found.devices) == 3 * len(rows) * len(cols)
    assert found.ports == expected.ports
    before, after = (port_currents(cell, b.spice("block"), "block", b.ports) for b in (expected, found))
    assert np.abs(before[0]).max() > 1e-7
    for one, other in zip(before, after, strict=True):
        assert np.abs(one - other).max() < 1e-3 * np.abs(one).max()


def test_a_missing_device_changes_the_block(array):
    cell, _, tiles = array
    block = block_of(cell, tiles, range(3, 5), range(2, 4))
    text = block.spice("block")
    line = next(x for x in text.splitlines() if x.startswith("Xr3c2_read"))
    before, after = (port_currents(cell, t, "block", block.ports)[0] for t in (text, text.replace(line + "\n", "")))
    assert np.abs(before - after).max() > 1e-2 * np.abs(before).max()


def test_a_reduced_block_draws_the_same_currents(array):
    """At DC by line, both ends together: a cut is at the nearest node outside, and there are fewer to cut at."""
    cell, _, tiles = array
    fewer, _ = reduce_classes(tiles, RcOptions(up_to_hz=1e10), *SIZE)
    blocks = [block_of(cell, c, range(3, 5), range(2, 4)) for c in (tiles, fewer)]
    assert len(blocks[1].resistors) < len(blocks[0].resistors) / 1.5
    ports = blocks[0].ports
    assert blocks[1].ports == ports
    lines = np.array([p.partition("_")[0] for p in ports])
    before, after = (port_currents(cell, b.spice("block"), "block", ports)[0] for b in blocks)
    for line in sorted(set(lines)):
        assert after[lines == line].sum() == pytest.approx(before[lines == line].sum(), rel=1e-3, abs=1e-12), line


OPTIONS = RcOptions(min_c_f=1e-17, up_to_hz=1e10)


@pytest.mark.full
@pytest.mark.parametrize("mode", ["c", "rc"])
def test_ngspice_runs_the_whole_hierarchy_as_the_flat_netlist(mode, tmp_path):
    """DC and AC currents of every pin of the hierarchical netlist against those of the flat post-layout netlist.

    With resistances both are reduced by what is small in each, so that their AC currents differ by 1.5 %.
    """
    cell = build("crossbar", {"rows": 8, "cols": 6})
    flat = post_circuit_text(cell, extract(of_cell(cell), mode, "typical", tmp_path, OPTIONS if mode == "rc" else None))
    classes, lumped = tile_classes(cell, mode, "typical"), cell.weave.lines if mode == "c" else None
    if mode == "rc":
        classes, _ = reduce_classes(classes, OPTIONS, 8, 6)
    hier = "".join(hier_text(classes, cell.circuit.name, 8, 6, "typical", lumped)[0])
    name, ports = f"{cell.circuit.name}_post", cell.circuit.ports
    pins = hier.replace("\n+", "").split(f".subckt {name} ")[1].splitlines()[0].split()
    assert sorted(pins) == sorted(ports)
    before, after = port_currents(cell, flat, name, ports, 1e8), port_currents(cell, hier, name, pins, 1e8)
    order = [pins.index(p) for p in ports]
    for one, other, within in zip(before, after, (1e-3, 1e-3 if mode == "c" else 2e-2), strict=True):
        assert np.abs(one - other[order]).max() < within * np.abs(one).max()


def test_a_block_of_a_million_synapses_is_a_small_netlist(tmp_path):
    source = of_cell(build("crossbar", {"rows": 512, "cols": 2048}))
    found = extract_block(source, "typical", "100:102,1000:1003", tmp_path, RcOptions(up_to_hz=1e10))
    text = found.netlist.read_text()
    assert text.count("sky130_fd_pr__nfet_01v8") == 2 * 6
    assert {"row100_west", "row101_east", "col1002_north", "wbl1000_south"} <= set(found.ports)
    assert 0 < found.nets["row100"].total_f < 1e-14


@pytest.mark.parametrize("text", ["0:4", "4:4,0:2", "0:4,0:99", "a:b,c:d"])
def test_blocks_that_do_not_fit_are_refused(text, array):
    with pytest.raises(InputError, match="block"):
        parse_block(text, array[0])


def test_only_crossbars_have_blocks():
    with pytest.raises(InputError, match="only a crossbar"):
        parse_block("0:1,0:1", build("unit_cap", {}))
