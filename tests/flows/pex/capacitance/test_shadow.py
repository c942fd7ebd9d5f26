"""What crossing wires hide of the silicon: of field and diffusion, and of nothing above them."""

import numpy as np
import pytest

from analoom.flows.pex.capacitance.capture import _split
from analoom.flows.pex.capacitance.edges import Seen
from analoom.flows.pex.capacitance.grid import EMPTY
from analoom.flows.pex.shapes.geometry import Level


def test_a_hidden_silicon_gives_its_part_to_no_net_and_wires_keep_theirs():
    """Three quarters of edge 0's silicon are hidden, nothing of edge 1's."""
    levels = [Level.FIELD, Level.DIFF, Level.POLY, Level.DIFF]
    seen = Seen(np.array([0, 0, 0, 1]), np.array(levels), np.array([0, 7, 8, 7]), np.array([0.2, 0.4, 0.3, 0.5]))
    visible, shadow = _split(seen, np.array([0.25, 1.0]))
    assert visible.part == pytest.approx([0.05, 0.1, 0.3, 0.5])
    assert shadow.part == pytest.approx([0.15, 0.3, 0, 0])
    assert visible.net.tolist() == [0, 7, 8, 7] and set(shadow.net.tolist()) == {EMPTY}
