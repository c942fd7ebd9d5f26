"""What `export` tells, as tables."""

from __future__ import annotations

from .printing import Report, print_table, say
from .tables import FIELD_HEADS, field_row


def show_export(report: Report) -> None:
    """The files, the checks with what each found, and the verdict."""
    print_table(("file", "path"), report["files"].items())
    rows = [(name, check["state"], check["detail"]) for name, check in report["checks"].items()]
    print_table(("check", "state", "what it found"), rows, len(rows))
    times = [sum(state == wanted for _, state, _ in rows) for wanted in ("passed", "failed", "not run")]
    verdict = "clean" if report["clean"] else "NOT CLEAN"
    counts = f"{times[0]} checks passed, {times[1]} failed, {times[2]} not run"
    say(f"{report['cell']} for {report['to']}: {verdict} ({counts}), {report['seconds']:.1f} s")


def show_receiver(report: Report) -> None:
    """What a receiver gets, and what `--set` takes for it."""
    rows = [field_row(row) for row in report["settings"].values()]
    print_table(("--set", *FIELD_HEADS[1:]), rows, len(rows))
    say(f"{report['to']}: {report['words']}")


def show_signoff(report: Report) -> None:
    """The checks with what each found, and the verdict."""
    rows = [(name, _state(check), check["rules_run"], check["detail"]) for name, check in report["checks"].items()]
    print_table(("check", "state", "looked at", "what it found"), rows, len(rows))
    times = [sum(state == wanted for _, state, _, _ in rows) for wanted in ("passed", "failed", "not run")]
    verdict = "clean" if report["clean"] else "NOT CLEAN"
    say(f"manifest: {report['manifest']}")
    counts = f"{times[0]} checks passed, {times[1]} failed, {times[2]} not run"
    say(f"{report['cell']}: sign-off {verdict} ({counts}), {report['seconds']:.1f} s")


def show_verify(report: Report) -> None:
    """The differences, and whether the layout was drawn again."""
    for line in report["differences"]:
        say(line)
    found = f"{len(report['differences'])} differences" if report["differences"] else "as the manifest says"
    signed = "clean" if report["signed_off"] else "NOT CLEAN"
    redrawn = f"layout drawn again: {report['redrawn']}"
    say(f"{report['cell']}: {found}; {report['files']} files, {redrawn}; sign-off {signed}")


def _state(check: Report) -> str:
    return str(check["state"]) if check.get("applies", True) else "does not apply"
