"""ngspice as a shared library, through PySpice: one simulator a process, one circuit at a time.

Settings that matter (each measured): compatibility `hsa` (multi-finger devices pick the right bin), no model check (the
installed models fail it), one thread (two spin), gmin 1e-15 (the default 1e-12 leaks 1.8 pA). After each circuit
everything is freed.
"""

from __future__ import annotations

import logging
import os
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from functools import cache
from typing import TYPE_CHECKING

import numpy as np
from numpy.typing import NDArray

from analoom.pdk.errors import ToolError
from analoom.pdk.install import libngspice

from .ngspice_failure import aborted, failure, stuck

if TYPE_CHECKING:
    from PySpice.Spice.NgSpice.Shared import NgSpiceShared

Vectors = Mapping[str, NDArray[np.float64]]
"""Results by name: `d1` a node's voltage (V), `vd1#branch` a source's current (A), `@m...[vth]` a device's value."""

GMIN_S = 1e-15
OPTIONS = f".option gmin={GMIN_S:g} numdgt=12"
_FATAL = (
    "error",
    "no such vector",
    "singular matrix",
    "aborted",
    "can't find",
    "no convergence",
    "unknown subckt",
    "failed",
    "undefined",
    "cannot compute",
)
_NOISE = "awaits to be detached"


class Loaded:
    """A circuit in the simulator; its title and options are kept for messages."""

    def __init__(self, shared: NgSpiceShared, text: str) -> None:
        self._shared = shared
        self._title = text.partition("\n")[0].lstrip("* ")
        self._options = "; ".join(line for line in text.splitlines() if line.startswith(".option"))

    def run(self, analysis: str) -> dict[str, NDArray]:
        """Runs one analysis (`op`, `dc vg 0 1.8 0.01`, `ac lin 1 1e6 1e6`, `tran 1n 1u`); vectors by name, (points,).

        Raises ToolError with ngspice's own lines when it gave no result.
        """
        self.command("destroy all")
        said = self.command(analysis)
        plot = self._shared.last_plot
        if aborted(said) and stuck(said):
            remedy = "look at that node, or give it a path to ground"
            raise ToolError(failure(self._title, analysis, said, self._options), field="ngspice", remedy=remedy)
        if plot == "const" or aborted(said):
            raise ToolError(f"ngspice gave no result for `{analysis}`: {_gist(said)}", field="ngspice")
        return {name: vector._data for name, vector in self._shared.plot(None, plot).items()}

    def op(self) -> dict[str, float]:
        """The operating point: node voltages (V), source currents (A) and saved device values."""
        return {name: float(values[0]) for name, values in self.run("op").items()}

    def set(self, source: str, value: float) -> None:
        """Gives the independent source `source` a new DC value (V or A)."""
        self.command(f"alter {source} dc = {value!r}")

    def command(self, line: str) -> str:
        """Gives ngspice a command and returns all it said."""
        self._shared.exec_command(line)
        return "\n".join([*self._shared._stdout, *self._shared._stderr])


@contextmanager
def circuit(text: str) -> Iterator[Loaded]:
    """Loads a circuit and frees it afterwards. Raises ToolError for a netlist ngspice refuses, with its complaint."""
    shared = _living_simulator()
    said = _load(shared, text)
    try:
        if said:
            raise ToolError(f"ngspice refused the circuit: {said}", field="ngspice")
        yield Loaded(shared, text)
    finally:
        if not said and not shared.dead:
            shared.exec_command("destroy all")
            shared.exec_command("remcirc")


def reseed(seed: int) -> None:
    """Seeds ngspice's own random numbers, for the models' `AGAUSS` terms of circuits loaded afterwards."""
    _living_simulator().exec_command(f"setseed {seed}")


def deck(title: str, *parts: str) -> str:
    """A whole circuit: title, options, `parts`, `.end`."""
    return "\n".join([f"* {title}", OPTIONS, *parts, ".end", ""])


def _load(shared: NgSpiceShared, text: str) -> str:
    """Loads `text`; returns the complaint, empty when there is none."""
    try:
        shared.load_circuit(text)
    except NameError:
        return _gist("\n".join([*shared._stdout, *shared._stderr])) or "no reason given"
    said = "\n".join([*shared._stdout, *shared._stderr])
    return _gist(said) if any(word in said.lower() for word in _FATAL) else ""


def _gist(said: str) -> str:
    """The lines that tell what went wrong, at most four, each once."""
    lines = list(dict.fromkeys(line.strip() for line in said.splitlines() if line.strip() and _NOISE not in line))
    bad = [line for line in lines if any(word in line.lower() for word in _FATAL)]
    return "; ".join((bad or lines)[:4])


def _living_simulator() -> NgSpiceShared:
    """The simulator of this process; after an error that ngspice can't recover from it is unloaded and loaded anew."""
    if _simulator().dead:
        from PySpice.Spice.NgSpice import Shared

        Shared.ffi.dlclose(_simulator()._ngspice_shared)
        Shared.ffi = type(Shared.ffi)()
        _simulator.cache_clear()
    return _simulator()


@cache
def _simulator() -> NgSpiceShared:
    path = libngspice()
    os.environ["NGSPICE_LIBRARY_PATH"] = str(path)
    os.environ.setdefault("OMP_NUM_THREADS", "1")
    logging.getLogger("PySpice.Spice.NgSpice.Shared").setLevel(logging.CRITICAL)
    try:
        shared = _quiet_class()()
    except OSError as error:
        remedy = "install the one for this processor, or set NGSPICE_LIBRARY_PATH"
        raise ToolError(f"{path} cannot be loaded: {error}", field="libngspice", remedy=remedy) from None
    for setting in ("ngbehavior=hsa", "ng_nomodcheck", "num_threads=1", "nomoremode"):
        shared.exec_command(f"set {setting}")
    return shared


def _quiet_class() -> type[NgSpiceShared]:
    """PySpice's class, but what ngspice says is kept, not logged, and a mere note on stderr is no failure."""
    from PySpice.Spice.NgSpice import Shared

    class Quiet(Shared.NgSpiceShared):
        LIBRARY_PATH = os.environ["NGSPICE_LIBRARY_PATH"]
        dead = False

        @staticmethod
        def _exit(status: int, unload: bool, quit_: bool, ngspice_id: int, user_data: object) -> int:
            Shared.ffi.from_handle(user_data).dead = True
            return status

        @staticmethod
        def _send_char(message_c: object, ngspice_id: int, user_data: object) -> int:
            keeper = Shared.ffi.from_handle(user_data)
            stream, _, content = str(Shared.ffi_string_utf8(message_c)).partition(" ")
            (keeper._stderr if stream == "stderr" else keeper._stdout).append(content)
            return 0

    return Quiet
