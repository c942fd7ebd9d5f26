"""The target of pulses: ramps and capacitors by hand, what is refused, and the bits that are written."""

from __future__ import annotations

import json
from pathlib import Path

import numpy as np
import pytest

from analoom.flows.compile.bitstream import write_bitstream
from analoom.flows.compile.mapping import Mapping
from analoom.flows.compile.targets.pwm import GRID, PWM, PulseDies, side_of
from analoom.flows.systems.pwm_tile.solver.dies import SOURCES
from analoom.flows.systems.pwm_tile.solver.ground import tile_ground
from analoom.pdk.errors import SpecError

CODES = [np.array([[7, -7], [2, 1], [1, 3]]), np.array([[4], [-3], [-1]])]
X = np.array([[1.0, 1.0], [0.0, 0.5]])
"""Sums behind the first layer: 10, -3; 2, 3.5. Of one sign: 10 and 7."""
DIMS = {"dims": [2, 2, 1]}


def mapped(steps: tuple[float, float]) -> Mapping:
    return Mapping(tuple(c.astype(float) for c in CODES), (1.0, 1.0), GRID, steps)


def test_ramps_hold_the_largest_sum_and_a_tenth_and_no_more_than_there_are() -> None:
    assert PWM.step_of is not None
    assert [1 / PWM.step_of(np.array([[most, -99.0]])) for most in (10.0, 0.2, 40.0)] == pytest.approx([11, 1, 32])


def test_capacitors_are_those_of_the_largest_sum_of_one_sign() -> None:
    """10 units of 20 nA for 1.27 us are 254 fC; with three tenths more, .6 V on .55 pF."""
    assert side_of(CODES[0], X) == 10 and side_of(-CODES[0], X) == 10
    assert PWM.sized is not None
    found = PWM.sized(DIMS, mapped((1 / 11, 1 / 5)), X)
    assert found["ramp_units"] == [11, 5] and found["reach"] == [1.0, 1.0]
    hidden = [[10 / 11, 0.0], [2 / 11, 3.5 / 11]]
    sides = [10.0, max(4 * hidden[0][0], 3 * hidden[1][1] + 1)]
    second = np.ceil(1.3 * sides[1] * 25.4e-15 / 0.6 / 1e-14) * 1e-14
    assert found["c_int"] == pytest.approx([0.56e-12, second], rel=1e-6, abs=0)
    tiles = PWM.parsed({**DIMS, **found}).layers  # type: ignore[attr-defined]
    assert [(t.rows, t.cols, t.ramp_units) for t in tiles] == [(3, 2, 11), (3, 1, 5)]
    assert tiles[0].full_scale == pytest.approx(0.56e-12 * 0.6 / (21 * 25.4e-15), rel=1e-6, abs=0)
    worst = PWM.sized(DIMS, mapped((1 / 11, 1 / 5)), None)
    assert worst["c_int"][0] == found["c_int"][0], "without data every input is full"


def test_sums_that_a_ramp_reaches_only_late_are_read_for_longer() -> None:
    """Of 10 behind a ramp of 5 there are 2, of 4 x 2 - 1 there are 1.4."""
    assert PWM.sized is not None
    assert PWM.sized(DIMS, mapped((1 / 5, 1 / 5)), X)["reach"] == [2.2, 1.54]


def test_sums_that_no_capacitor_holds_ask_for_shorter_pulses_where_none_are_given() -> None:
    """26 rows of code 5, all full: 1.3 x 130 x 20 nA x 1.27 us / 0.6 V are 7.15 pF; 5 pF hold 6.98 of 10 ns."""
    wide = Mapping((np.full((26, 1), 5.0),), (1.0,), PWM.grid, (1 / 32,))
    assert PWM.sized is not None
    found = PWM.sized({"dims": [25, 1]}, wide, None)
    assert found["lsb"] == pytest.approx(6.9e-9, rel=1e-9, abs=0)
    assert found["c_int"] == pytest.approx([4.94e-12], rel=1e-9, abs=0)
    with pytest.raises(SpecError, match="layer 1 asks for more"):
        PWM.sized({"dims": [25, 1], "lsb": 10e-9}, wide, None)
    with pytest.raises(SpecError, match="layer 1 asks for more") as caught:
        PWM.sized({"dims": [200, 1]}, Mapping((np.full((201, 1), 7.0),), (1.0,), PWM.grid, (1 / 32,)), None)
    assert "lower unit_current" in caught.value.remedy, "not a step that is too short to be one"


@pytest.mark.slow
def test_the_ground_of_the_weights_rises_but_in_dies_that_are_to_tell_what_it_costs() -> None:
    dies = PWM.dies(PWM.parsed({"dims": [3, 2]}), "binned", 2, 1)
    assert isinstance(dies, PulseDies)
    tile = dies.drawn.spec.layers[0]
    assert dies.drawn.solvers[0].ground is tile_ground(tile)
    without = dies.without()["ir_drop"]
    assert without.drawn.solvers[0].ground is None and without.drawn.seed == dies.drawn.seed
    assert {name: other.drawn.grounded for name, other in dies.without().items() if name != "ir_drop"} == dict.fromkeys(
        SOURCES, True
    )


@pytest.mark.parametrize(
    ("fields", "field", "said"),
    [
        ({"ramp_units": [3, 3]}, "ramp_units", "follows from the weights"),
        ({"lsb": 400e-9}, "c_int", "layer 1 asks for more"),
        ({"reach": [1.0, 1.0, 1.0]}, "reach", "one value, or 2"),
    ],
)
def test_what_cannot_be_is_refused_by_field_and_bound(fields: dict[str, object], field: str, said: str) -> None:
    assert PWM.sized is not None
    with pytest.raises(SpecError, match=said) as caught:
        PWM.sized({**DIMS, **fields}, mapped((1 / 11, 1 / 5)), X)
    assert caught.value.field == field


def held_by(folder: Path) -> list[np.ndarray]:
    """Codes that latches hold after the words of `bitstream.txt`, by the map beside it: sign and magnitude."""
    found = [np.zeros((*c.shape, 4), int) for c in CODES]
    words = json.loads((folder / "bitstream.json").read_text())["words"]
    for line, word in zip((folder / "bitstream.txt").read_text().split(), words, strict=True):
        for bit, (layer, output, row, number) in zip(line, word["bits"], strict=True):
            assert row == word["row"]
            found[layer][row, output, number] = int(bit)
    return [(bits[..., :3] @ [1, 2, 4]) * (1 - 2 * bits[..., 3]) for bits in found]


def test_what_is_written_is_what_was_trained_and_a_bit_turned_is_seen(tmp_path: Path) -> None:
    words = PWM.words_written(PWM.parsed(DIMS))
    assert [len(word.bits) for word in words] == [8] * 3 + [4] * 3, "tile by tile, its rows, its register"
    path = Path(write_bitstream(CODES, words, PWM, tmp_path)["bitstream"])
    assert all((a == b).all() for a, b in zip(held_by(tmp_path), CODES, strict=True))
    text = path.read_text()
    at = text.index("1")
    path.write_text(text[:at] + "0" + text[at + 1 :])
    assert any((a != b).any() for a, b in zip(held_by(tmp_path), CODES, strict=True))
