"""The reports of drc and lvs as tables, of one layout or of many, and the rules."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Callable

from .printing import Report, print_table, say


def show_drc(report: Report) -> None:
    """Engines, and the rules broken."""
    heads = ("engine", "state", "tool", "deck", "rules run", "violations", "seconds")
    print_table(heads, [(name, *_drc_row(run)) for name, run in report["engines"].items()])
    _broken(report)
    _nets(report)
    show_notes(report)
    say(f"{report['cell']}: DRC {'clean' if report['clean'] else 'NOT CLEAN'}")


def show_many_drc(report: Report) -> None:
    """Every file with its verdict, then what was found in those that are not clean."""
    _show_files(report, _violations, _broken)


def show_many_lvs(report: Report) -> None:
    """Every file with its verdict, then the differences of those that do not match."""
    _show_files(report, _differences, _told)


def _violations(run: Report) -> int:
    return sum(run.get("violations", {}).values())


def _differences(run: Report) -> int:
    return len(run.get("differences", ()))


def _show_files(report: Report, count: Callable[[Report], int], told: Callable[[Report], None]) -> None:
    from analoom.flows.many_files.check import file_verdict

    files = report["files"]
    rows = [
        (one["file"], file_verdict(one), *_engines_row(one, count), one.get("folder") or one["error"]["message"])
        for one in files
    ]
    print_table(("file", "verdict", "engines", "found", "seconds", "results"), rows, len(rows))
    for one in files:
        if "error" not in one and not one["clean"]:
            say("")
            say(str(one["file"]))
            told(one)
            _not_run(one)
    counts = Counter(map(file_verdict, files))
    say(f"{len(files)} files: {', '.join(f'{n} {word}' for word, n in sorted(counts.items()))}")


def _not_run(one: Report) -> None:
    for name, run in one["engines"].items():
        if run["state"] == "not run":
            say(f"{name}: {_state(run)}")


def _engines_row(one: Report, count: Callable[[Report], int]) -> tuple[str, str, str]:
    runs = one.get("engines", {})
    states = ", ".join(f"{name} {run['state']}" for name, run in runs.items()) or "-"
    return states, str(sum(map(count, runs.values()))), f"{sum(run.get('seconds', 0) for run in runs.values()):.2f}"


def show_rules(rows: list[Report]) -> None:
    """The rules of `drc --list-rules`: those of fast, then those of the official engines that do not apply."""
    from analoom.flows.drc.rule_list import counts

    fast, others = ([r for r in rows if ("fast" in r["engines"]) is ours] for ours in (True, False))
    shown = [(r["id"], r["value"], _asked(r), r["source"], r["deck"] or "", r["magic"] or "") for r in fast]
    print_table(("rule", "value", "what it asks", "source", "klayout's deck", "magic"), shown, len(shown))
    print_table(
        ("engine", "not applicable", "why"), [(r["engines"][0], r["id"], r["reason"]) for r in others], len(others)
    )
    n = counts(rows)
    say(f"{n['rules']} rules, all checked by fast; by another engine where its column says how it names the rule")
    say(f"klayout's deck: {n['deck_covered']} categories covered, {n['deck_not_applicable']} not applicable")
    say(f"magic's drc(full): {n['magic_covered']} rules covered, {n['magic_not_applicable']} not applicable")


def _asked(row: Report) -> str:
    """What a rule asks, and where it does not."""
    areas = ", ".join(f"{e['area']} {e['layer']}" for e in row["exempt"])
    return f"{row['text']}; not in {areas}" if areas else str(row["text"])


def show_lvs(report: Report) -> None:
    """Engines with their counts, and the differences."""
    heads = ("engine", "state", "tool", "extraction", "devices", "nets", "pins", "seconds")
    print_table(heads, [(name, *_lvs_row(run)) for name, run in report["engines"].items()])
    _told(report)
    show_notes(report)
    say(f"{report['cell']}: LVS {'match' if report['clean'] else 'NO MATCH'}")


def _broken(report: Report) -> None:
    """Each rule with what it asks, its first places, and the marker file that KLayout opens."""
    runs = report["engines"].items()
    rows = [
        (name, rule, count, run.get("texts", {}).get(rule, ""), _places(run, rule))
        for name, run in runs
        for rule, count in run.get("violations", {}).items()
    ]
    if rows:
        print_table(("engine", "rule", "count", "what it asks", "first places (um)"), rows)
    for name, run in runs:
        if run.get("violations") and run.get("report"):
            say(f"{name}: see {run['report']}")


def _nets(report: Report) -> None:
    """The nets that the antenna check found past a limit or nearest to one, worst first."""
    for run in report["engines"].values():
        rows = [
            (n["net"] or f"unnamed, in {n['cell']}", n["rule"], f"{n['ratio']:.4g}", f"{n['limit']:.4g}", n["place"])
            for n in run.get("nets", ())
        ]
        if rows:
            print_table(("net", "rule", "ratio", "limit", "first place (um)"), rows)


def _places(run: Report, rule: str) -> str:
    cells = run.get("cells", {}).get(rule, {})
    inside = [f"in {cell}" + (f", placed {n} times" if n > 1 else "") for cell, n in cells.items()]
    return "\n".join([*run.get("locations", {}).get(rule, ()), *inside])


def _told(report: Report) -> None:
    """The differences, and the database that KLayout opens."""
    runs = report["engines"].items()
    told = [(name, text) for name, run in runs for text in run.get("differences", ())]
    if told:
        print_table(("engine", "difference"), told)
    for name, run in runs:
        if run.get("differences") and run.get("report"):
            say(f"{name}: see {run['report']}")


def show_notes(report: Report) -> None:
    """What each engine has to say beside its verdict."""
    for name, run in report["engines"].items():
        for note in run.get("notes", ()):
            say(f"{name}: {note}")


def _state(run: Report) -> str:
    return f"{run['state']}: {run['reason']}" if run.get("reason") else str(run["state"])


def _drc_row(run: Report) -> tuple[str, ...]:
    state, count = _state(run), _violations(run)
    deck = _deck_name(str(run.get("deck") or "-"))
    return state, _tool(run), deck, str(run.get("rules_run", "-")), str(count), f"{run.get('seconds', 0):.2f}"


def _deck_name(deck: str) -> str:
    """A deck without the folder it lies in."""
    return re.sub(r"(?:/[^/ ]+)*/([^/ ]+)", r"\1", deck)


def _lvs_row(run: Report) -> tuple[str, ...]:
    state = _state(run)
    counts = (f"{c['layout']} / {c['schematic']}" if (c := run.get(k)) else "-" for k in ("devices", "nets", "pins"))
    return state, _tool(run), run.get("extraction", "analoom"), *counts, f"{run.get('seconds', 0):.2f}"


def _tool(run: Report) -> str:
    return f"{run.get('tool') or ''} {run.get('version') or ''}".strip()
