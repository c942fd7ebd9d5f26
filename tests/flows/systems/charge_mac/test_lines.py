"""Resistance of a multiplier's lines by hand, and what it does to the settling of a long row.

Met3 and met4 0.047 ohm per square, widths less 0.025 um (model file); the sum's line is met4 of least width, 0.3 um.
"""

from __future__ import annotations

import pytest

from analoom.flows.systems.charge_mac import lines, solver
from analoom.flows.systems.charge_mac.cycle import Settings
from analoom.flows.systems.charge_mac.wires import extracted_wires, no_wires
from analoom.generators.charge_mac.charge_mac import charge_mac
from analoom.generators.charge_mac.spec import ChargeMacSpec
from analoom.pdk.corners import corner

SPEC = ChargeMacSpec(inputs=64, bits=3, outputs=1)


def test_the_sums_line_is_length_over_width_of_its_metal() -> None:
    two, three = (charge_mac(SPEC.model_copy(update={"inputs": n})).bbox_nm.width() for n in (2, 3))
    pitch_um = (three - two) / 1000
    by_hand = 63 * pitch_um * 0.047 / (0.3 - 0.025)
    assert lines.line_ohm(SPEC, "typical", "inputs", "row0.top") == pytest.approx(by_hand, rel=1e-3)


def test_a_line_of_one_tile_has_none() -> None:
    assert lines.line_ohm(SPEC, "typical", "outputs", "x0") == 0.0


def test_what_is_in_series_with_a_rows_switches() -> None:
    """A third of the sum's line, and of an input's line for each row, by the inputs beside each other."""
    spec = SPEC.model_copy(update={"outputs": 4})
    plate = lines.line_ohm(spec, "typical", "inputs", "row0.top")
    line = max(lines.line_ohm(spec, "typical", "outputs", net) for net in ("x0", "xb0"))
    assert line > 0 and plate > 100
    assert lines.row_ohm(spec, "typical") == pytest.approx(plate / 3 + 4 * line / 3 / 64)


@pytest.mark.full
def test_a_long_row_settles_through_its_lines(monkeypatch: pytest.MonkeyPatch) -> None:
    """The schematic has no lines; forgotten lines (the defect that was) leave the switches alone."""
    cell, tt, settings = charge_mac(SPEC), corner("tt"), Settings()
    assert no_wires(SPEC)[0].ohm == 0.0
    with_lines = _load(cell, tt, settings)
    monkeypatch.setattr("analoom.flows.systems.charge_mac.wires.row_ohm", lambda spec, corner: 0.0)
    extracted_wires.cache_clear()
    without = _load(cell, tt, settings)
    extracted_wires.cache_clear()
    assert with_lines.ohm - without.ohm == pytest.approx(lines.row_ohm(SPEC, "typical"), abs=2e-3)
    assert with_lines.ohm > 1.3 * without.ohm


def _load(cell, tt, settings):  # type: ignore[no-untyped-def]
    import numpy as np

    parts = solver.parts_of(cell, "post", tt, 27.0, settings)
    bits = np.ones((64, SPEC.bits), dtype=np.int64)
    seen = solver.row_source(parts, parts.wires[0], bits)
    return solver.load_of(parts, seen, parts.wires[0], bits)
