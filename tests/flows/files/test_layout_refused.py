"""Layout files that cannot be used, through the command line: exit 2, the file named, no traceback, nothing written."""

import gzip
import json
from itertools import pairwise

import klayout.db as kdb
import pytest
from drc_cases import L, layout_of

from analoom.flows.cli import main as cli
from analoom.flows.files.layout_source import of_file
from analoom.pdk.errors import InputError

WIRE = [(L.MET1, 0, 0, 500, 1000)]
OASIS_HEAD = b"%SEMI-OASIS\r\n\x01\x031.0\x00\xe8\x07\x00" + bytes(12)
OASIS_END = b"\x02\xfc\x01" + bytes(252) + b"\x00"


def gds_chain(path, *names):
    """Cells that each place the next; klayout refuses to draw a ring, so the last name is put in as bytes."""
    layout = kdb.Layout()
    cells = [layout.create_cell(name) for name in (*names[:-1], "zz")]
    cells[0].shapes(layout.layer(68, 20)).insert(kdb.Box(0, 0, 500, 1000))
    for outer, inner in pairwise(cells):
        outer.insert(kdb.CellInstArray(inner.cell_index(), kdb.Trans()))
    layout.write(str(path))
    structure = b"\x00\x06\x06\x06zz"
    content = path.read_bytes()
    start = content.index(structure)
    end = content.index(b"\x00\x04\x07\x00", start) + 4
    begin = content.rindex(b"\x05\x02", 0, start) - 2
    path.write_bytes((content[:begin] + content[end:]).replace(b"zz", names[-1].encode()))
    return path


def oasis_ring(path, *names):
    """The same in OASIS, record by record (SEMI P39): CELL 14 and PLACEMENT 17, names in place."""
    cells = b""
    for outer, inner in pairwise(names):
        cells += b"\x0e" + bytes([len(outer)]) + outer.encode() + b"\x11\x80" + bytes([len(inner)]) + inner.encode()
    path.write_bytes(OASIS_HEAD + cells + OASIS_END)
    return path


def written(path, shapes=WIRE, name="wire", dbu=0.001):
    layout = layout_of(shapes, name)
    layout.dbu = dbu
    layout.write(str(path))
    return path


def analoom(capfd, *words):
    """(exit code, JSON document) of a command."""
    with pytest.raises(SystemExit) as stopped:
        cli.main([*map(str, words), "--json"])
    return stopped.value.code, json.loads(capfd.readouterr().out)


def refused(capfd, tmp_path, path, *words):
    """The error of `drc` on a file, after checking that it is one and left nothing behind."""
    out = tmp_path / "results"
    code, said = analoom(capfd, "drc", path, "--out", out, *words)
    assert code == 2 and str(path) in said["error"]["message"], said
    assert not out.exists() or not list(out.iterdir())
    return said["error"]


@pytest.mark.parametrize("names", [("aa", "aa"), ("aa", "bb", "aa"), ("aa", "bb", "cc", "bb")])
@pytest.mark.parametrize(("suffix", "make"), [("gds", gds_chain), ("oas", oasis_ring)])
def test_cells_that_hold_each_other_are_refused(capfd, tmp_path, names, suffix, make):
    message = refused(capfd, tmp_path, make(tmp_path / f"ring.{suffix}", *names))["message"]
    assert "cells that hold each other" in message


def test_the_ring_is_what_is_refused(tmp_path):
    """The same bytes with a chain that ends are read."""
    assert of_file(gds_chain(tmp_path / "chain.gds", "aa", "bb", "cc")).top.name == "aa"
    with pytest.raises(InputError, match="holds no shapes"):
        of_file(oasis_ring(tmp_path / "chain.oas", "aa", "bb"))


@pytest.mark.parametrize("suffix", ["gds", "oas", "gds.gz"])
def test_a_file_over_the_limit_is_refused_with_the_way_to_raise_it(capfd, tmp_path, suffix):
    path = tmp_path / f"large.{suffix}"
    many = [(L.MET1, 1000 * i, 997 * i % 3000, 1000 * i + 500, 997 * i % 3000 + 1000) for i in range(2000)]
    written(path if suffix != "gds.gz" else tmp_path / "plain.gds", many)
    if suffix.endswith("gz"):
        path.write_bytes(gzip.compress((tmp_path / "plain.gds").read_bytes()))
        assert path.stat().st_size < 100_000  # it is what it unpacks to that counts
    limit = 0.1 if "gds" in suffix else 0.0001
    error = refused(capfd, tmp_path, path, "--max-file-mb", limit)
    assert f"the limit is {limit:g} MB" in error["message"] and error["remedy"] == "--max-file-mb 1"
    assert of_file(path, None, 1.0).name == "wire"


@pytest.mark.parametrize("suffix", ["gds", "oas"])
def test_a_truncated_file_is_refused(capfd, tmp_path, suffix):
    path = written(tmp_path / f"cut.{suffix}")
    path.write_bytes(path.read_bytes()[:-60])
    assert "not a readable layout" in refused(capfd, tmp_path, path)["message"]


@pytest.mark.parametrize("content", [b"", b"GIF89a not a layout", b"* a netlist\n.end\n"])
@pytest.mark.parametrize("suffix", ["gds", "oas"])
def test_what_is_no_layout_is_refused(capfd, tmp_path, suffix, content):
    path = tmp_path / f"other.{suffix}"
    path.write_bytes(content)
    refused(capfd, tmp_path, path)


@pytest.mark.parametrize("suffix", ["gds", "oas"])
def test_an_empty_layout_is_refused(capfd, tmp_path, suffix):
    assert "holds no shapes" in refused(capfd, tmp_path, written(tmp_path / f"empty.{suffix}", []))["message"]


@pytest.mark.parametrize("suffix", ["gds", "oas"])
def test_another_database_unit_is_rescaled_and_said(capfd, tmp_path, suffix):
    """100 x 200 steps of 5 nm: met1 500 nm by 1 um, which is clean (m1.1 140 nm, m1.6 0.083 um2)."""
    path = written(tmp_path / f"coarse.{suffix}", [(L.MET1, 0, 0, 100, 200)], dbu=0.005)
    code, said = analoom(capfd, "drc", path, "--out", tmp_path)
    assert (code, said["clean"]) == (0, True)
    assert said["engines"]["fast"]["notes"] == ["database unit 0.005 um rescaled to 0.001 um"]


@pytest.mark.parametrize("name", ["a b", "a'b", 'a"b', "a/b", "$(touch x)", "; rm -rf x", "../../x", ".include x"])
@pytest.mark.parametrize("suffix", ["gds", "oas"])
def test_hostile_names_are_checked_like_any_other(capfd, tmp_path, suffix, name):
    """klayout's writers put `*` for blanks, so the name goes in as bytes."""
    placeholder = "QWERTYUIOPASDFGH"[: len(name)]  # no letter twice, so that OASIS does not pack it
    path = written(tmp_path / f"named.{suffix}", name=placeholder)
    path.write_bytes(path.read_bytes().replace(placeholder.encode(), name.encode()))
    code, said = analoom(capfd, "drc", path, "--out", tmp_path / "results")
    assert (code, said["cell"], said["clean"]) == (0, name, True)
    names = ["drc.json", "drc_fast.lyrdb", "file.json", "layers.lyp"]
    assert sorted(p.name for p in (tmp_path / "results").iterdir()) == names
    assert not (tmp_path / "x").exists()
