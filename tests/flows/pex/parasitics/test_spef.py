"""SPEF files against a strict reader written from the standard's grammar, and their sums against the report."""

import re

import pytest
from spef_reader import read_spef

from analoom.cells.model.registry import build
from analoom.flows.files.layout_source import of_cell
from analoom.flows.pex.extract import extract

pytestmark = pytest.mark.slow


@pytest.fixture(scope="module")
def written(tmp_path_factory):
    found = extract(of_cell(build("synapse_2t1c")), "rc", workdir=tmp_path_factory.mktemp("spef"))
    return found, found.spef.read_text()


def test_the_grammar_takes_it_and_every_sum_is_right(written):
    """Of every net: the total, what the entries add up to, and what the report says, in F."""
    found, text = written
    spef = read_spef(text)
    assert set(spef.ports) == set(found.ports)
    assert set(spef.nets) >= set(found.ports) - {found.ground}
    for name, net in spef.nets.items():
        if name != found.ground:
            assert sum(c for *_, c in net.capacitors) == pytest.approx(net.total_f, rel=1e-4, abs=0), name
            assert net.total_f == pytest.approx(found.nets[name].total_f, rel=1e-4, abs=0), name
            assert net.ports == ([name] if name in found.ports else [])
    assert sum(len(net.resistors) for net in spef.nets.values()) == found.resistors


def test_couplings_stand_at_both_nets(written):
    spef = read_spef(written[1])
    for net in spef.nets.values():
        for a, b, c_f in net.capacitors:
            if b is not None:
                other = spef.nets[b.partition(":")[0]]
                assert (b, a, pytest.approx(c_f, rel=1e-6, abs=0)) in other.capacitors


def test_resistances_are_ohms(written):
    """A contact to n-diffusion is 182 ohm and one mcon 9.3 ohm in the model file."""
    ohms = [ohm for net in read_spef(written[1]).nets.values() for *_, ohm in net.resistors]
    assert min(abs(ohm - 182) for ohm in ohms) < 0.01 and min(abs(ohm - 9.3) for ohm in ohms) < 0.01


@pytest.mark.parametrize(
    ("before", "after"),
    [
        (r"\*C_UNIT 1 FF", "*C_UNIT 1 F"),
        (r'\*DATE "[^"]*"\n', ""),
        (r"\*END\n\Z", ""),
        (r"(\n1 sn\S*) ", r"\1 : "),
        (r"\n2 ", "\n3 "),
    ],
)
def test_what_the_grammar_forbids_is_seen(written, before, after):
    broken = re.sub(before, after, written[1], count=1)
    assert broken != written[1]
    with pytest.raises(ValueError, match=r"expected|grammar|no \*END"):
        read_spef(broken)
