"""What a notebook shows of a cell, and the KLayout that is asked to open it."""

from __future__ import annotations

import io
import json
import socket
import subprocess
import sys
from threading import Thread

import pytest
from PIL import Image

from analoom import ToolError, build
from analoom.cells.model import show
from analoom.flows.export.notebook import page_of, picture_of, table_of

IN_A_SHELL = """
from IPython.core.interactiveshell import InteractiveShell
shell = InteractiveShell.instance()
import analoom
data, _ = shell.display_formatter.format(analoom.build("unit_cap"))
print(sorted(data))
"""


def test_the_picture_is_a_png_of_more_than_one_colour() -> None:
    with Image.open(io.BytesIO(picture_of(build("unit_cap")))) as picture:
        assert picture.format == "PNG"
        assert len(picture.convert("RGB").getcolors(1 << 20) or []) > 3


def test_the_table_tells_fields_size_area_and_pins() -> None:
    """The default capacitor in its reference drawing is 2.28 um by 2.545 um."""
    told = table_of(build("unit_cap"))
    for said in ("2.28 x 2.545 um", "top, bottom", "<td>w</td><td>2.0</td>"):
        assert said in told
    assert told.count("<tr>") == told.count("</tr>") > 5


def test_the_page_needs_no_file() -> None:
    assert 'src="data:image/png;base64,' in page_of(build("unit_cap"))


@pytest.mark.slow
def test_ipython_shows_a_cell() -> None:
    pytest.importorskip("IPython")
    run = [sys.executable, "-c", IN_A_SHELL]
    said = subprocess.run(run, capture_output=True, text=True, timeout=120, check=True).stdout
    assert said.strip().splitlines()[-1] == "['image/png', 'text/html', 'text/plain']"


def test_show_says_what_is_missing_where_no_klayout_runs(monkeypatch: pytest.MonkeyPatch) -> None:
    with socket.create_server(("127.0.0.1", 0)) as closed:
        address = closed.getsockname()
    monkeypatch.setattr(show, "KLIVE", address)
    with pytest.raises(ToolError, match="start KLayout with its package klive"):
        build("unit_cap").show()


@pytest.mark.slow
def test_show_sends_the_file_to_klayout(monkeypatch: pytest.MonkeyPatch) -> None:
    """A listener stands for klive: it is told the file as JSON."""
    kcell = pytest.importorskip("kfactory.kcell")
    heard: list[dict[str, object]] = []
    with socket.create_server(("127.0.0.1", 0)) as server:
        address = server.getsockname()
        connect = socket.create_connection
        monkeypatch.setattr(show, "KLIVE", address)
        monkeypatch.setattr(kcell.socket, "create_connection", lambda _, timeout=None: connect(address, timeout))
        listener = Thread(target=_listen, args=(server, heard), daemon=True)
        listener.start()
        build("unit_cap").show()
        listener.join(10)
    assert str(heard[0]["gds"]).endswith("unit_cap.gds")


def _listen(server: socket.socket, heard: list[dict[str, object]]) -> None:
    """The first connection asks whether anyone listens, the second brings the message."""
    for _ in range(2):
        connection, _ = server.accept()
        with connection:
            if said := connection.recv(1 << 16):
                heard.append(json.loads(said))
                connection.sendall(b'{"version": "0.4.1", "type": "open", "file": "", "klayout_version": "0.30.2"}')
