"""The flattener tells circuits apart, and calls one circuit one."""

from oracles.flat_circuit import devices

LEAF = ".subckt leaf d g s b\nX1 {} nfet w=1 l=1 nf=1 m=1\n.ends\n"
TOP = ".subckt top a b\nXa {} leaf\n+\n.ends\n"


def flat(leaf="d g s b", nets="a a b b"):
    return devices(LEAF.format(leaf) + TOP.format(nets), "top")


def test_gate_and_drain_may_change_where_they_are_joined_and_nowhere_else():
    assert flat("g d s b") == flat()
    assert flat("s g d b") == flat()
    assert flat("g d s b", "a c b b") != flat("d g s b", "a c b b")


def test_bodies_sizes_and_nets_inside_count():
    assert flat("d g s g") != flat()
    assert flat("d g inner b") != flat()
    wider = devices(LEAF.format("d g s b").replace("w=1", "w=2") + TOP.format("a a b b"), "top")
    assert wider != flat()
