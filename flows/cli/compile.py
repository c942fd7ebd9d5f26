"""The command `compile`: from the weights of a network to a chip, and what dies of it make of a data set."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

from analoom.pdk.errors import InputError

from . import output
from .arguments import DrcEngines, Json, LvsOfFlow, Out, Params, Seed, Timeout
from .options import TIMEOUT_S, spec_fields, watch, words_of
from .sweep import LocalWorkers, Scheduler, counted

Net = Annotated[
    Path, typer.Argument(metavar="NET", help="A network as .npz (w1, b1, ...), .safetensors, .onnx or Keras .h5.")
]
Data = Annotated[
    str | None,
    typer.Option(
        "--data",
        metavar="FILE",
        help="A .npz of x_train, ...; a folder of MNIST's idx files; or iris, digits, wine, breast_cancer or mnist.",
    ),
]
TargetName = Annotated[
    str, typer.Option("--target", help="What to build it of: current, pwm, crossbar, charge or all.")
]
Dies = Annotated[int, typer.Option("--dies", help="So many dies of each family of mismatch models.")]
Family = Annotated[str, typer.Option("--model", help="continuous, binned or both families of mismatch models.")]
Extract = Annotated[
    bool, typer.Option("--extract/--no-extract", help="Extract the parasitics too: a minute for some 60 synapses.")
]

Draw = Annotated[
    bool,
    typer.Option("--draw/--no-draw", help="Draw and check the chip; without, dies are judged and nothing is clean."),
]
Trained = Annotated[
    int | None, typer.Option("--trained", help="Of so many dies of each family each gets weights of its own; of all.")
]


def compile_net(
    net: Net,
    data: Data = None,
    target: TargetName = "current",
    dies: Dies = 100,
    model: Family = "both",
    seed: Seed = 1,
    workers: LocalWorkers = None,
    scheduler: Scheduler = None,
    engine: DrcEngines = "all",
    lvs_engine: LvsOfFlow = "all",
    extract: Extract = True,
    trained: Trained = None,
    draw: Draw = True,
    timeout: Timeout = TIMEOUT_S,
    p: Params = None,
    out: Out = None,
    json: Json = False,
) -> int:
    """Compile a trained network to a chip, sign it off, and train and judge it die by die."""
    if workers is not None and scheduler is not None:
        raise InputError("--workers are local, --scheduler brings its own", field="workers", remedy="give one of them")
    from analoom.flows.compile.all_targets import ALL, compile_all
    from analoom.flows.compile.options import CompileOptions
    from analoom.flows.compile.run import compile_network
    from analoom.flows.compile.targets.lookup import DEFAULT

    engines = tuple(words_of(engine)), tuple(words_of(lvs_engine))
    one = DEFAULT if target == ALL else target
    fields, limit_s = spec_fields(p or ()), watch(timeout).timeout_s
    options = CompileOptions(one, dies, model, seed, *engines, fields, extract, trained, draw, limit_s)
    work = compile_all if target == ALL else compile_network
    with counted(f"compile {net.name}", "lots of dies") as (tell, step):
        report = work(net, data, options, out, workers, scheduler, tell, step)
    return output.finish("compile", report.to_json(), json)
