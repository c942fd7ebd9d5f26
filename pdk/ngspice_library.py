"""Where the shared library of ngspice lies on Debian, Ubuntu, other Linux systems, Homebrew, MacPorts and conda.

PySpice looks for an unversioned name, which Debian and Ubuntu do not ship in `libngspice0`. Folders: Debian's multiarch
rule, Homebrew's prefixes (Apple silicon, Intel, Linux), MacPorts' /opt/local, the running environment's own.
"""

from __future__ import annotations

import ctypes.util
import os
import sys
import sysconfig
from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path

from .errors import ToolError

VARIABLE = "NGSPICE_LIBRARY_PATH"


def _own_multiarch() -> str | None:
    return sysconfig.get_config_var("MULTIARCH")


@dataclass(frozen=True)
class System:
    """What decides where libraries lie: `platform` as in sys.platform, Debian's `multiarch` name, Python's `prefix`.

    `root` is the folder that all paths are counted from.
    """

    platform: str = sys.platform
    multiarch: str | None = field(default_factory=_own_multiarch)
    prefix: str = sys.prefix
    root: Path = Path("/")

    @property
    def names(self) -> tuple[str, ...]:
        """File names, the one that carries the interface's version first."""
        if self.platform == "darwin":
            return "libngspice.0.dylib", "libngspice.dylib"
        return "libngspice.so.0", "libngspice.so"

    @property
    def folders(self) -> tuple[str, ...]:
        """Folders in order: this Python's own environment, then the system's."""
        if self.platform == "darwin":
            brew = (f"{cellar}/{part}" for cellar in ("/opt/homebrew", "/usr/local") for part in _BREW_PARTS)
            return f"{self.prefix}/lib", *brew, "/opt/local/lib"
        debian = (f"/usr/lib/{self.multiarch}",) if self.multiarch else ()
        return f"{self.prefix}/lib", *debian, "/usr/lib64", "/usr/lib", "/usr/local/lib", "/usr/local/lib64", _LINUXBREW

    def candidates(self) -> Iterator[Path]:
        """Every path at which the library may lie, the likeliest first."""
        for folder in self.folders:
            yield from (self.root / folder.lstrip("/") / name for name in self.names)

    @property
    def install(self) -> str:
        """The command that installs it."""
        return "brew install libngspice" if self.platform == "darwin" else "sudo apt-get install -y libngspice0"


_BREW_PARTS = ("lib", "opt/libngspice/lib")
_LINUXBREW = "/home/linuxbrew/.linuxbrew/lib"


def libngspice(system: System | None = None) -> Path:
    """The shared library of ngspice; the variable NGSPICE_LIBRARY_PATH wins, and may name a file or its folder.

    Raises ToolError that says where it was looked for when it is absent.
    """
    machine = system or System()
    named = os.environ.get(VARIABLE)
    if named:
        return _named(Path(named), machine)
    found = _found(machine)
    if found is None:
        searched = f"{' and '.join(machine.names)} are in none of {', '.join(machine.folders)}"
        raise ToolError(f"libngspice is not installed: {searched}", field="libngspice", remedy=_remedy(machine))
    return found


def library_found(system: System | None = None) -> bool:
    """Whether there is one, or the variable says that there should be."""
    return bool(os.environ.get(VARIABLE)) or _found(system or System()) is not None


def _found(system: System) -> Path | None:
    return next((path for path in system.candidates() if path.exists()), None) or _known_to_linker(system)


def _named(path: Path, system: System) -> Path:
    inside = [path / name for name in system.names] if path.is_dir() else [path]
    found = next((file for file in inside if file.exists()), None)
    if found is None:
        raise ToolError(f"libngspice is not installed at {VARIABLE}={path}", field="libngspice", remedy=_remedy(system))
    return found


def _known_to_linker(system: System) -> Path | None:
    """What the dynamic linker's cache holds, for folders that only it knows; of this machine alone."""
    name = ctypes.util.find_library("ngspice") if system.root == Path("/") else None
    return Path(name) if name else None


def _remedy(system: System) -> str:
    return f"{system.install}, or set {VARIABLE} to the library"
