"""Extraction by tile classes against the flat extraction of the same drawing."""

import pytest

from analoom.cells.model.registry import build
from analoom.flows.files.layout_source import of_cell
from analoom.flows.pex.crossbar.ladders import line_ladders
from analoom.flows.pex.crossbar.tile_classes import line_totals, tile_classes
from analoom.flows.pex.extract import SPREAD_OUT, extract
from analoom.pdk.errors import InputError

SIGNALS = {"row": "h", "wwl": "h", "col": "v", "wbl": "v"}


@pytest.mark.slow
@pytest.mark.full
@pytest.mark.parametrize(("rows", "cols"), [(8, 8), (13, 9)])
def test_every_line_is_the_flat_extractions(rows, cols, tmp_path):
    cell = build("crossbar", {"rows": rows, "cols": cols})
    flat = extract(of_cell(cell), workdir=tmp_path)
    found = line_totals(tile_classes(cell, "c", "typical"), SIGNALS, rows, cols)
    for port, totals in found.items():
        expected = [flat.nets[f"{port}{k}"].total_f for k in range(len(totals.total_f))]
        assert totals.total_f == pytest.approx(expected, rel=1e-3, abs=0), port


@pytest.mark.slow
@pytest.mark.full
def test_every_pair_of_nets_is_the_flat_extractions(tmp_path, monkeypatch):
    """12 x 11 synapses, spread out from tile classes; a pair counts where it is 0.1 % of what its net sees."""
    source = of_cell(build("crossbar", {"rows": 12, "cols": 11}))
    found = extract(source, workdir=tmp_path)
    monkeypatch.setattr("analoom.flows.pex.extract.LARGEST_WHOLE", 1000)
    flat = extract(source, workdir=tmp_path)
    assert SPREAD_OUT in found.notes and SPREAD_OUT not in flat.notes
    assert set(found.nets) == set(flat.nets)
    for net, c in flat.nets.items():
        if net != flat.ground:
            assert found.nets[net].total_f == pytest.approx(c.total_f, rel=1e-3, abs=0), net
            for other, c_f in c.coupling_f.items():
                assert found.nets[net].coupling_f.get(other, 0.0) == pytest.approx(c_f, abs=1e-3 * c.total_f)


@pytest.mark.slow
def test_ladder_segments_are_length_over_corrected_width():
    """Tiles 2.75 x 2.48 um; rows 0.29 um on met1, columns 0.26 um on met2: 0.125 ohm per square, -0.039 um."""
    found = line_ladders(build("crossbar", {"rows": 2, "cols": 3}))
    assert found["row"].segment_ohm == pytest.approx(2.75 / (0.29 - 0.039) * 0.125, rel=1e-6)
    assert found["col"].segment_ohm == pytest.approx(2.48 / (0.26 - 0.039) * 0.125, rel=1e-6)
    assert found["row"].segment_ohm.shape == (2, 2)
    assert found["col"].tap_ohm.shape == (3, 2)
    assert (found["row"].tap_ohm >= 182 + 9.3).all(), "one contact to n-diffusion and one mcon"


def test_other_cells_have_no_ladders():
    with pytest.raises(InputError, match="is no crossbar"):
        line_ladders(build("unit_cap", {}))
