"""Reading layouts of others: what is refused, what is rescaled, what is renamed."""

import klayout.db as kdb
import pytest
from drc_cases import layout_of

from analoom.flows.files.layout_source import of_file, of_layout
from analoom.pdk.errors import InputError
from analoom.pdk.layers import Layer

WIRE = [(Layer.MET1, 0, 0, 500, 1000)]


def written(layout, path):
    layout.write(str(path))
    return path


@pytest.mark.parametrize("name", ["a.gds", "a.oas"])
def test_reads_both_formats(tmp_path, name):
    source = of_file(written(layout_of(WIRE, "wire"), tmp_path / name))
    assert (source.name, source.top.bbox(), source.notes) == ("wire", kdb.Box(0, 0, 500, 1000), ())


def test_truncated_file_is_refused(tmp_path):
    path = written(layout_of(WIRE), tmp_path / "a.gds")
    path.write_bytes(path.read_bytes()[:-40])
    with pytest.raises(InputError, match="not a readable layout"):
        of_file(path)


@pytest.mark.parametrize("content", [b"", b"not a layout at all"])
def test_other_files_are_refused(tmp_path, content):
    (tmp_path / "a.gds").write_bytes(content)
    with pytest.raises(InputError, match="not a readable layout"):
        of_file(tmp_path / "a.gds")


def test_missing_file_is_refused(tmp_path):
    with pytest.raises(InputError, match="no such file"):
        of_file(tmp_path / "a.gds")


def test_top_cell_must_be_named_among_several(tmp_path):
    layout = layout_of(WIRE, "one")
    layout.create_cell("two").shapes(layout.layer(68, 20)).insert(kdb.Box(0, 0, 10, 10))
    path = written(layout, tmp_path / "a.gds")
    with pytest.raises(InputError, match="several top cells: one, two"):
        of_file(path)
    with pytest.raises(InputError, match="no cell called 'three'"):
        of_file(path, "three")
    assert of_file(path, "two").name == "two"


def test_empty_cell_is_refused(tmp_path):
    with pytest.raises(InputError, match="holds no shapes"):
        of_file(written(layout_of([]), tmp_path / "a.gds"))


def test_other_database_unit_is_rescaled_and_said(tmp_path):
    layout = layout_of([(Layer.MET1, 0, 0, 100, 200)])
    layout.dbu = 0.005
    source = of_file(written(layout, tmp_path / "a.gds"))
    assert (source.layout.dbu, source.top.bbox()) == (0.001, kdb.Box(0, 0, 500, 1000))
    assert "0.005" in source.notes[0]


def test_finer_database_unit_is_taken_only_when_no_vertex_moves(tmp_path):
    for right, fits in ((5000, True), (5003, False)):
        layout = layout_of([(Layer.MET1, 0, 0, right, 10000)])
        layout.dbu = 0.0001
        path = written(layout, tmp_path / f"{right}.gds")
        if fits:
            assert of_file(path).top.bbox() == kdb.Box(0, 0, 500, 1000)
        else:
            with pytest.raises(InputError, match="between the nanometres"):
                of_file(path)


def test_unsafe_cell_names_are_replaced_in_the_copy_only(tmp_path):
    layout = layout_of(WIRE, "a/b")
    below = layout.create_cell("a_b")
    layout.cell("a/b").insert(kdb.CellInstArray(below.cell_index(), kdb.Trans()))
    source = of_layout(layout, layout.cell("a/b"))
    assert source.write_safe(tmp_path / "a.gds") == "a_b_2"
    assert source.top.name == "a/b"
    again = kdb.Layout()
    again.read(str(tmp_path / "a.gds"))
    assert sorted(cell.name for cell in again.each_cell()) == ["a_b", "a_b_2"]
