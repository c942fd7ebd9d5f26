"""ngspice as a shared library, through PySpice: one simulator a process, one circuit at a time.

Where only the application is installed, or ANALOOM_NGSPICE=application asks for it, each analysis is a process of its
own (`analoom.flows.simulator.application`): the same circuits, the same results, slower.

Settings that matter (each measured): compatibility `hsa` (multi-finger devices pick the right bin), no model check (the
installed models fail it), one thread (two spin), gmin 1e-15 (the default 1e-12 leaks 1.8 pA). After each circuit
everything is freed.
"""

from __future__ import annotations

import logging
import os
from abc import ABC, abstractmethod
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from functools import cache
from typing import TYPE_CHECKING

import numpy as np
from numpy.typing import NDArray

from analoom.flows.files.application import interruptions_held
from analoom.pdk.errors import InputError, ToolError
from analoom.pdk.install import libngspice, look_for
from analoom.pdk.ngspice_library import library_found

from . import application as ngspice_batch
from .failure import aborted, failure, stuck

if TYPE_CHECKING:
    from PySpice.Spice.NgSpice.Shared import NgSpiceShared

Vectors = Mapping[str, NDArray[np.float64]]
"""Results by name: `d1` a node's voltage (V), `vd1#branch` a source's current (A), `@m...[vth]` a device's value."""

BACKEND_VARIABLE, BACKENDS = "ANALOOM_NGSPICE", ("library", "application")
NOISE_POINTS = 20
_PART, _1_OVER_F = "onoise.", "1overf"
"""How the name of a device's part of a noise analysis begins, and that of its 1/f part ends."""

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
_NOISE, _TITLE = "awaits to be detached", "Circuit:"
"""Lines that say nothing: that of threads, and the circuit's title, in which any word may stand."""
_ALTER = "alter"


class Loaded(ABC):
    """A circuit ready to be analysed; its title and options are kept for messages."""

    def __init__(self, text: str) -> None:
        self._title = text.partition("\n")[0].lstrip("* ")
        self._options = "; ".join(line for line in text.splitlines() if line.startswith(".option"))

    @abstractmethod
    def run(self, analysis: str) -> dict[str, NDArray]:
        """Runs one analysis (`op`, `dc vg 0 1.8 0.01`, `ac lin 1 1e6 1e6`, `tran 1n 1u`); vectors by name, (points,).

        Raises ToolError with ngspice's own lines when it gave no result, and with the circuit, the point of time and
        what was tried when it did not converge.
        """

    @abstractmethod
    def command(self, line: str) -> str:
        """Gives ngspice a command and returns all it said.

        Raises ToolError with what ngspice says to an `alter`; the application complains at the next analysis.
        """

    def op(self) -> dict[str, float]:
        """The operating point: node voltages (V), source currents (A) and saved device values."""
        return {name: float(values[0]) for name, values in self.run("op").items()}

    def noise(self, output: str, source: str, low_hz: float, high_hz: float) -> tuple[NDArray, NDArray, NDArray]:
        """Frequencies (points,) Hz, 20 a decade, the noise density of `output` (v(out) or v(a,b)) there, V/Hz^0.5, and
        of it what the devices' 1/f sources alone give.

        `source` is an independent source of the circuit; what it stands for does not change the output's noise.
        """
        self.alter(source, "acmag", 1)
        found = self._spectrum(f"noise {output} {source} dec {NOISE_POINTS} {low_hz!r} {high_hz!r} 1")
        self.alter(source, "acmag", 0)
        f, density = np.real(found["frequency"]), np.real(found["onoise_spectrum"])
        flicker = [
            np.real(v) ** 2 for name, v in found.items() if name.startswith("onoise") and name.endswith(_1_OVER_F)
        ]
        return f, density, np.sqrt(np.sum([np.zeros_like(f), *flicker], axis=0))

    def noise_parts(
        self, output: str, source: str, low_hz: float, high_hz: float
    ) -> tuple[NDArray, dict[str, NDArray]]:
        """Frequencies (points,) Hz, two a decade, and the noise power of `output` (points,) V^2/Hz that each device of
        the circuit's top gives, by its name, and each of its sources, by `<name>.<source>`."""
        self.alter(source, "acmag", 1)
        found = self._spectrum(f"noise {output} {source} dec 2 {low_hz!r} {high_hz!r} 1")
        self.alter(source, "acmag", 0)
        parts = {name.removeprefix(_PART): np.real(v) ** 2 for name, v in found.items() if name.startswith(_PART)}
        return np.real(found["frequency"]), parts

    @abstractmethod
    def _spectrum(self, analysis: str) -> dict[str, NDArray]:
        """The vectors of the plot of spectra; a noise analysis leaves one of integrals after it."""

    def set(self, source: str, value: float) -> None:
        """Gives the independent source `source` a new DC value (V or A)."""
        self.alter(source, "dc", value)

    def alter(self, device: str, parameter: str, value: float) -> None:
        """Gives a device's parameter a new value, any kind of number: numpy writes `np.float64(1.0)` for its own."""
        self.command(f"{_ALTER} {device} {parameter} = {float(value)!r}")

    def _require(self, analysis: str, said: str, given: bool) -> None:
        if aborted(said) and stuck(said):
            remedy = "look at that node, or give it a path to ground"
            raise ToolError(failure(self._title, analysis, said, self._options), field="ngspice", remedy=remedy)
        if not given or aborted(said):
            raise ToolError(f"ngspice gave no result for `{analysis}`: {_gist(said)}", field="ngspice")


class _InLibrary(Loaded):
    """A circuit in the simulator of this process."""

    def __init__(self, shared: NgSpiceShared, text: str) -> None:
        super().__init__(text)
        self._shared = shared

    def run(self, analysis: str) -> dict[str, NDArray]:
        self.command("destroy all")
        said = self.command(analysis)
        plot = self._shared.last_plot
        self._require(analysis, said, plot != "const")
        return self._vectors(plot)

    def _spectrum(self, analysis: str) -> dict[str, NDArray]:
        self.run(analysis)
        plots = (self._vectors(name) for name in self._shared.plot_names if name.startswith("noise"))
        return next(found for found in plots if "onoise_spectrum" in found)

    def _vectors(self, plot: str) -> dict[str, NDArray]:
        return {name: vector._data for name, vector in self._shared.plot(None, plot).items()}

    def command(self, line: str) -> str:
        with interruptions_held():  # raised in a callback, KeyboardInterrupt would be printed and forgotten
            self._shared.exec_command(line)
        said = "\n".join([*self._shared._stdout, *self._shared._stderr])
        if line.startswith(_ALTER) and said.strip():
            raise ToolError(f"ngspice refused `{line}`: {_gist(said)}", field="ngspice")
        return said


class _InProcesses(Loaded):
    """A circuit of which every analysis is a run of the application."""

    def __init__(self, text: str) -> None:
        super().__init__(text)
        self._text = text
        self._altered: list[str] = []

    def _spectrum(self, analysis: str) -> dict[str, NDArray]:
        return self.run(f"{analysis}\nsetplot noise1")

    def run(self, analysis: str) -> dict[str, NDArray]:
        said, raw = ngspice_batch.ran(self._text, analysis, self._altered)
        if raw is None and not stuck(said) and (complaint := _complaint(said)):
            raise ToolError(f"ngspice refused the circuit: {complaint}", field="ngspice")
        if raw is not None and self._altered and any(line.startswith("Error:") for line in said.splitlines()):
            raise ToolError(f"ngspice refused one of `{'`, `'.join(self._altered)}`: {_gist(said)}", field="ngspice")
        self._require(analysis, said, raw is not None)
        return {} if raw is None else ngspice_batch.vectors(raw)

    def command(self, line: str) -> str:
        """Keeps the command for the next analysis."""
        self._altered.append(line)
        return ""


@contextmanager
def circuit(text: str) -> Iterator[Loaded]:
    """Loads a circuit and frees it afterwards. Raises ToolError for a netlist ngspice refuses, with its complaint."""
    if by_application():
        yield _InProcesses(text)
        return
    shared = _living_simulator()
    said = _load(shared, text)
    try:
        if said:
            raise ToolError(f"ngspice refused the circuit: {said}", field="ngspice")
        yield _InLibrary(shared, text)
    finally:
        if not said and not shared.dead:
            shared.exec_command("destroy all")
            shared.exec_command("remcirc")


def by_application() -> bool:
    """Whether the application is used: asked for by ANALOOM_NGSPICE=application, or there alone."""
    asked = os.environ.get(BACKEND_VARIABLE, "")
    if asked not in ("", *BACKENDS):
        raise InputError(f"{BACKEND_VARIABLE} = {asked}: one of {', '.join(BACKENDS)}", field=BACKEND_VARIABLE)
    if asked:
        return asked == "application"
    return not library_found() and look_for("ngspice") is not None


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
    return _complaint("\n".join([*shared._stdout, *shared._stderr]))


def _complaint(said: str) -> str:
    """What is wrong with a circuit, empty when nothing is."""
    return _gist(said) if any(map(_is_fatal, said.splitlines())) else ""


def _is_fatal(line: str) -> bool:
    return not line.lstrip().startswith(_TITLE) and any(word in line.lower() for word in _FATAL)


def _gist(said: str) -> str:
    """The lines that tell what went wrong, at most four, each once."""
    lines = list(dict.fromkeys(line.strip() for line in said.splitlines() if line.strip() and _NOISE not in line))
    bad = [line for line in lines if _is_fatal(line)]
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
    for setting in ngspice_batch.SETTINGS:
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
