"""Mismatch over sizes of a cell: sigma_th in, gain error per array size out, for both families of models.

What a size `RxC` means the record of the system says: rows and columns of a crossbar, the grid of units of a binary
capacitor array, outputs and units an output of a mirror.
"""

from __future__ import annotations

import csv
import io
import re
import time
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from analoom.cells.model.cell import Cell
from analoom.cells.model.registry import build
from analoom.flows.files.outputs import write_whole
from analoom.flows.mismatch import DEFAULT_SAMPLES, sigmas
from analoom.flows.report.size_plot import size_plot
from analoom.flows.statistics.spread import Figure, Spread
from analoom.flows.systems.lookup import system_of
from analoom.pdk.errors import InputError
from analoom.pdk.mismatch.terms import DEFAULT_MODEL, MODELS, checked_model

SIZE = re.compile(r"([1-9]\d{0,4})x([1-9]\d{0,4})")
HEADS = ("size", "rows", "cols", "cell", "area_um2", "model", "metric", "sigma", "ci95_low", "ci95_high", "unit")
"""Of the table: one line a size, family and metric."""

Found = Mapping[str, Mapping[str, Spread | Figure]]


@dataclass(frozen=True)
class Sized:
    """One size: the cell drawn at it, and its metrics by family."""

    size: tuple[int, int]
    cell: Cell
    found: Found

    @property
    def name(self) -> str:
        return f"{self.size[0]}x{self.size[1]}"


@dataclass(frozen=True)
class SizesReport:
    """Every size, both families; `model` is the one whose metrics come first. `meaning` says what RxC is."""

    name: str
    model: str
    engine: str
    meaning: str
    sizes: tuple[Sized, ...]
    table: Path
    picture: Path
    settings: Mapping[str, Any]
    seconds: float

    def to_json(self) -> dict[str, Any]:
        """The report of `analoom mismatch --sizes`."""
        return {
            "name": self.name,
            "model": self.model,
            "engine": self.engine,
            "meaning": self.meaning,
            "sizes": [self._one(sized) for sized in self.sizes],
            "settings": dict(self.settings),
            "table": str(self.table),
            "picture": str(self.picture),
            "seconds": round(self.seconds, 3),
        }

    def _one(self, sized: Sized) -> dict[str, Any]:
        families = {family: {n: x.to_json() for n, x in found.items()} for family, found in sized.found.items()}
        about = {"size": sized.name, "cell": sized.cell.name, "area_um2": round(sized.cell.area_um2, 6)}
        grid = sized.cell.grid
        about |= {"grid": f"{grid.rows}x{grid.cols}"} if grid is not None else {}
        return {**about, "metrics": families[self.model], "families": families}


def mismatch_sizes(
    name: str,
    sizes: Sequence[tuple[int, int]],
    folder: Path,
    fields: Mapping[str, Any] | None = None,
    model: str = DEFAULT_MODEL,
    engine: str = "closed",
    samples: int = DEFAULT_SAMPLES,
    seed: int = 1,
    settings: Mapping[str, Any] | None = None,
    tell: Callable[[str], None] = lambda step: None,
) -> SizesReport:
    """Draws the cell `name` at every size and finds its sigmas; `sizes.csv` and `sizes.svg` land in `folder`.

    `fields`: the other fields of its spec; `settings` as `mismatch` takes them (`k_vth` V um, `k_cap` frac um).
    Raises InputError for a cell without sizes, for one the cell cannot have, and for what `mismatch` refuses.
    """
    started, given = time.perf_counter(), dict(settings or {})
    checked_model(model)
    cells = {size: _sized(name, size, dict(fields or {})) for size in sizes}
    meaning = system_of(next(iter(cells.values()))).sizes
    done: list[Sized] = []
    for size, cell in cells.items():
        found = {family: sigmas(cell, family, (engine,), samples, seed, given)[engine] for family in MODELS}
        done.append(Sized(size, cell, found))
        tell(f"{done[-1].name}: {cell.name}")
    table = write_whole(folder / "sizes.csv", _csv(done))
    report = SizesReport(
        name,
        model,
        engine,
        meaning.words if meaning else "",
        tuple(done),
        table,
        folder / "sizes.svg",
        given,
        time.perf_counter() - started,
    )
    write_whole(report.picture, size_plot(report.to_json()))
    return report


def parse_sizes(text: str) -> list[tuple[int, int]]:
    """`"8x8,16x16"` as `[(8, 8), (16, 16)]`. Raises InputError."""
    words = [word.strip().lower() for word in text.split(",") if word.strip()]
    found = [SIZE.fullmatch(word) for word in words]
    bad = next((word for word, match in zip(words, found, strict=True) if match is None), None)
    if bad is not None or not words:
        said = f"sizes = {bad!r}: must be ROWSxCOLS" if bad else "sizes: none given"
        raise InputError(said, field="sizes", remedy="--sizes 8x8,16x16,32x32")
    return [(int(match[1]), int(match[2])) for match in found if match]


def _sized(name: str, size: tuple[int, int], fields: dict[str, Any]) -> Cell:
    plain = build(name, fields)
    sizes = system_of(plain).sizes
    if sizes is None:
        raise InputError(f"{name} has no sizes ROWSxCOLS", field="sizes", remedy="a crossbar, cap_array or mirror")
    own = sizes.fields(plain.spec.model_dump(), *size)
    twice = next((field for field in own if field in fields), None)
    if twice is not None:
        raise InputError(f"{twice} is given as a field, and --sizes sets it", field=twice, remedy=f"no -p {twice}")
    return build(name, {**fields, **own})


def _csv(done: Sequence[Sized]) -> str:
    stream = io.StringIO()
    writer = csv.writer(stream, lineterminator="\n")
    writer.writerow(HEADS)
    writer.writerows(row for sized in done for row in _rows(sized))
    return stream.getvalue()


def _rows(sized: Sized) -> Iterator[tuple[Any, ...]]:
    for family, found in sized.found.items():
        for name, value in found.items():
            told = value.to_json()
            low, high = told.get("ci95") or ("", "")
            number = told["sigma"] if "sigma" in told else told["value"]
            area = f"{sized.cell.area_um2:.6g}"
            yield (sized.name, *sized.size, sized.cell.name, area, family, name, number, low, high, told["unit"])
