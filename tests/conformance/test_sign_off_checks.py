"""What sign-off asks of a file beside the engines' rules, of every example as it is written."""

from __future__ import annotations

from pathlib import Path

import pytest

from analoom.cells.model import registry
from analoom.flows.signoff import layout_checks, view_checks
from analoom.flows.signoff.subject import subject_of_cell

EXAMPLES = [(name, k) for name, entry in registry.entries().items() for k in range(len(entry.examples))]
CHECKS = (
    *(layout_checks.one_top, layout_checks.cell_names, layout_checks.layers, layout_checks.pin_labels),
    *(view_checks.lef, view_checks.views),
)


@pytest.mark.full
@pytest.mark.parametrize(("name", "k"), EXAMPLES)
def test_every_cell_has_what_a_shuttle_asks(name: str, k: int, tmp_path: Path) -> None:
    subject = subject_of_cell(registry.build(name, registry.entries()[name].examples[k]), tmp_path, ())
    found = {check.__name__: check(subject) for check in CHECKS}
    assert {name: outcome.detail for name, outcome in found.items() if outcome.state != "passed"} == {}
