"""The external applications analoom runs: names, versions wanted, how to install them, and where they are."""

from __future__ import annotations

import re
import shutil
import subprocess
import sys
from dataclasses import dataclass
from functools import cache
from pathlib import Path

from .errors import ToolError

PROBE_TIMEOUT_S = 20


@dataclass(frozen=True)
class Tool:
    """An application. `wanted` is the oldest version tried, `probe` the arguments that make it say its own."""

    name: str
    executables: tuple[str, ...]
    wanted: str
    needed_for: str
    probe: tuple[str, ...]
    says: str
    apt: str
    brew: str | None = None

    @property
    def install(self) -> str:
        """The command that installs it on this kind of machine."""
        if sys.platform == "darwin":
            return f"brew install {self.brew}" if self.brew else f"build {self.name} from source"
        return f"sudo apt-get install -y {self.apt}"


@dataclass(frozen=True)
class FoundTool:
    """An application on this machine."""

    name: str
    path: Path
    version: str


TOOLS: dict[str, Tool] = {
    t.name: t
    for t in (
        Tool("ngspice", ("ngspice",), "39", "sim, mismatch", ("-v",), r"ngspice-([\d.]+)", "ngspice", "ngspice"),
        Tool(
            "klayout",
            ("klayout",),
            "0.28.5",
            "drc --engine klayout",
            ("-v",),
            r"KLayout ([\d.]+)",
            "klayout",
            "klayout",
        ),
        Tool("magic", ("magic",), "8.3.105", "drc --engine magic", ("--version",), r"^([\d.]+)", "magic"),
        Tool(
            "netgen",
            ("netgen-lvs", "netgen"),
            "1.5.133",
            "lvs --engine netgen",
            ("-batch", "quit"),
            r"Netgen ([\d.]+) compiled",
            "netgen-lvs",
        ),
    )
}

MAGIC_EXTRACTS = "8.3.585"
"""The oldest Magic whose extraction LVS compares; the process's tech file asks for 8.3.411.

Up to 8.3.584 a net whose parts meet only in a block below keeps the number that `extract unique` gave one of them:
`vss_uq0` for `vss` of every crossbar, a false mismatch. Source: Magic's commit 949ec767, crossbars extracted by both.
"""

LIBNGSPICE = Tool("libngspice", (), "0", "sim, mismatch through PySpice", (), "", "libngspice0", "libngspice")
"""The shared library; it has no command of its own."""


def find_tool(name: str) -> FoundTool:
    """The application `name`. Raises ToolError when it is absent or older than wanted, with the install command."""
    tool = TOOLS[name]
    found = look_for(name)
    if found is None:
        raise ToolError(
            f"{name} is not installed (wanted: {tool.wanted} or newer, for {tool.needed_for})",
            field=name,
            remedy=tool.install,
        )
    if version_key(found.version) < version_key(tool.wanted):
        raise ToolError(
            f"{name} {found.version} at {found.path} is too old: wanted {tool.wanted} or newer",
            field=name,
            remedy=tool.install,
        )
    return found


def look_for(name: str | Tool) -> FoundTool | None:
    """An application, by its name or one that is not in `TOOLS`, whatever its version; None when it is absent."""
    tool = TOOLS[name] if isinstance(name, str) else name
    paths = (shutil.which(executable) for executable in tool.executables)
    candidates = ((path, _said_version(path, tool.probe, tool.says)) for path in paths if path)
    return next((FoundTool(tool.name, Path(path), version) for path, version in candidates if version), None)


def version_key(version: str) -> tuple[int, ...]:
    """'8.3.105' as (8, 3, 105), so that versions compare by number."""
    return tuple(int(part) for part in re.findall(r"\d+", version))


@cache
def _said_version(path: str, probe: tuple[str, ...], says: str) -> str | None:
    """The version an executable prints, None when it prints none (another program of that name)."""
    try:
        done = subprocess.run(
            [path, *probe], capture_output=True, text=True, stdin=subprocess.DEVNULL, timeout=PROBE_TIMEOUT_S
        )
    except (OSError, subprocess.TimeoutExpired):
        return None
    match = re.search(says, done.stdout + done.stderr, re.MULTILINE)
    return match.group(1) if match else None
