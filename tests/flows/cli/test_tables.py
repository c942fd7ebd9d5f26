"""Tables on the terminal: what stands below them."""

from __future__ import annotations

import pytest

from analoom.flows.cli.tables import _show_views, show_balance

METRIC = {"metrics": {"c_top": {"value": 1e-15, "unit": "F"}}}
VIEWS = {"schematic": METRIC, "post": METRIC, "difference": {"c_top": {"relative": 0.0}}}


@pytest.mark.parametrize(("more", "said"), [({"split_not_run": "no wires"}, True), ({}, False)])
def test_why_a_change_is_not_split_is_said_where_it_is_not(more, said, capsys: pytest.CaptureFixture[str]) -> None:
    _show_views({**VIEWS, **more})
    told = capsys.readouterr().out
    assert ("not split into C and R: no wires" in told) == said and "1 fF" in told


@pytest.mark.parametrize(("rounds", "said"), [(0, True), (2, False)])
def test_a_balance_is_told_in_femtofarad_and_that_nothing_was_to_do(rounds, said, capsys) -> None:
    weight = {"weight": 1, "before_f": 2.5e-16, "after_f": 2.4e-16, "stub_um": 0.1}
    weight |= {"imbalance_before": -0.002, "imbalance_after": 0.0005, "bound_at_10_percent": 0.0006}
    report = {"cell": "c", "unit_f": 8e-15, "rounds": rounds, "tolerance": 1e-3, "balanced": True, "weights": [weight]}
    show_balance(report)
    told = capsys.readouterr().out
    assert ("nothing to do" in told) == said
    for word in (
        "imbalance before (fF)",
        "0.25 ",
        "-0.0160",
        "+0.0040",
        "a unit is 8 fF",
        "0.1 % of a unit, 0.008 fF",
    ):
        assert word in told
