"""Networks that train themselves on the command line: registered names, seeds, and the metrics that scripts rely on."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest

from analoom.cells.model.registry import entries
from analoom.flows.cli.main import main

CELLS = {"gilbert", "diff_sigmoid", "bump", "backprop_synapse", "backprop_neuron", "backprop_network"}
CELLS |= {"backprop_error", "backprop_back", "trained_crossbar"}
CELLS |= {"column_clamp", "column_nudge", "column_amplifier", "column_update"}


def told(capfd: pytest.CaptureFixture[str], out: Path, words: str) -> dict[str, Any]:
    """What a command that ends well prints as JSON."""
    capfd.readouterr()
    with pytest.raises(SystemExit) as ended:
        main([*words.split(), "--out", str(out), "--json"])
    assert ended.value.code == 0
    return json.loads(capfd.readouterr().out)


def test_every_cell_is_registered_by_its_name() -> None:
    assert set(entries()) >= CELLS


@pytest.mark.slow
@pytest.mark.tools
def test_a_network_is_trained_from_the_seed_asked_for(capfd: pytest.CaptureFixture[str], tmp_path: Path) -> None:
    asked = "sim backprop_network -p inputs=1 -p hidden=1 --set epochs=2 --set test_every=2 --set hold=1 --set seed="
    first, second, again = (told(capfd, tmp_path / str(k), f"{asked}{seed}") for k, seed in enumerate((3, 4, 3)))
    metrics = first["metrics"]
    units = {name: metrics[name]["unit"] for name in ("rows_right", "margin", "test_mse")}
    assert units == {"rows_right": "", "margin": "V", "test_mse": ""}
    assert metrics["rows_right"]["value"] in (0, 1, 2)
    assert first["settings"]["seed"] == 3 and again["metrics"] == metrics != second["metrics"]


@pytest.mark.slow
def test_a_crossbar_is_trained_from_the_seed_asked_for(capfd: pytest.CaptureFixture[str], tmp_path: Path) -> None:
    asked = "sim trained_crossbar -p dims=[3,2,1] --set epochs=1 --set seed="
    first, second, again = (told(capfd, tmp_path / str(k), f"{asked}{seed}") for k, seed in enumerate((3, 4, 3)))
    metrics = first["metrics"]
    units = {name: metrics[name]["unit"] for name in ("nrmse", "cosine_1", "cosine_2", "null_drift")}
    assert units == {"nrmse": "", "cosine_1": "", "cosine_2": "", "null_drift": "V"}
    assert first["notes"][0].startswith("ideal: ")
    assert all(-1 <= metrics[f"cosine_{layer}"]["value"] <= 1 for layer in (1, 2))
    assert again["metrics"] == metrics != second["metrics"]
