"""ngspice as an application: every analysis in a process of its own, in a folder of its own that is removed.

For machines without the shared library, and where a simulation is to be stopped after a time. What is altered between
analyses is said again before the next one. Results come back through a raw file.
"""

from __future__ import annotations

import re
import tempfile
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from analoom.flows.files.application import run_tool
from analoom.pdk.errors import ToolError
from analoom.pdk.install import find_tool

from .raw_file import RawFile, read_raw

SETTINGS = ("ngbehavior=hsa", "ng_nomodcheck", "num_threads=1", "nomoremode")
TIMEOUT_S = 3600.0
_DECK, _RAW = "deck.spice", "out.raw"
_KINDS = re.compile(r"^([vi])\((.+)\)$")


def ran(text: str, analysis: str, altered: list[str], timeout_s: float = TIMEOUT_S) -> tuple[str, RawFile | None]:
    """What ngspice said and what it wrote (None: nothing) about one analysis of the circuit `text`.

    Raises ToolError when the application is missing, too old, or not done in time.
    """
    application = find_tool("ngspice")
    with tempfile.TemporaryDirectory(prefix="analoom_ngspice_") as name:
        folder = Path(name)
        (folder / ".spiceinit").write_text("".join(f"set {setting}\n" for setting in SETTINGS))
        (folder / _DECK).write_text(_with_script(text, [*altered, analysis, "set filetype=binary", f"write {_RAW}"]))
        done = run_tool([str(application.path), "-b", _DECK], folder, timeout_s, {"OMP_NUM_THREADS": "1"})
        raw = read_raw(folder / _RAW) if (folder / _RAW).exists() else None
        return f"{done.stdout}\n{done.stderr}", raw


def vectors(raw: RawFile) -> dict[str, NDArray]:
    """By the names the shared library gives: `b` for v(b), `v1#branch` for i(v1), devices as asked."""
    return {_short(name): np.asarray(raw[name]) for name in raw.names}


def _short(name: str) -> str:
    found = _KINDS.match(name)
    if found is None:
        return name
    kind, inner = found.groups()
    if inner.startswith("@"):
        return inner
    return f"{inner}#branch" if kind == "i" else inner


def _with_script(text: str, commands: list[str]) -> str:
    body, end, _ = text.rpartition(".end")
    if not end:
        raise ToolError("a circuit without .end", field="ngspice")
    return "\n".join([body.rstrip("\n"), ".control", *commands, ".endc", ".end", ""])
