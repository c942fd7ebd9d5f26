"""Finished points on disk, one file each, named by content: written whole, so a kill -9 loses none and repeats none."""

from __future__ import annotations

import json
from collections.abc import Mapping
from pathlib import Path
from typing import Any

from analoom.flows.files.outputs import make_folder, unwritable, write_whole


class PointStore:
    """Results by content key under `folder`."""

    def __init__(self, folder: Path) -> None:
        self.folder = make_folder(folder)

    def get(self, key: str) -> dict[str, Any] | None:
        """The result kept under `key`, None when there is none or the file is damaged."""
        try:
            kept = json.loads(self._path(key).read_text())
        except (OSError, ValueError):
            return None
        return kept if isinstance(kept, dict) and kept.get("key") == key else None

    def put(self, result: Mapping[str, Any]) -> None:
        """Keeps a finished point. Raises InputError when it cannot be written."""
        path = self._path(str(result["key"]))
        try:
            path.parent.mkdir(exist_ok=True)
        except OSError as error:
            raise unwritable(path.parent, error) from None
        write_whole(path, json.dumps(dict(result)))

    def _path(self, key: str) -> Path:
        return self.folder / key[:2] / f"{key}.json"
