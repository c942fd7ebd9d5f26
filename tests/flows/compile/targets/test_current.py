"""The target of currents: what it takes without being drawn, and how large a network it holds."""

from __future__ import annotations

import pytest

from analoom.flows.compile.targets.lookup import target_of
from analoom.pdk.errors import SpecError
from analoom.pdk.units import to_um

CURRENT = target_of("current")


@pytest.mark.parametrize("dims", [(4, 7, 3), (1, 1), (3, 9, 2)])
def test_the_area_of_the_floorplan_is_that_of_the_drawing(dims: tuple[int, ...]) -> None:
    spec = CURRENT.parsed(CURRENT.fields(dims))
    assert CURRENT.area_um2 is not None
    box = CURRENT.drawn_cells(spec)[0].layout.bbox()
    assert CURRENT.area_um2(spec) == pytest.approx(to_um(box.width()) * to_um(box.height()), rel=1e-12, abs=0)


def test_a_network_of_196_inputs_is_held_and_one_of_784_refused_by_its_rows() -> None:
    held = CURRENT.parsed(CURRENT.fields((196, 50, 10)))
    assert held.address_bits == 8  # type: ignore[attr-defined]
    with pytest.raises(SpecError, match="dims"):
        CURRENT.parsed(CURRENT.fields((784, 128, 10)))
    assert CURRENT.inference is not None
    told = CURRENT.inference(held, ())
    assert (told.energy_j, told.time_s) == (None, None) and "drawn" in told.words
