"""A check of many files whose process ends at one of them; a module of its own, as other processes import it."""

import os
import signal
from dataclasses import dataclass
from pathlib import Path


@dataclass(frozen=True)
class DiesAt:
    name: str
    folder: Path

    def __call__(self, file):
        if file == self.folder / self.name:
            os.kill(os.getpid(), signal.SIGKILL)
        return {"clean": True, "engines": {"fast": {"state": "clean"}}}
