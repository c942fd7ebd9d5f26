"""The highest metal of a block's wires, as the field of a spec."""

from __future__ import annotations

from typing import Any, Literal

from pydantic import Field

TopMetal = Literal["met4", "met5"]
TOP_METAL: Any = Field(
    "met5", description="highest metal of the wires: met4 for shuttles that keep met5 (Tiny Tapeout)"
)
