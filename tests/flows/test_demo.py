"""The demo's own work: cells side by side, one table, one page. Smaller cells stand in for the demo's."""

from __future__ import annotations

from pathlib import Path

import pytest

from analoom.flows import demo
from analoom.flows.report.summary import HEADS

pytestmark = [pytest.mark.slow, pytest.mark.tools]


@pytest.mark.full
def test_two_cells_side_by_side_end_in_one_table_and_one_page(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(demo, "CELLS", (("matched_pair", {"w": 2, "l": 0.5}), ("unit_cap", {"w": 3})))
    told: list[str] = []
    done = demo.run_demo(tmp_path, told.append)
    assert done["clean"]
    assert [len(row) for row in done["summary"]["rows"]] == [len(HEADS)] * 2
    assert {step.split(": ")[1] for step in told} >= {"build", "drc", "lvs", "pex", "sim", "mismatch", "report"}
    for report in done["cells"].values():
        assert {run["state"] for run in report["drc"]["engines"].values()} == {"clean"}
        assert set(report["drc"]["engines"]) == {"fast", "klayout", "magic"}
    page = Path(done["report"]).read_text()
    assert all(f'id="{cell}"' in page for cell in done["cells"])


def test_the_demo_cells_are_the_promised_ones() -> None:
    cells = dict(demo.CELLS)
    assert cells["matched_pair"] == {"device": "nfet_01v8", "w": 4, "l": 1, "pattern": "abba"}
    assert cells["cap_array"]["weights"] == [1, 1, 2, 4, 8, 16, 32]
    assert (cells["crossbar"]["rows"], cells["crossbar"]["cols"]) == (16, 16)
