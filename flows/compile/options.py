"""What `compile` is asked for."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

from analoom.flows.compile.targets.lookup import DEFAULT, target_of
from analoom.flows.drc import check as drc
from analoom.flows.lvs import check as lvs
from analoom.pdk.errors import SpecError, unknown

FAMILIES = ("continuous", "binned")
BOTH = "both"
FEWEST_DIES, MOST_DIES = 2, 100_000
"""The weights of a die are tried on another one too."""


@dataclass(frozen=True)
class CompileOptions:
    """`model`: a family of mismatch models, or both. `dies`: so many of each family. `fields`: spec fields of the cell
    beside those that follow from the network. `extract`: whether the layout's parasitics are extracted too. `trained`:
    of how many dies of each family each is measured and gets weights of its own; None: of all. `draw`: whether the chip
    is drawn and signed off; a network that is too large to be drawn is judged without. `tools_timeout_s`: after so long
    an engine that is another application is stopped, and its check "not run"."""

    target: str = DEFAULT
    dies: int = 100
    model: str = BOTH
    seed: int = 1
    drc_engines: tuple[str, ...] = ("fast", "klayout", "magic")
    lvs_engines: tuple[str, ...] = ("fast", "netgen")
    fields: Mapping[str, Any] = field(default_factory=dict)
    extract: bool = True
    trained: int | None = None
    draw: bool = True
    tools_timeout_s: float = 900.0

    @property
    def families(self) -> tuple[str, ...]:
        return FAMILIES if self.model == BOTH else (self.model,)

    def check(self) -> None:
        """Raises InputError or SpecError for options that nothing could run with."""
        target_of(self.target)
        drc.engine_names(self.drc_engines)
        lvs.engine_names(self.lvs_engines)
        if self.model not in (*FAMILIES, BOTH):
            raise unknown("mismatch model", self.model, (*FAMILIES, BOTH), "model", "--model ")
        if not FEWEST_DIES <= self.dies <= MOST_DIES:
            raise SpecError("dies", self.dies, f"{FEWEST_DIES} to {MOST_DIES}", instead="--dies 100")
        if self.trained is not None and not FEWEST_DIES <= self.trained <= self.dies:
            raise SpecError("trained", self.trained, f"{FEWEST_DIES} to the {self.dies} dies", fix=self.dies)
