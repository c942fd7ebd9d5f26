"""A report of checks as JUnit XML, which build servers show: one suite a file, one case an engine."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from pathlib import Path
from typing import Any

from junitparser import Error, Failure, JUnitXml, Skipped, TestCase, TestSuite

from analoom.flows.files.outputs import whole_file

Report = Mapping[str, Any]
GOOD = ("clean", "match")


def write_junit(reports: Sequence[Report], path: Path, check: str) -> Path:
    """Writes `path`: what was found is a failure, what could not be checked an error, never passed.

    `check` ("drc", "lvs") names the cases. An engine that does not apply to a clean layout is skipped.
    """
    xml = JUnitXml(f"analoom {check}")
    for report in reports:
        suite = TestSuite(str(report.get("file") or report["cell"]))
        suite.add_testcases(list(_cases(report, check)))
        xml.add_testsuite(suite)
    with whole_file(path) as draft:
        xml.write(str(draft))
    return path


def _cases(report: Report, check: str) -> Iterator[TestCase]:
    if "error" in report:
        yield _case(check, Path(report["file"]).name, 0.0, Error(report["error"]["message"], report["error"]["type"]))
        return
    for name, run in report["engines"].items():
        yield _case(f"{check} {name}", report["cell"], run["seconds"], _result(run, bool(report["clean"])))


def _case(name: str, cell: str, seconds: float, result: Error | Failure | Skipped | None) -> TestCase:
    case = TestCase(name, cell, seconds)
    case.result = [result] if result is not None else []
    return case


def _result(run: Report, clean: bool) -> Error | Failure | Skipped | None:
    if run["state"] in GOOD:
        return None
    if run["state"] == "not run":
        return (Skipped if clean else Error)(f"not run: {run['reason']}")
    found = Failure(f"{run['state']}, see {run['report']}", run["state"])
    found.text = "\n".join(_found(run))
    return found


def _found(run: Report) -> Iterator[str]:
    """Rules with count, meaning and places; differences in words."""
    for rule, count in run.get("violations", {}).items():
        yield f"{rule} x{count} {run.get('texts', {}).get(rule, '')}".rstrip()
        yield from (f"  at {place}" for place in run.get("locations", {}).get(rule, ()))
    yield from run.get("differences", ())
