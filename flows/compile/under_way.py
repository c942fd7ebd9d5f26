"""A network under way: what was given, read and checked before any work, and the steps that are its own."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import asdict, dataclass, replace
from functools import cached_property
from pathlib import Path
from typing import Any

import numpy as np

from analoom.cells.model.cell import Cell, Spec
from analoom.flows.compile.accuracy.dies_task import task_of
from analoom.flows.compile.given.dataset import Dataset
from analoom.flows.compile.given.images import fitted
from analoom.flows.compile.given.network import Array, Network
from analoom.flows.compile.given.network_file import read_network
from analoom.flows.compile.given.ready_sets import read_dataset
from analoom.flows.compile.targets.lookup import target_of
from analoom.flows.compile.targets.record import Inference, Target
from analoom.flows.compile.training.known import Known
from analoom.flows.compile.training.loss import accuracy
from analoom.flows.compile.training.settings import Training
from analoom.flows.compile.training.trainer import Codes, train
from analoom.flows.files.code_version import code_version
from analoom.flows.files.outputs import OUT, make_folder, plain_name, provenance, write_json
from analoom.flows.simulator.sampled import learn, told
from analoom.flows.sweep.workers.campaign import Campaign, Tell, workers_of
from analoom.flows.sweep.workers.store import PointStore
from analoom.pdk.errors import SpecError

from .bitstream import write_codes
from .dies import FamilyOfDies, judged_families
from .kept import Kept
from .mapping import Mapping as Mapped
from .mapping import map_network
from .measured_file import family_of, write_measured
from .options import CompileOptions
from .report import Accuracies

Step = Callable[[str], None]
"""Tell the name of each step as it starts."""


@dataclass(frozen=True)
class Run:
    """A network under way: what was given, the cells that it fits on, with all fields of their spec, its codes before
    training, and what is kept."""

    network: Network
    data: Dataset | None
    given: Mapping[str, Any]
    options: CompileOptions
    target: Target
    fields: Mapping[str, Any]
    cells: tuple[Cell, ...]
    mapped: Mapped
    folder: Path

    @cached_property
    def spec(self) -> Spec:
        """What the network is drawn by."""
        return self.target.parsed(self.fields)

    @property
    def name(self) -> str:
        """The cells' names, each once; what would be drawn, where nothing is."""
        return ", ".join(dict.fromkeys(cell.name for cell in self.cells)) or self.target.cell

    @property
    def tiles(self) -> int:
        """How many arrays it has."""
        return self.target.tiles_of(self.network.dims, self.spec)

    @cached_property
    def designed(self) -> Known:
        """What is known of a die that was not measured."""
        return self.target.designed(self.network.dims, self.spec)

    @property
    def kept(self) -> Kept:
        return Kept(PointStore(self.folder / "steps"))

    def judged(
        self, workers: int | None, scheduler: str | None, tell: Tell, step: Step
    ) -> tuple[Accuracies | None, dict[str, FamilyOfDies], Codes, dict[str, Any]]:
        """Accuracies, what the dies made of it, the codes for any die, and how they were trained."""
        if self.data is None:
            return None, {}, self.mapped.codes, {}
        how = self.target.trained_how(self.network.dims, self.options.seed)
        tables = self._sampled(step)
        step("training for any die")
        codes = self._trained(how)
        step(f"{self.options.dies} dies of {' and '.join(self.options.families)} mismatch")
        common = task_of(self.target, self.fields, self.data, self.mapped.real, codes, how)
        with workers_of(workers, scheduler) as hands:
            campaign = Campaign(hands, self.kept.store, tell)
            found = judged_families(common, self.options, campaign, {"sampled": tables})
        return self._accuracies(codes), found, codes, asdict(how)

    def _sampled(self, step: Step) -> Mapping[str, Any]:
        """The tables of devices that dies take, sampled once a run and kept with it."""
        sample = self.target.sample
        if sample is None:
            return {}
        step("tables of devices")
        made_from = {"target": self.target.name, "fields": dict(self.fields), "families": self.options.families}

        def work() -> dict[str, Any]:
            sample(self.spec, self.options.families)
            return {"sampled": told()}

        found: Mapping[str, Any] = self.kept.done("tables", made_from, work)["sampled"]
        learn(found)
        return found

    def _trained(self, how: Training) -> Codes:
        """Codes trained without knowledge of any die, (inputs + 1, outputs) a layer."""
        assert self.data is not None
        data, start = self.data, [w.astype(np.float32) for w in self.mapped.real]
        made_from = {"network": self.network.key, "data": data.key, "how": asdict(how), "target": self.target.name}
        made_from["fields"] = dict(self.fields)

        def work() -> dict[str, Any]:
            one = train(start, self.designed, self.target.grid, data.x_train, data.y_train, how)
            return {"codes": [c[0].tolist() for c in one]}

        return [np.array(c, dtype=np.int8) for c in self.kept.done("training", made_from, work)["codes"]]

    def _accuracies(self, codes: Codes) -> Accuracies:
        assert self.data is not None
        x, y = self.data.x_test, self.data.y_test
        trained = replace(self.mapped, real=tuple(c.astype(float) for c in codes))
        found = (self.network.outputs(x), self.mapped.outputs(x), trained.outputs(x))
        return Accuracies(*(float(accuracy(outputs, y)) for outputs in found))

    def written(self, codes: Codes, families: Mapping[str, FamilyOfDies]) -> dict[str, str]:
        """Weights, what was measured, and where it all comes from, as files."""
        files = write_codes(codes, self.spec, self.target, self.folder)
        if families:
            files["measured"] = str(self._measured(families))
        about = {**provenance(self.options.seed), "code": code_version(), "given": self.given}
        files["provenance"] = str(write_json(self.folder / "provenance.json", about))
        return files

    def _measured(self, families: Mapping[str, FamilyOfDies]) -> Path:
        """What training needs to know of the dies, as a file."""
        found = {name: family_of(of.measured, of.codes, of.left, of.drawn) for name, of in families.items()}
        dims, noise = self.network.dims, self.target.trained_how(self.network.dims, self.options.seed).noise
        at = self.folder / "measured.json"
        return write_measured(found, self.fields, dims, self.target, self.designed, noise, at)

    def inference(self, step: Step) -> Inference | None:
        """What one inference takes, where the target has a bench that tells it."""
        find = self.target.inference
        if find is None:
            return None
        step("an inference")
        made_from = {"cell": self.name, "spec": self.spec.model_dump(mode="json"), "drawn": bool(self.cells)}
        return Inference(**self.kept.done("inference", made_from, lambda: asdict(find(self.spec, self.cells))))


def read(net: Path, data: str | None, options: CompileOptions, folder: Path | None) -> Run:
    """Everything that may be refused, before any work. Raises InputError and SpecError."""
    target = target_of(options.target)
    network, file = read_network(net)
    dataset, data_file = read_dataset(data, options.seed) if data else (None, None)
    given: dict[str, Any] = {"network": file.to_json()}
    if dataset is not None:
        dataset = fitted(dataset, network.dims[0])
        dataset.require_fit(network.dims)
        source = data_file.to_json() if data_file else {"name": dataset.name, "split_seed": options.seed}
        given["data"] = {**source, **dataset.to_json()}
    x = dataset.x_train if dataset else None
    own = {**options.fields, **fitting(target, network)}
    mapped = map_network(network, target.grid, x, target.step_of)
    fields = fields_of(target, own, mapped, x)
    cells = target.drawn_cells(target.parsed(fields)) if options.draw else ()
    place = folder or OUT / "compile" / f"{plain_name(net.stem)}-{network.key[:8]}"
    return Run(network, dataset, given, options, target, fields, cells, mapped, make_folder(place))


def fields_of(target: Target, own: Mapping[str, Any], mapped: Mapped, x: Array | None) -> dict[str, Any]:
    """All fields of a spec: `own`, and those that follow from the mapped network and its training inputs. Raises
    SpecError."""
    return {**(target.sized(own, mapped, x) if target.sized else {}), **own}


def fitting(target: Target, network: Network) -> Mapping[str, Any]:
    """The spec fields of a network's dims. Raises SpecError, by layer, for what the target does not hold."""
    try:
        fields = target.fields(network.dims)
        target.parsed(fields)
    except SpecError as error:
        sizes = ", ".join(f"{layer.name} {layer.w.shape[1]} to {layer.w.shape[0]}" for layer in network.layers)
        said = f"{error.bound} on target {target.name}; the layers are {sizes}"
        raise SpecError("dims", list(network.dims), said, error.rule, instead="a smaller network") from None
    return fields
