"""What `measured.json` tells of the ends of signals is where drawn dies end: columns of full weights go no further."""

from __future__ import annotations

import numpy as np
import pytest

from analoom.flows.compile.targets.lookup import target_of

DIMS = (5, 4, 3)


@pytest.mark.full
@pytest.mark.tools
@pytest.mark.parametrize(("name", "fields"), [("crossbar", {"ranges": [0.5, 0.25]}), ("pwm", {"ramp_units": [1, 1]})])
def test_signals_end_where_the_record_says(name: str, fields: dict[str, object]) -> None:
    target = target_of(name)
    spec = target.parsed({**target.fields(DIMS), **fields})
    bounds = target.bounds_of(DIMS, spec)
    code = 15 if name == "crossbar" else 2
    codes = [np.full(shape, code) for shape in ((6, 4), (5, 3))]
    found = target.dies(spec, "continuous", 2, 1).outputs(codes, np.full((3, 5), 0.5))
    assert bounds.signals[-1] is not None
    assert found == pytest.approx(np.full((2, 3, 3), bounds.signals[-1]), rel=1e-9, abs=0)
