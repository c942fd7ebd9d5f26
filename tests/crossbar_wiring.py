"""What a crossbar must be, said without its tree: a naive double loop, places from the drawing, one-hot weights."""

import re
import subprocess

ROW_LINES = {"synapse_2t1c": ("row", "wwl"), "synapse_cs": ("rowp", "rown", "wwl")}
COLUMN_LINES = ("col", "wbl")
TIED = {"vc": "vss"}
"""The common plate is on ground."""

SIZES = ((3, 5), (8, 8), (13, 9))


def subcircuits(text):
    """{name: (ports, [words of each line])} of a SPICE text."""
    found, lines = {}, re.sub(r"\n\+", " ", text).splitlines()
    for words in (line.split() for line in lines if line.strip()):
        if words[0] == ".subckt":
            name, found[words[1]] = words[1], (words[2:], [])
        elif words[0] != ".ends":
            found[name][1].append(words)
    return found


def flattened(text, top):
    """{path of a unit: its devices}; a device is (name, nets, model and sizes), nets inside a unit told as `~net`."""
    known, units = subcircuits(text), {}

    def walk(name, path, nets):
        for words in known[name][1]:
            plain = [w for w in words[1:] if "=" not in w]
            inner = [nets.get(n, f"~{n}") for n in plain[:-1]]
            if plain[-1] in known:
                walk(plain[-1], (*path, words[0][1:]), dict(zip(known[plain[-1]][0], inner, strict=True)))
            else:
                units.setdefault(path, set()).add((words[0], tuple(inner), *words[1 + len(inner) :]))

    walk(top, (), {port: port for port in known[top][0]})
    return units


def naive(unit_text, unit, rows, cols, net):
    """{(i, j): devices} from a double loop; `net(line, i, j)` names the net of a unit's port."""
    ports, lines = subcircuits(unit_text)[unit]
    return {(i, j): _wired(lines, {p: net(p, i, j) for p in ports}) for i in range(rows) for j in range(cols)}


def _wired(lines, nets):
    plain = [[w for w in words[1:] if "=" not in w] for words in lines]
    return {
        (words[0], tuple(nets.get(n, f"~{n}") for n in p[:-1]), *words[len(p) :])
        for words, p in zip(lines, plain, strict=True)
    }


def crossbar_net(synapse):
    """The naming rule of the top cell's nets."""

    def net(line, i, j):
        if line in ROW_LINES[synapse]:
            return f"{line}{i}"
        return f"{line}{j}" if line in COLUMN_LINES else TIED.get(line, line)

    return net


def naive_spice(unit, rows, cols, net, name, ports):
    """A two-level netlist of rows x cols units, as text."""
    lines = [unit.spice(), f".subckt {name} {' '.join(ports)}"]
    for i in range(rows):
        for j in range(cols):
            lines.append(f"Xu{i}_{j} {' '.join(net(p, i, j) for p in unit.circuit.ports)} {unit.circuit.name}")
    return "\n".join([*lines, f".ends {name}", ""])


def places(cell, at=(0, 0), path=()):
    """{path of a unit: (row, column)} from where the instances are drawn."""
    found = {}
    for instance in cell.instances:
        here = (at[0] + instance.trans.disp.x, at[1] + instance.trans.disp.y)
        below = (*path, instance.name)
        if instance.cell.instances:
            found |= places(instance.cell, here, below)
        else:
            px, py = instance.cell.fabric.pitch_nm
            found[below] = (here[1] // py, here[0] // px)
    return found


LEVEL_1 = """
.model stand_in nmos(level=1 vto=0.5 kp=1e-4)
.subckt sky130_fd_pr__nfet_01v8 d g s b w=1 l=1 nf=1 m=1 mult=1 ad=0 as=0 pd=0 ps=0 nrd=0 nrs=0
m1 d g s b stand_in w={w*1e-6} l={l*1e-6}
.ends
.subckt sky130_fd_pr__cap_mim_m3_1 top bottom w=1 l=1 m=1 mf=1
c1 top bottom 1f
.ends
"""
"""Stand-ins for the models: who answers to whom is a matter of wires."""


def row_v(i):
    """A voltage of its own for every row."""
    return 0.01 * (i + 1)


def one_hot_currents(text, circuit, unit_places, models, folder, timeout_s=120):
    """{(i, j): currents into the columns, A} with 1 V stored at place (i, j) alone and `row_v(i)` on row i."""
    rows, cols = 1 + max(i for i, _ in unit_places.values()), 1 + max(j for _, j in unit_places.values())
    deck = ["* one-hot weights", models, text, f"xdut {' '.join(circuit.ports)} {circuit.name}".replace(" ", "\n+ ")]
    deck += [f"v_{p} {p} 0 {row_v(int(p[3:])) if re.fullmatch('row[0-9]+', p) else 0}" for p in circuit.ports]
    deck += [f"vw_{i}_{j} xdut.{'.'.join('x' + n for n in path)}.sn 0 0" for path, (i, j) in unit_places.items()]
    deck += [".control", *_read_each(sorted(unit_places.values()), cols), "quit", ".endc", ".end", ""]
    (folder / "one_hot.cir").write_text("\n".join(deck))
    argv = ["ngspice", "-b", "one_hot.cir"]
    run = subprocess.run(argv, cwd=folder, capture_output=True, text=True, timeout=timeout_s, check=False)
    read = [float(x) for x in re.findall(r"^i\(v_col\d+\) = (\S+)", run.stdout, re.M)]
    assert len(read) == rows * cols * cols, run.stdout[-500:] + run.stderr[-500:]
    return {at: read[k * cols : (k + 1) * cols] for k, at in enumerate(sorted(unit_places.values()))}


def _read_each(weights, cols):
    for i, j in weights:
        yield f"alter vw_{i}_{j} dc=1"
        yield "op"
        yield "print " + " ".join(f"i(v_col{k})" for k in range(cols))
        yield f"alter vw_{i}_{j} dc=0"
