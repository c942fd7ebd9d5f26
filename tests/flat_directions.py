"""The directions of a cell's pins by the rule of `analoom.flows.export.directions`, from its SPICE text flattened by
klayout: nothing of the hierarchical walk is shared."""

from collections import defaultdict

from analoom.flows.lvs.reference.netlist import read_reference


def flat_directions(cell, folder):
    """By pin: input, output or inout."""
    path = folder / "flat.spice"
    path.write_text(cell.spice())
    if cell.circuit.device_count() == 0:
        return dict.fromkeys(cell.circuit.ports, "inout")
    netlist = read_reference(path, cell.circuit.name)
    netlist.flatten()
    (top,) = [circuit for circuit in netlist.each_circuit() if circuit.name.lower() == cell.circuit.name.lower()]
    ends, meets, diodes = _walked(top)
    use = {pin.name.upper(): pin.use for pin in cell.pins}
    names = {port.upper(): port for port in cell.circuit.ports}
    return {names[port]: _way(port, ends, meets, diodes, use) for port in names}


def _walked(top):
    """Neighbours through channels and resistors, what each net meets, and nets with a diode-connected transistor."""
    ends, meets, diodes = defaultdict(set), defaultdict(set), set()
    for device in top.each_device():
        terminals = [terminal.name for terminal in device.device_class().terminal_definitions()]
        nets = {name: device.net_for_terminal(name).expanded_name() for name in terminals}
        model = device.device_class().name.lower()
        if {"G", "D"} <= nets.keys():
            kind = "p" if "__pfet" in model or "__special_pfet" in model else "n"
            meets[nets["G"]].add("gate")
            meets[nets["D"]].add(f"{kind} drain")
            for other in nets.keys() - {"G", "D"}:
                meets[nets[other]].add("other")
            pair = nets["D"], nets["S"]
            if nets["G"] in pair:
                diodes.add(nets["G"])
        else:
            junction = "diode" in model
            for net in nets.values():
                meets[net].add("junction" if junction else "other")
            pair = [nets[name] for name in terminals[:2]] if "__res" in model else []
        for one in pair:
            ends[one] |= set(pair) - {one}
    return ends, meets, diodes


def _way(port, ends, meets, diodes, use):
    if use[port] != "signal":
        return "inout"
    if "gate" in meets[port] and meets[port] <= {"gate", "junction"}:
        return "input"
    seen, left = {port}, [port]
    while left:
        for net in ends[left.pop()] - seen:
            seen.add(net)
            if net not in use and "gate" not in meets[net]:
                left.append(net)
    found = [use[net] for net in seen - {port} if net in use]
    driven = {"p drain", "n drain"} <= meets[port] and {"power", "ground"} <= set(found) and "signal" not in found
    return "output" if driven and port not in diodes else "inout"
