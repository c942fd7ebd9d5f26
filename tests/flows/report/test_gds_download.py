"""The layout file that a page gives is the one that was written, byte by byte."""

from __future__ import annotations

import base64
import zipfile
from pathlib import Path

from analoom.flows.report.gds_download import LARGEST_MB, gds_download


def test_a_small_file_is_in_the_link_and_its_size_is_said(tmp_path: Path) -> None:
    gds = tmp_path / "cell.gds"
    gds.write_bytes(bytes(range(256)) * 10)
    link = gds_download(gds, tmp_path)
    head, packed = link.address.split(",")
    assert (head, base64.b64decode(packed)) == ("data:application/octet-stream;base64", gds.read_bytes())
    assert (link.name, link.words) == ("cell.gds", "cell.gds, 2.6 kB, in this page")
    assert [path.name for path in tmp_path.iterdir()] == ["cell.gds"]


def test_a_large_file_is_a_zip_beside_the_page(tmp_path: Path) -> None:
    gds = tmp_path / "big cell.gds"
    gds.write_bytes(b"layout" * int(1e6 * LARGEST_MB / 6 + 1))
    link = gds_download(gds, tmp_path)
    assert link.address == "big%20cell.zip"
    with zipfile.ZipFile(tmp_path / "big cell.zip") as packed:
        assert packed.namelist() == ["big cell.gds"]
        assert packed.read("big cell.gds") == gds.read_bytes()
    assert "beside this page: big cell.gds has 5.0 MB" in link.words
