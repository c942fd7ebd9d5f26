"""The report of `compile` as tables."""

from __future__ import annotations

from analoom.flows.files.quantity import quantity

from .printing import Report, print_table, say

KINDS = {"unaware": "trained for any die", "aware": "trained for this die", "other_die": "trained for another die"}


def show_compile(report: Report) -> None:
    """How it was mapped, accuracies by family, losses by source, verdicts, and what one inference takes; of several
    targets a line each."""
    if "targets" in report:
        _show_all(report)
        return
    _show_mapping(report)
    rows = [
        (family, KINDS[kind], *(_percent(a[k]) for k in ("mean", "p5", "min")), _interval(a["ci95"]), a["dies"])
        for family, kinds in report["accuracy"].items()
        for kind, a in kinds.items()
    ]
    if rows:
        heads = ("mismatch", "weights", "mean (%)", "5 % of dies below", "worst", "95 % of the mean", "dies")
        print_table(heads, rows, len(rows))
        losses = [
            (source, *(f"{100 * b[source]:.2f}" for b in report["budgets"].values())) for source in report["budget"]
        ]
        print_table(("accuracy lost to, any die (points)", *report["budgets"]), losses, len(losses))
    for check, states in report["verdicts"].items():
        state = "clean" if report["signed_off"][check] else "NOT CLEAN"
        say(f"{check}: {state} ({', '.join(f'{engine} {said}' for engine, said in states.items())})")
    if report["energy_per_inference_j"] is not None:
        taken = quantity(report["energy_per_inference_j"], "J"), quantity(report["time_per_inference_s"], "s")
        say(f"an inference takes {taken[0]} in {taken[1]} ({report['inference']})")
    elif report["time_per_inference_s"] is not None:
        long = quantity(report["time_per_inference_s"], "s")
        say(f"an inference takes {long}; its energy is not known ({report['inference']})")
    elif report["inference"] is not None:
        say(f"energy and time of an inference are not known: {report['inference']}")
    files = report["files"]
    written = f"bits to write: {files['bitstream']}" if files["bitstream"] else f"voltages to store: {files['weights']}"
    say(f"{written}; report: {report['report']}")
    say(f"{report['cell']}: {_area(report)}{'clean' if report['clean'] else 'NOT CLEAN'}, {report['seconds']:.1f} s")


def _show_all(report: Report) -> None:
    """Area, energy, time and accuracies of every target."""
    heads = ("target", "area (um2)", "energy", "time", "mismatch", "any die (%)", "this die (%)", "costs most")
    made = [row for row in report["rows"] if "error" not in row]
    print_table(heads, [_line(row) for row in made], len(made))
    for row in report["rows"]:
        if "error" in row:
            say(f"{row['target']} does not hold it: {row['error']}")
    say(f"table: {report['table']}; report: {report['report']}")
    say(f"{len(report['targets'])} targets: {'clean' if report['clean'] else 'NOT CLEAN'}, {report['seconds']:.1f} s")


def _line(row: Report) -> tuple[str, ...]:
    taken = [quantity(row[k], unit) if row[k] is not None else "-" for k, unit in (("energy_j", "J"), ("time_s", "s"))]
    judged = [_percent(row[kind]) if kind in row else "-" for kind in ("unaware", "aware")]
    area = "-" if row["area_um2"] is None else f"{row['area_um2']:,.0f}"
    return (
        row["target"],
        area,
        *taken,
        row.get("family", "-"),
        *judged,
        row.get("largest_loss", "-").replace("_", " "),
    )


def _show_mapping(report: Report) -> None:
    mapped, dims = report["mapping"], "-".join(map(str, report["network"]["dims"]))
    say(f"network {dims} on {mapped['levels']} levels a weight, {mapped['tiles']} arrays")
    if mapped["software_accuracy"] is not None:
        reached = [_percent(mapped[k]) for k in ("software_accuracy", "mapped_accuracy", "trained_accuracy")]
        say(f"accuracy: {reached[0]} % in software; on ideal devices {reached[1]} % rounded, {reached[2]} % trained")


def _area(report: Report) -> str:
    return "" if report["area_um2"] is None else f"{report['area_um2']:.1f} um2, "


def _percent(share: float) -> str:
    return f"{100 * share:.1f}"


def _interval(ends: list[float]) -> str:
    return f"{_percent(ends[0])} .. {_percent(ends[1])}"
