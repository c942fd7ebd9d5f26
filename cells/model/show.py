"""Opens a layout in a running KLayout by gdsfactory's own way: its package klive, which listens at a port."""

from __future__ import annotations

import socket
import tempfile
from collections.abc import Callable
from pathlib import Path

from analoom.pdk.errors import ToolError

KLIVE = ("127.0.0.1", 8082)
"""Where KLayout's package klive listens. Source: `show` of kfactory, which knows no other place."""
CONNECT_TIMEOUT_S = 0.5


def show_in_klayout(name: str, write: Callable[[Path], Path]) -> None:
    """Lets `write` write a file `name`.gds to the folder for passing files; KLayout opens it, or loads it anew.

    Raises ToolError where no KLayout with klive runs.
    """
    _require_klive()
    from kfactory import show  # takes 2 s

    folder = Path(tempfile.gettempdir()) / "analoom_show"
    folder.mkdir(exist_ok=True)
    show(write(folder / f"{name}.gds"))


def _require_klive() -> None:
    try:
        socket.create_connection(KLIVE, timeout=CONNECT_TIMEOUT_S).close()
    except OSError:
        host, port = KLIVE
        words = f"no KLayout listens at {host}:{port}: start KLayout with its package klive (Tools > Manage Packages)"
        raise ToolError(words) from None
