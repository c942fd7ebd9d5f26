"""The points of a job of networks: each network on each target with each of its sizes, checked before any work."""

from __future__ import annotations

import itertools
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np

from analoom.flows.compile.accuracy.dies_task import packed_task
from analoom.flows.compile.given.dataset import Dataset
from analoom.flows.compile.given.network import Network
from analoom.flows.compile.given.network_file import read_network
from analoom.flows.compile.given.ready_sets import read_dataset
from analoom.flows.compile.kept import key_of
from analoom.flows.compile.mapping import Mapping as Mapped
from analoom.flows.compile.mapping import map_network
from analoom.flows.compile.targets.lookup import target_of
from analoom.flows.compile.targets.record import Target
from analoom.flows.compile.training.loss import accuracy
from analoom.flows.compile.under_way import fields_of, fitting
from analoom.flows.sweep.plan.job import MOST_POINTS
from analoom.flows.sweep.plan.points import Point, Refused, nested, undrawable
from analoom.pdk.errors import SpecError

from .job import NETWORK, TARGET, FrontJob
from .point import measured_by


@dataclass(frozen=True)
class Given:
    """The files of a job: networks by their names, the data set, and what files they are."""

    networks: Mapping[str, Network]
    data: Dataset
    files: Mapping[str, Any]

    def software(self, name: str) -> float:
        """The share of points that a network gets right in software."""
        return float(accuracy(self.networks[name].outputs(self.data.x_test), self.data.y_test))


@dataclass(frozen=True)
class Placed:
    """A network on the codes of a target, and the fields that follow from its dims."""

    network: Network
    target: Target
    own: Mapping[str, Any]
    mapped: Mapped


def read_given(job: FrontJob) -> Given:
    """Reads what a job names. Raises InputError and SpecError for files that do not serve or do not fit."""
    job.require_targets()
    data, data_file = read_dataset(job.data, job.measure.seed)
    networks, files = {}, {}
    for name in job.networks:
        networks[name], file = read_network(Path(name))
        data.require_fit(networks[name].dims)
        files[name] = file.to_json()
    said = data_file.to_json() if data_file else {"name": data.name, "split_seed": job.measure.seed}
    return Given(networks, data, {NETWORKS_GIVEN: files, "data": said})


NETWORKS_GIVEN = "networks"


def points_of(job: FrontJob, given: Given) -> tuple[list[Point], list[Refused], dict[str, dict[str, Any]]]:
    """The points of `job`, those that no target takes, and the tasks by the points' keys.

    Raises SpecError for a field that a target's cell does not have, InputError listing the points that are refused.
    """
    _check_count(job)
    points: list[Point] = []
    refused: list[Refused] = []
    tasks: dict[str, dict[str, Any]] = {}
    placed: dict[tuple[str, str], Placed] = {}
    for index, shown in enumerate(_grid(job)):
        at = (shown[NETWORK], shown[TARGET])
        try:
            if at not in placed:
                placed[at] = _placed(given, *at)
            task = _task(job, given, placed[at], shown)
        except SpecError as error:
            if error.bound.startswith("one of the fields"):
                raise error.under(f"targets.{shown[TARGET]}") from None
            refused.append(Refused(index, shown, error))
            continue
        tasks[task["key"]] = task
        points.append(Point(index, shown, task["fields"], task["key"]))
    if refused and (not job.skip_undrawable or not points):
        raise undrawable(refused, len(points))
    return points, refused, tasks


def _grid(job: FrontJob) -> Iterator[dict[str, Any]]:
    """Network, target and its own fields of every point."""
    for network, (target, axes) in itertools.product(job.networks, job.targets.items()):
        for values in itertools.product(*axes.values()):
            yield {NETWORK: network, TARGET: target, **dict(zip(axes, values, strict=True))}


def _check_count(job: FrontJob) -> None:
    count = len(job.networks) * sum(int(np.prod([len(v) for v in axes.values()])) for axes in job.targets.values())
    if count > MOST_POINTS:
        bound = f"at most {MOST_POINTS} points"
        raise SpecError("targets", f"{count} points", bound, instead="fewer values, or several jobs")


def _placed(given: Given, name: str, target_name: str) -> Placed:
    network, target = given.networks[name], target_of(target_name)
    own = fitting(target, network)
    return Placed(network, target, own, map_network(network, target.grid, given.data.x_train, target.step_of))


def _task(job: FrontJob, given: Given, placed: Placed, shown: Mapping[str, Any]) -> dict[str, Any]:
    """What a worker needs to know of a point. Raises SpecError for sizes that the target refuses."""
    varied = {name: value for name, value in shown.items() if name not in (NETWORK, TARGET)}
    target, network = placed.target, placed.network
    fields = fields_of(target, {**placed.own, **nested(varied)}, placed.mapped, given.data.x_train)
    spec = target.parsed(fields)
    how = target.trained_how(network.dims, job.measure.seed)
    about = {
        **packed_task(target, fields, given.data, placed.mapped.real, how),
        "by": measured_by(),
        "dims": list(network.dims),
        "software": given.software(shown[NETWORK]),
        "measure": job.measure.model_dump(mode="json"),
    }
    made_from = {**about, "data": given.data.key, "spec": spec.model_dump(mode="json")}
    return {**about, "key": key_of("front", made_from)}
