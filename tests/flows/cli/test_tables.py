"""Tables on the terminal: what stands below them."""

from __future__ import annotations

import pytest

from analoom.flows.cli.tables import _show_views

METRIC = {"metrics": {"c_top": {"value": 1e-15, "unit": "F"}}}
VIEWS = {"schematic": METRIC, "post": METRIC, "difference": {"c_top": {"relative": 0.0}}}


@pytest.mark.parametrize(("more", "said"), [({"split_not_run": "no wires"}, True), ({}, False)])
def test_why_a_change_is_not_split_is_said_where_it_is_not(more, said, capsys: pytest.CaptureFixture[str]) -> None:
    _show_views({**VIEWS, **more})
    told = capsys.readouterr().out
    assert ("not split into C and R: no wires" in told) == said and "1 fF" in told
