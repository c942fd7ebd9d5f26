"""Where the Pythons of this machine are: on the path, in pyenv's folder, among uv's."""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

SAYS = "import sys, venv, ensurepip; print('%d.%d' % sys.version_info[:2])"
PROBE_S = 30


def find(version: str) -> Path | None:
    """An interpreter of `version` ("3.12") that can make environments; None where there is none."""
    return next((path for path in _places(version) if _says(path) == version), None)


def _places(version: str) -> Iterator[Path]:
    yield Path(sys.executable)
    yield from (Path(found) for name in (f"python{version}", "python3") if (found := shutil.which(name)))
    pyenv = Path(os.environ.get("PYENV_ROOT") or Path.home() / ".pyenv")
    uv = Path(os.environ.get("UV_PYTHON_INSTALL_DIR") or Path.home() / ".local" / "share" / "uv" / "python")
    yield from sorted((pyenv / "versions").glob(f"{version}.*/bin/python"))
    yield from sorted(uv.glob(f"cpython-{version}.*/bin/python3"))


def _says(path: Path) -> str | None:
    """The version that it says it is; None for one that does not run (a shim of a version not chosen)."""
    try:
        done = subprocess.run([str(path), "-c", SAYS], capture_output=True, text=True, timeout=PROBE_S)
    except (OSError, subprocess.TimeoutExpired):
        return None
    return done.stdout.strip() if done.returncode == 0 else None
