"""A macro as a whole project of Tiny Tapeout: the tile wired and checked, its abstract, stub, `info.yaml` and pages.

`check_tile` makes the checks of the shuttle's precheck on a project's folder, ours or not.
"""

from typing import TYPE_CHECKING

from analoom.pdk.doors import doors

if TYPE_CHECKING:
    from .checks import check_tile
else:
    __getattr__, __dir__ = doors(__name__, {".checks": "check_tile"})

__all__ = ["check_tile"]
