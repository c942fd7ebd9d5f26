"""Reports as tables for people: one function a command, each ending with one line that says the verdict.

Those of drc and lvs stand in `check_tables`.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable
from typing import Any

from analoom.flows.files.quantity import FRAC_DIGITS, quantity, relative
from analoom.flows.report.corner_words import failures, rows_of, verdict
from analoom.pdk.errors import as_given

from .check_tables import show_drc, show_lvs
from .printing import Report, print_table, say

FIELD_HEADS = ("field", "unit", "range", "default", "meaning")
MOST_PINS = 40
"""More pins are cut, as the JSON holds them all."""
MOST_METRICS = 6
"""Columns of a table over sizes."""


def show_list(rows: Iterable[Report]) -> None:
    """Cells with kind, fields and summary."""
    rows = list(rows)
    fields = [", ".join(row["schema"].get("properties", {})) for row in rows]
    print_table(
        ("cell", "kind", "fields", "what it is"),
        [(row["name"], row["kind"], f, row["summary"]) for row, f in zip(rows, fields, strict=True)],
        len(rows),
    )
    first = rows[0]["name"] if rows else "NAME"
    say(f"{len(rows)} cells; all of one: analoom list {first}; build it: analoom build {first}")


def show_about(row: Report) -> None:
    """A cell's fields, pins and metrics."""
    print_table(FIELD_HEADS, map(field_row, row["fields"]), len(row["fields"]))
    say("")
    say(f"pins: {', '.join(row['pins'][:MOST_PINS])}{', ...' if len(row['pins']) > MOST_PINS else ''}")
    say("")
    metrics = [(name, m["unit"] or "-", m["meaning"]) for name, m in row["metrics"].items()]
    print_table(("metric", "unit", "meaning"), metrics, len(metrics))
    say(f"{row['name']}: {row['summary']}")


def show_settings(report: Report) -> None:
    """What `--set` takes."""
    rows = [{"name": name, **row} for name, row in report["settings"].items()]
    print_table(("--set", *FIELD_HEADS[1:]), map(field_row, rows), len(rows))
    first = rows[0]["name"]
    say(f"{report['cell']}: give one with: analoom {report['command']} {report['cell']} --set {first}=VALUE")


def field_row(row: Report) -> tuple[str, ...]:
    """A row of `analoom.flows.fields` as words; a default that is none is told by the meaning."""
    default = "-" if row["default"] is None else as_given(row["default"])
    return row["name"], row["unit"] or "-", row["range"] or "-", default, row["meaning"]


def show_build(report: Report) -> None:
    """The files written and the size."""
    print_table(("file", "path"), report["files"].items())
    size = f"{report['width_um']:.3f} x {report['height_um']:.3f} um, {report['area_um2']:.3f} um2"
    for warning in report["warnings"]:
        say(warning)
    say(f"{report['cell']}: {size}, built in {report['seconds']:.2f} s")


def show_balance(report: Report) -> None:
    """Each weight's wiring to the common plate before and after, its imbalance in fF; what a unit is."""
    wires, imbalance = ("wires before (fF)", "wires after (fF)"), ("imbalance before (fF)", "imbalance after (fF)")
    heads = ("weight", *wires, *imbalance, "bound if extraction errs by 10 % (fF)", "stubs (um)")
    unit_f, columns = report["unit_f"], ("imbalance_before", "imbalance_after", "bound_at_10_percent")
    rows = [
        (
            *(w["weight"], femto(w["before_f"]), femto(w["after_f"])),
            *(f"{1e15 * unit_f * w[c]:+.4f}" for c in columns),
            w["stub_um"],
        )
        for w in report["weights"]
    ]
    print_table(heads, rows)
    say(f"a unit is {femto(unit_f)} fF; imbalances are off one common scale of the weights")
    if "converter" in report:
        _show_converter(report["converter"])
    if not report["rounds"]:
        say("nothing to do: the wiring was balanced as drawn, no stub was changed")
    bound = f"{100 * report['tolerance']:g} % of a unit, {femto(report['tolerance'] * unit_f)} fF"
    say(f"{report['cell']}: wiring {'balanced' if report['balanced'] else 'NOT BALANCED'} to {bound}")


def show_map(report: Report) -> None:
    """How the weights lie on the array, what a current is worth, the error left, and the files."""
    held = "a pair of columns an output" if report["pairs"] else "a column an output"
    weights = f"{report['outputs']} outputs x {report['inputs']} inputs"
    gains = f"{report['levels']} equally spaced gains" if report["levels"] else "any gain"
    say(f"{weights} on {report['rows']} rows x {report['cols']} columns, {held}, {gains}")
    worth = f"{quantity(report['full_gain_s'], 'S')} for a weight of {report['scale']:.6g}"
    say(f"full gain: {worth}; full input: {quantity(report['v_read'], 'V')}")
    errors = f"{report['error_rms']:.3g} rms, {report['error_max']:.3g} at most"
    say(f"{report['cell']}: weights read back err by {errors}, as fractions of full scale")
    say(f"results: {report['files']['weights']}, {report['files']['mapping']}")


def show_sizes(report: Report) -> None:
    """Sigmas by size, both families, the first metrics; where the whole table and the plot lie."""
    sizes = report["sizes"]
    names = [name for name, x in sizes[0]["metrics"].items() if "sigma" in x][:MOST_METRICS]
    heads = ("size", "area (um2)", "models", *names)
    rows = [
        (size["size"], f"{size['area_um2']:.6g}", family, *(quantity(x[n]["sigma"], x[n]["unit"]) for n in names))
        for size in sizes
        for family, x in size["families"].items()
    ]
    print_table(heads, rows, len(rows))
    for size in sizes:
        if size.get("grid", size["size"]) != size["size"]:
            say(f"{size['size']}: its units are drawn on a grid of {size['grid']}")
    say(f"sizes are {report['meaning']}; every metric: {report['table']}; plot: {report['picture']}")
    say(f"{report['name']}: {report['engine']} over {len(sizes)} sizes")


def show_pex(report: Report) -> None:
    """Nets with their capacitances."""
    rows = [(net, femto(c["substrate_f"]), femto(sum(c["coupling_f"].values()))) for net, c in report["nets"].items()]
    print_table(("net", "to substrate (fF)", "to other nets (fF)"), rows)
    _show_couplings(report.get("largest_couplings", ()))
    _show_symmetry(report.get("symmetry", {}).get("groups", ()))
    bodies = [(b["device"], ", ".join(b["nets"]), f"({b['x_um']:g}, {b['y_um']:g})") for b in report["resistor_bodies"]]
    if bodies:
        print_table(("resistor", "between", "at (um)"), bodies)
    for note in report["notes"]:
        say(note)
    if left := [f"{kind.replace('_', ' ')} {femto(c_f)} fF" for kind, c_f in report["left_out_f"].items() if c_f]:
        say(f"left out, at most: {', '.join(left)}")
    counts = f"{report['capacitors']} capacitors, {report['resistors']} resistors"
    say(f"{report['cell']}: {counts} in {report['netlist']}")


def _show_couplings(found: Iterable[Report]) -> None:
    """The largest couplings, with their shares of what either net sees."""
    rows = [(c["net"], c["to"], femto(c["c_f"]), share(c["share_of_net"]), share(c["share_of_other"])) for c in found]
    if rows:
        print_table(("net", "largest couplings to", "C (fF)", "of all at net", "of all at other"), rows, len(rows))


def _show_symmetry(groups: Iterable[Report]) -> None:
    """Spreads of the nets that should be alike."""
    rows = [(", ".join(_names(g)), g["per"], share(g["c_spread"]), share(g["r_spread"])) for g in groups]
    if rows:
        print_table(("nets that should be alike", "per", "spread of C", "spread of R"), rows)


def _names(group: Report) -> list[str]:
    names = [net["net"] for net in group["nets"]]
    return names if group["count"] <= 4 else [names[0], "...", names[-1]]


def show_sim(report: Report) -> None:
    """Metrics of one view."""
    values = {n: quantity(m["value"], m["unit"]) for n, m in report["metrics"].items()}
    print_table(("metric", "value", "meaning"), [(n, v, _meaning(report, n)) for n, v in values.items()], len(values))
    _show_devices(report.get("devices", []))
    for note in report.get("notes", ()):
        say(note)
    say(f"{report['cell']}: {report['view']} simulated in corner {report['corner']}, {report['seconds']:.2f} s")


def _show_devices(devices: list[Report]) -> None:
    """The operating point of every transistor; a long list is cut, the JSON holds them all."""
    if not devices:
        return
    rows = [
        (d["name"], d["region"], *(_device_value(d, key, unit) for key, unit in _DEVICE_COLUMNS.values()))
        for d in devices
    ]
    print_table(("transistor", "region", *_DEVICE_COLUMNS), rows[:_MOST_DEVICES])
    if len(rows) > _MOST_DEVICES:
        say(f"... and {len(rows) - _MOST_DEVICES} more transistors")


_DEVICE_COLUMNS = {
    "id": ("id_a", "A"),
    "gm/id": ("gm_id_per_v", "1/V"),
    "gm": ("gm_s", "S"),
    "gds": ("gds_s", "S"),
    "vgs": ("vgs_v", "V"),
    "vds": ("vds_v", "V"),
    "vth": ("vth_v", "V"),
    "vdsat": ("vdsat_v", "V"),
}
_MOST_DEVICES = 20


def _device_value(device: Report, key: str, unit: str) -> str:
    return "-" if device[key] is None else quantity(device[key], unit)


def show_corners(report: Report) -> None:
    """Each metric where all is nominal, its ends over the table, and the points that failed."""
    heads, rows = rows_of(report)
    print_table(heads, rows, len(rows))
    if report["failed"]:
        print_table(("point that failed", "why"), failures(report))
    say(f"table: {', '.join(path for name, path in report['files'].items() if name.startswith('metrics_'))}")
    for note in report["notes"]:
        say(note)
    say(verdict(report))


def show_mismatch(report: Report) -> None:
    """Sigmas with their intervals."""
    rows = [(n, quantity(m["sigma"], m["unit"]), *_told(report, n, m)) for n, m in report["metrics"].items()]
    print_table(("metric", "sigma", "95 % interval", "meaning"), rows, len(rows))
    if figures := report["figures"]:
        told = [(n, quantity(f["value"], f["unit"]), *_told(report, n, f)) for n, f in figures.items()]
        print_table(("figure", "value", "95 % interval", "meaning"), told)
    if "converter" in report:
        _show_converter(report["converter"])
    if "area" in report:
        share, wires = report["area"]["efficiency"], report["area"]["wiring_overhead"]
        say(f"devices fill {share:.1%} of the area; wires and shields on all levels {wires:.2f} times theirs")
    for note in report["notes"]:
        say(note)
    say(f"{report['cell']}: {report['engine']} with the {report['model']} models")


def _show_converter(found: Report) -> None:
    """INL and DNL by source."""
    rows = [(name, f"{e['inl_lsb']:.5f}", f"{e['dnl_lsb']:.5f}") for name, e in found["sources"].items()]
    print_table((f"error of {found['codes']} codes", "peak INL (LSB)", "peak DNL (LSB)"), rows)
    say(
        f"random and together: {found['percent']:g} % of {found['draws']} draws are below; "
        f"gradient: worst direction of {found['gradient_frac_um']:g}/um; routing: extracted"
    )


def show_sweep(report: Report) -> None:
    """The front, the smallest layouts, the failed points, and where the table is."""
    from analoom.flows.sweep.table.words import head

    bits = [name for name in ("bits.random", "bits.all") if any(name in row for row in report["pareto"])]
    heads = (*report["varied"], *report["objectives"], *bits)
    columns = [head(column, report.get("units", {})) for column in heads]
    print_table(columns, [[_word(row.get(k, "")) for k in heads] for row in report["pareto"]])
    if report["front"]:
        say(report["front"])
    if report["smallest"]:
        found = report["smallest"]
        rows = [(str(s["bits"]), _smallest_fields(s), f"{s['values']['area_um2']:.2f}", _sign_off(s)) for s in found]
        print_table(("bits", "smallest layout", "area (um2)", "sign-off"), rows)
        say(f"criterion: {report['criterion']}")
        for layout in found:
            _show_proof(layout)
    if report["failures"]:
        print_table(("point", "error"), [(str(f["index"]), f["error"]["message"]) for f in report["failures"]])
    say(f"table: {report['table']}")
    say(f"report: {report['report']}")
    for note in report["notes"]:
        say(note)
    kept = f", {report['from_store']} of them kept from before" if report["from_store"] else ""
    not_clean = f", {report['not_clean']} not clean" if report["not_clean"] else ""
    counts = f"{report['done']} points done{kept}{not_clean}, {report['failed']} failed"
    say(f"{report['job']}: {counts}, {report['seconds']:.1f} s")


def _show_proof(found: Report) -> None:
    """What virtual dies say of a layout found and of the next smaller grid points, and what else is fixed."""
    from analoom.flows.sweep.table.words import proof_words

    if "proof" in found:
        say(f"{found['bits']} bits, {found['values']['area_um2']:.2f} um2: {proof_words(found['proof'])}")
    for point in found["below"]:
        if "proof" in point:
            say(f"next smaller, {_smallest_fields(point)}, {point['area_um2']:.2f} um2: {proof_words(point['proof'])}")
    if not found.get("with_fixed", {"met": True})["met"]:
        left = found["with_fixed"]["bits"]
        say(f"NOT USABLE at {found['bits']} bits: {left:.1f} bits with gradients, IR drop and wires")


def _smallest_fields(found: Report) -> str:
    return ", ".join(f"{k} = {_word(v)}" for k, v in found["fields"].items())


def _sign_off(found: Report) -> str:
    if not found["met"]:
        return f"not met: {found['error_lsb']:.2f} LSB at {found['sigmas']:.2f} sigma"
    if found["clean"] is False:
        bad = [f"{k}: {v}" for k, v in found["verdicts"].items() if v not in ("clean", "match")]
        return f"NOT CLEAN ({', '.join(bad)})"
    return "clean" if found["clean"] else "not checked"


def _word(value: Any) -> str:
    return f"{value:.5g}" if isinstance(value, float) else str(value)


def show_flow(report: Report) -> None:
    """Every step's table, and the page."""
    for step, show in _STEPS.items():
        if "not_run" in report[step] and not report[step].keys() & {"schematic", "post"}:
            say(f"{step} not run, {report[step]['not_run']}")
        else:
            show(report[step])
    say(f"report: {report['report']}")
    say(f"{report['cell']}: {'clean' if report['clean'] else 'NOT CLEAN'} in {report['seconds']:.1f} s")


def _show_views(sim: Report) -> None:
    """Both views of a simulation and their difference."""
    if "not_run" in sim:
        for view in ("schematic", "post"):
            if view in sim:
                show_sim(sim[view])
        say(f"not run, {sim['not_run']}")
        return
    before, after = sim["schematic"]["metrics"], sim["post"]["metrics"]
    rows = [
        (n, quantity(m["value"], m["unit"]), quantity(after[n]["value"], m["unit"]), relative(c["relative"]))
        for n, c in sim["difference"].items()
        if (m := before[n])
    ]
    print_table(("metric", "schematic", "post-layout", "difference"), rows)
    for note in sim["post"].get("notes", ()):
        say(note)
    if "split" in sim:
        parts = sim["split"]["metrics"].items()
        moved = [(n, *(quantity(p[by], p["unit"], before[n]["value"]) for by in ("c", "r", "both"))) for n, p in parts]
        print_table(("change from the schematic", "by C alone", "by R alone", "by both"), moved)
    if "split_not_run" in sim:
        say(f"not split into C and R: {sim['split_not_run']}")


def _show_nothing(pex: Report) -> None:
    """Parasitics are for the page: too many for a table among others."""


_STEPS: dict[str, Callable[[Report], None]] = {
    "build": show_build,
    "drc": show_drc,
    "lvs": show_lvs,
    "pex": _show_nothing,
    "sim": _show_views,
    "mismatch": show_mismatch,
}


def show_report(report: Report) -> None:
    """Where the page is."""
    say(f"report: {report['report']}")


def show_doctor(report: Report) -> None:
    """Tools, PDK parts and extras, found and wanted."""
    rows = [
        (name, t["version"] or ("yes" if t["found"] else "no"), t["wanted"], t["path"], t["needed_for"], t["install"])
        for name, t in report["tools"].items()
    ]
    print_table(("tool", "found", "wanted", "path", "needed for", "install with"), rows)
    parts = ((name, ", ".join(where) if isinstance(where, list) else where) for name, where in report["pdk"].items())
    print_table(("PDK part", "where"), parts)
    extras = report["extras"].items()
    told = [(n, e["version"] or "no", e["wanted"], e["needed_for"], e["install"]) for n, e in extras]
    print_table(("extra", "found", "wanted", "needed for", "install with"), told)
    for problem in report["problems"]:
        say(problem)
    say("everything is in place" if report["ok"] else "something is missing or too old")


def show_demo(report: Report) -> None:
    """The closing table of the demo: one line a cell."""
    from analoom.flows.compile.demo import line

    print_table(report["summary"]["heads"], report["summary"]["rows"])
    if "network" in report:
        say(line(report["network"]))
    say(f"report: {report['report']}")
    state = "clean" if report["clean"] else "NOT CLEAN"
    say(f"{len(report['cells'])} cells, {state}, in {report['seconds']:.1f} s")


def femto(value_f: float) -> str:
    """Farad as femtofarad, four significant digits."""
    return f"{value_f * 1e15:.4g}"


def share(part: float | None) -> str | None:
    """A part of a whole as per cent."""
    return None if part is None else f"{100 * round(part, FRAC_DIGITS) + 0.0:.3g} %"


def _told(report: Report, name: str, metric: Report) -> tuple[str, str]:
    return _interval(report, metric), _meaning(report, name)


def _meaning(report: Report, metric: str) -> str:
    """What a metric is; nothing in a report from before there was a glossary, or of a system without one."""
    return str(report.get("meanings", {}).get(metric, ""))


def _interval(report: Report, metric: Report) -> str:
    interval = metric.get("ci95")
    if report["engine"] == "closed" and not metric.get("draws"):
        return "closed form"
    return f"{quantity(interval[0], metric['unit'])} .. {quantity(interval[1], metric['unit'])}" if interval else "-"
