"""Labels of a layout's nets keep their names in its netlist, whatever the nets without a label are called."""

import klayout.db as kdb

from analoom.flows.lvs.layout.spice import layout_spice


def drawn(labels):
    """A circuit with a net for each of `labels`, which are its pins where they say a name."""
    netlist, circuit = kdb.Netlist(), kdb.Circuit()
    circuit.name = "TOP"
    netlist.add(circuit)
    for number, label in enumerate(labels, 1):
        net = circuit.create_net(label)
        net.cluster_id = number
        if label:
            circuit.connect_pin(circuit.create_pin(label), net)
    return netlist


def test_a_net_without_a_label_takes_no_name_of_one_that_has_it():
    """The second net is numbered 2, and a pin is labelled `n2`: KLayout's numbers would name both alike."""
    first = layout_spice(drawn(["a", "", "n2"]), {}).split("\n")[0:4]
    assert any(line.split() == [".subckt", "TOP", "a", "n2"] for line in first), first
