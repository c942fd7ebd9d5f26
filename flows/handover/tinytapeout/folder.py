"""A project's folder as it lies on disk: its files read, whoever wrote them."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path
from typing import Any, cast, get_args

import klayout.db as kdb
import yaml

from analoom.flows.files.layout_source import LayoutSource, of_file
from analoom.flows.files.layout_trial import unreadable
from analoom.pdk.errors import InputError
from analoom.pdk.shuttle.tiny_tapeout import TileFrame, Tiles

MOST_BYTES = 1_000_000
"""Of a text file of a project."""


@dataclass(frozen=True)
class ProjectFolder:
    """The files by their places in a project of the shuttle; `info` is what `info.yaml` holds."""

    folder: Path
    info: Mapping[str, Any]

    @property
    def project(self) -> Mapping[str, Any]:
        """The section of that name."""
        found = self.info.get("project")
        return found if isinstance(found, dict) else {}

    @property
    def pinout(self) -> Mapping[str, Any]:
        """The section of that name."""
        found = self.info.get("pinout")
        return found if isinstance(found, dict) else {}

    @property
    def top(self) -> str:
        """The name of the top module. Raises InputError for one that could not name a file."""
        name = str(self.project.get("top_module", ""))
        if not name.replace("_", "").isalnum() or not name.isascii():
            raise InputError(f"info.yaml names the top module {name!r}", field="top_module", remedy="tt_um_...")
        return name

    @property
    def frame(self) -> TileFrame:
        """The frame that the project asks for. Raises InputError for a size that is not known here."""
        tiles = self.project.get("tiles")
        if tiles not in get_args(Tiles):
            raise InputError(f"info.yaml asks for tiles {tiles!r}", field="tiles", remedy=", ".join(get_args(Tiles)))
        return TileFrame(cast(Tiles, tiles), bool(self.project.get("uses_3v3", False)))

    @property
    def analog_pins(self) -> int:
        """How many the project says it uses; 0 for what is no number."""
        found = self.project.get("analog_pins", 0)
        return found if isinstance(found, int) else 0

    @property
    def gds(self) -> Path:
        return self._place("gds", ".gds")

    @property
    def netlist(self) -> Path:
        return self._place("spice", ".spice")

    @cached_property
    def lef(self) -> str:
        """The LEF as text."""
        return text_of(self._place("lef", ".lef"))

    @cached_property
    def verilog(self) -> str:
        """`project.v` as text."""
        return text_of(self.folder / "src" / "project.v")

    @cached_property
    def page(self) -> str:
        """`docs/info.md` as text."""
        return text_of(self.folder / "docs" / "info.md")

    @cached_property
    def source(self) -> LayoutSource:
        """The layout. Raises InputError for a file that is none."""
        return of_file(self.gds, None)

    @cached_property
    def layout(self) -> kdb.Layout:
        """The layout as it was written, no cell left out."""
        layout = kdb.Layout()
        try:
            if why := unreadable(self.gds):
                raise InputError(f"{self.gds}: {why}", field="gds")
            layout.read(str(self.gds))
        except (OSError, RuntimeError) as error:
            raise InputError(f"{self.gds}: {error}", field="gds") from None
        return layout

    def _place(self, folder: str, suffix: str) -> Path:
        return self.folder / folder / f"{self.top}{suffix}"


def project_folder(folder: Path) -> ProjectFolder:
    """The project in `folder`. Raises InputError for one without an `info.yaml` that can be read and names the top."""
    try:
        info = yaml.safe_load(text_of(Path(folder) / "info.yaml"))
    except yaml.YAMLError as error:
        raise InputError(f"info.yaml cannot be read: {' '.join(str(error).split())}", field="info.yaml") from None
    if not isinstance(info, dict):
        raise InputError("info.yaml holds no sections", field="info.yaml")
    found = ProjectFolder(Path(folder), info)
    _ = found.top  # no other file is looked for under a name that is none
    return found


def text_of(path: Path) -> str:
    """A text file. Raises InputError for one that is not there, is no text or is longer than a project's ever are."""
    try:
        if path.stat().st_size > MOST_BYTES:
            raise InputError(f"{path} is longer than {MOST_BYTES} bytes", field="folder")
        return path.read_text(encoding="utf-8")
    except (OSError, UnicodeDecodeError) as error:
        raise InputError(f"{path} cannot be read: {error}", field="folder", remedy="a project's folder") from None
