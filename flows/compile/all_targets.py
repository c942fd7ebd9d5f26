"""One network on every target that is built: the reports side by side, as a table and a page.

A target that refuses the network stands there with what it says, and the whole is not clean.
"""

from __future__ import annotations

import csv
import io
import time
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import Any

from analoom.flows.compile.page.all_page import write_all_page
from analoom.flows.compile.targets.lookup import TARGETS
from analoom.flows.files.outputs import OUT, make_folder, plain_name, write_json, write_whole
from analoom.flows.sweep.workers.campaign import Tell
from analoom.pdk.errors import InputError, SpecError

from .given.network_file import read_network
from .options import CompileOptions
from .run import compile_network

ALL = "all"
REFUSED = ("dims", "c_int", "drop")
"""Fields by which a target refuses a network: its size, what its sums ask of capacitors, and its lines."""
COLUMNS = ("target", "clean", "area_um2", "energy_j", "time_s", "software", "family", "unaware", "aware", "other_die")
FIRST_LOSS, NOTHING = "largest_loss", "nothing"
Row = dict[str, Any]


@dataclass(frozen=True)
class AllTargets:
    """`reports`: by target what `compile` tells of it, or `error`."""

    reports: Mapping[str, Mapping[str, Any]]
    folder: Path
    seconds: float = field(compare=False, default=0.0)

    @property
    def clean(self) -> bool:
        """Whether every target was built, and is clean."""
        return all(report.get("clean", False) for report in self.reports.values())

    def to_json(self) -> dict[str, Any]:
        """What `analoom compile --target all --json` prints."""
        return {
            "targets": dict(self.reports),
            "clean": self.clean,
            "rows": rows(self.reports),
            "table": str(self.folder / "targets.csv"),
            "folder": str(self.folder),
            "report": str(self.folder / "report.html"),
            "seconds": round(self.seconds, 3),
        }


def compile_all(
    net: Path,
    data: str | None,
    options: CompileOptions,
    folder: Path | None = None,
    workers: int | None = None,
    scheduler: str | None = None,
    tell: Tell = lambda progress: None,
    step: Callable[[str], None] = lambda name: None,
) -> AllTargets:
    """Compiles the network in `net` to every target, each in a folder of `folder` by its name.

    Raises InputError for fields, which are of one target, SpecError and InputError for what is wrong with options and
    files, and ToolError.
    """
    started = time.perf_counter()
    options.check()
    if options.fields:
        said = f"{', '.join(options.fields)} given for all targets: fields are of one target's cell"
        raise InputError(said, field="p", remedy="--target " + next(iter(TARGETS)))
    network, _ = read_network(net)
    place = make_folder(folder or OUT / "compile" / f"{plain_name(net.stem)}-{network.key[:8]}-all")
    found: dict[str, Mapping[str, Any]] = {}
    for name in TARGETS:
        own = replace(options, target=name)

        def told(what: str, name: str = name) -> None:
            step(f"{name}: {what}")

        try:
            done = compile_network(net, data, own, place / name, workers, scheduler, tell, told)
            found[name] = done.to_json()
        except SpecError as error:
            if error.field not in REFUSED:
                raise
            found[name] = {"target": name, "error": error.to_json()}
    report = AllTargets(found, place, time.perf_counter() - started)
    write_whole(place / "targets.csv", as_csv(rows(found)))
    write_json(place / "compile.json", report.to_json())
    write_all_page(report.to_json(), place)
    return report


def rows(reports: Mapping[str, Mapping[str, Any]]) -> list[Row]:
    """A row a target and family of mismatch models, accuracies as fractions; one a target where there are no dies."""
    found: list[Row] = []
    for name, report in reports.items():
        if "error" in report:
            found.append({"target": name, "error": report["error"]["message"]})
            continue
        own = {"target": name, "clean": report["clean"], "area_um2": report["area_um2"]}
        own |= {"energy_j": report["energy_per_inference_j"], "time_s": report["time_per_inference_s"]}
        own["software"] = report["mapping"]["software_accuracy"]
        found += [{**own, **_judged(report, family)} for family in report["accuracy"]] or [own]
    return found


def _judged(report: Mapping[str, Any], family: str) -> Row:
    """Mean accuracies of one family, and what costs most of weights that know nothing of their die."""
    kinds = {kind: values["mean"] for kind, values in report["accuracy"][family].items()}
    losses = report["budgets"][family]
    worst = max(losses, key=losses.__getitem__)
    return {"family": family, **kinds, FIRST_LOSS: worst if losses[worst] > 0 else NOTHING}


def as_csv(found: list[Row]) -> str:
    """The rows as a table."""
    held = io.StringIO()
    writer = csv.DictWriter(held, [*COLUMNS, FIRST_LOSS, "error"], restval="", lineterminator="\n")
    writer.writeheader()
    writer.writerows(found)
    return held.getvalue()
