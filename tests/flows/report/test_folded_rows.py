"""Rows that read the same are one row; rows that differ, in one cell or in a name, are not."""

from __future__ import annotations

from analoom.flows.report.folded_rows import Row, folded
from analoom.flows.report.metric_rows import metric_rows


def test_like_rows_are_one_and_say_whom_they_stand_for() -> None:
    rows = [("c_1_2", "3 fF"), ("gain", "1"), ("c_2_1", "3 fF"), *((f"out{k}", "2 %") for k in range(1, 17))]
    found = folded(rows)
    assert found == [
        Row(("c_1_2", "c_2_1"), ("3 fF",)),
        Row(("gain",), ("1",)),
        Row(tuple(f"out{k}" for k in range(1, 17)), ("2 %",)),
    ]
    assert [row.title for row in found] == ["c_1_2, c_2_1", "gain", "out1 … out16"]


def test_rows_that_differ_are_not_folded() -> None:
    for twin in (
        ("c_2_1", "3.001 fF", "1 %"),
        ("c_2_1", "3 fF", "2 %"),
        ("d_2_1", "3 fF", "1 %"),
        ("c_2", "3 fF", "1 %"),
    ):
        assert len(folded([("c_1_2", "3 fF", "1 %"), twin])) == 2, twin
    assert len(folded([("c_1_2", "3 fF", "1 %"), ("c_2_1", "3 fF", "1 %")])) == 1


def test_metrics_equal_within_the_rounding_shown_are_folded_and_others_keep_their_rows() -> None:
    def sim(last: float) -> dict[str, object]:
        values = {"out1": 1e-3, "out2": 1e-3 * (1 + 1e-9), "out3": last}
        return {"schematic": {"metrics": {name: {"value": v, "unit": "V"} for name, v in values.items()}}}

    assert [row.names for row in metric_rows({"sim": sim(1e-3)})["sim"]] == [("out1", "out2", "out3")]
    rows = metric_rows({"sim": sim(1.001e-3)})["sim"]
    assert [(row.names, row.cells) for row in rows] == [(("out1", "out2"), ("1 mV",)), (("out3",), ("1.001 mV",))]
