"""Wires of a large multiplier, put together from two small ones, against the extraction of the whole."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest

from analoom.flows.files.layout_source import of_cell
from analoom.flows.pex.extract import extract
from analoom.flows.systems.charge_mac.wires import extracted_wires, row_wires
from analoom.generators.charge_mac.charge_mac import charge_mac
from analoom.generators.charge_mac.spec import ChargeMacSpec

pytestmark = pytest.mark.slow


@pytest.mark.full
def test_wires_of_five_inputs_from_those_of_two_and_three(tmp_path: Path) -> None:
    spec = ChargeMacSpec(inputs=5, bits=3, outputs=2)
    nets = extract(of_cell(charge_mac(spec)), "c", "typical", tmp_path).nets
    for j, guessed in enumerate(extracted_wires(spec, "typical")):
        whole = row_wires(nets, spec, j, 5)
        for name in ("plates", "plate_rest", "lines", "signs"):
            assert getattr(guessed, name) == pytest.approx(getattr(whole, name), rel=0.1, abs=0), name
        assert guessed.plates == pytest.approx(whole.plates, rel=0.01, abs=0)
        assert guessed.rest == pytest.approx(whole.rest, rel=0.03, abs=0)
        assert guessed.switching == pytest.approx(whole.switching, rel=0.05, abs=0)
        clocks = [[c_f for *_, c_f in row.clocks] for row in (guessed, whole)]
        assert np.array(clocks[0]) == pytest.approx(np.array(clocks[1]), rel=0.05, abs=1e-17)
