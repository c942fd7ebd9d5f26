"""What a compiled network is: how it was mapped, the verdicts, what dies make of it, and where its files lie."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from analoom.flows.compile.accuracy.spread import spread
from analoom.flows.compile.targets.record import Inference, Target

from .dies import FamilyOfDies
from .options import CompileOptions
from .sign_off import is_clean, signed_off, verdicts

NOT_KNOWN = None


@dataclass(frozen=True)
class Accuracies:
    """Shares of right classes on the points left to judge by: of the network in software, of its codes on ideal devices
    as mapped, and of those trained without knowledge of a die."""

    software: float
    mapped: float
    trained: float


@dataclass(frozen=True)
class CompileReport:
    """The report of `compile`. `accuracies` and `families` are empty without a data set."""

    cell: str
    target: Target
    dims: tuple[int, ...]
    options: CompileOptions
    folder: Path
    signed: Mapping[str, Mapping[str, Any]]
    accuracies: Accuracies | None
    families: Mapping[str, FamilyOfDies]
    inference: Inference | None
    files: Mapping[str, str]
    given: Mapping[str, Any]
    tiles: int
    training: Mapping[str, Any] = field(default_factory=dict)
    seconds: float = field(compare=False, default=0.0)

    @property
    def clean(self) -> bool:
        """Whether every engine asked for ran and found nothing."""
        return is_clean(self.signed)

    def to_json(self) -> dict[str, Any]:
        """What `analoom compile --json` prints."""
        losses = {name: f.losses(self.accuracies.software) for name, f in self.families.items() if self.accuracies}
        return {
            "cell": self.cell,
            "target": self.target.name,
            "clean": self.clean,
            "network": {"dims": list(self.dims), **self.given["network"]},
            "data": self.given.get("data"),
            "mapping": self._mapping(),
            "verdicts": verdicts(self.signed),
            "signed_off": signed_off(self.signed),
            "accuracy": {name: f.spreads(self.options.seed) for name, f in self.families.items()},
            "budget": losses[self.worst] if losses else {},
            "budgets": losses,
            "confusion": {name: f.confusion for name, f in self.families.items()},
            "training": dict(self.training),
            "layout": "drawn" if self.options.draw else "not drawn",
            "area_um2": self.signed["build"].get("area_um2"),
            "energy_per_inference_j": self.inference.energy_j if self.inference else NOT_KNOWN,
            "time_per_inference_s": self.inference.time_s if self.inference else NOT_KNOWN,
            "inference": self.inference.words if self.inference else None,
            "drawn": self.target.drawn,
            "files": {"bitstream": None, **self.files},
            "folder": str(self.folder),
            "report": str(self.folder / "report.html"),
            "seconds": round(self.seconds, 3),
        }

    @property
    def worst(self) -> str:
        """The family whose dies make least of weights that know nothing of them: its losses are the `budget`."""
        return min(self.families, key=lambda name: spread(self.families[name].accuracies["unaware"])["mean"])

    def _mapping(self) -> dict[str, Any]:
        found: dict[str, Any] = {"levels": self.target.levels, "tiles": self.tiles}
        if self.accuracies is None:
            return {"software_accuracy": None, "mapped_accuracy": None, **found}
        reached = {"software_accuracy": self.accuracies.software, "mapped_accuracy": self.accuracies.mapped}
        cost = self.accuracies.software - self.accuracies.mapped
        return {**reached, "cost": cost, "trained_accuracy": self.accuracies.trained, **found}
