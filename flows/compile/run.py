"""A trained network to a chip: mapped, drawn, signed off, and judged on dies that each get weights of their own.

    from analoom.flows.compile.run import compile_network

    done = compile_network(Path("net.npz"), "iris", CompileOptions(dies=20))

Finished steps are kept in the folder of results, so a run that was killed goes on where it was.
"""

from __future__ import annotations

import time
from collections.abc import Mapping
from dataclasses import replace
from pathlib import Path
from typing import Any

from analoom.flows.compile.page.page import write_page
from analoom.flows.files.outputs import provenance, write_json
from analoom.flows.sweep.workers.campaign import Tell
from analoom.pdk.install import check_pdk_root

from .options import CompileOptions
from .report import CompileReport
from .sign_off import not_drawn, sign_off_all
from .under_way import Run, Step, read


def compile_network(
    net: Path,
    data: str | None = None,
    options: CompileOptions | None = None,
    folder: Path | None = None,
    workers: int | None = None,
    scheduler: str | None = None,
    tell: Tell = lambda progress: None,
    step: Step = lambda name: None,
) -> CompileReport:
    """Compiles the network in the file `net`; results go to `folder` (by default `out/compile/<net>-<hash>`).

    `data`: a .npz file or the name of a ready set; without it there is mapping, layout and sign-off alone. `workers`:
    local processes (0: none, by default one a core); `scheduler`: the address of a Dask scheduler instead. Raises
    InputError, SpecError and ToolError; finished steps stay in the folder in any case.
    """
    started, options = time.perf_counter(), options or CompileOptions()
    options.check()
    check_pdk_root()
    run = read(net, data, options, folder)
    signed = _signed(run, step)
    accuracies, families, codes, training = run.judged(workers, scheduler, tell, step)
    step("files")
    files = {**_chip_files(signed), **run.written(codes, families)}
    report = CompileReport(
        run.name,
        run.target,
        run.network.dims,
        options,
        run.folder,
        signed,
        accuracies,
        families,
        run.inference(step),
        files,
        run.given,
        run.tiles,
        training,
    )
    report = replace(report, seconds=time.perf_counter() - started)
    step("page")
    write_json(run.folder / "compile.json", report.to_json())
    write_page(
        report.to_json(), {name: f.accuracies for name, f in families.items()}, run.folder, provenance(options.seed)
    )
    return report


def _signed(run: Run, step: Step) -> Mapping[str, Mapping[str, Any]]:
    """The chip drawn and checked, or what is known of one that is not drawn."""
    if run.options.draw:
        return sign_off_all(run.cells, run.folder / "chip", run.options, run.kept, step)
    return not_drawn(run.options, run.target.area_um2(run.spec) if run.target.area_um2 else None)


def _chip_files(signed: Mapping[str, Mapping[str, Any]]) -> dict[str, str]:
    """Layout and netlists: `netlist` is the extracted one where there is one, else the circuit's."""
    files = dict(signed["build"].get("files", {}))
    netlist = signed.get("pex", {}).get("netlist", files.get("spice"))
    return {**files, **({"netlist": str(netlist)} if netlist else {})}
