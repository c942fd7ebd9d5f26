"""The drawn crossbar that is trained in place against a plain double loop, and against one with two columns crossed."""

import pytest

from analoom.cells.model.registry import build
from analoom.flows.lvs.check import run_lvs
from analoom.pdk.errors import SpecError
from broken import twin

FIELDS = {"dims": [2, 3, 1], "synapse": "synapse_cs"}


def loop(name: str) -> str:
    """The circuit, one synapse after the other."""
    nets = [f"x{i}{s}" for i in range(2) for s in "pn"] + ["wwl1_0", "wwl1_1"]
    nets += [f"a{j}{s}" for j in range(3) for s in "pn"] + [f"wwl2_{j}" for j in range(3)]
    nets += ["h0", "h1", "h2", "wbl1_0", "wbl1_1", "wbl1_2", "o0", "wbl2_0", "vss", "vdd"]
    lines = [build("synapse_cs").spice(), f".subckt {name} {' '.join(nets)}"]
    for i in range(2):
        for j in range(3):
            lines.append(f"xa{i}{j} x{i}p x{i}n h{j} wwl1_{i} wbl1_{j} vdd vss vss synapse_cs")
    lines += [f"xb{j} a{j}p a{j}n o0 wwl2_{j} wbl2_0 vdd vss vss synapse_cs" for j in range(3)]
    return "\n".join([*lines, ".ends", ""])


@pytest.fixture(scope="module")
def drawn():
    return build("trained_crossbar", FIELDS)


@pytest.mark.slow
def test_the_drawing_is_the_circuit_of_the_plain_loop(drawn, tmp_path):
    assert build("synapse_cs").circuit.ports == ("rowp", "rown", "col", "wwl", "wbl", "vdd", "vss", "vc")
    run_lvs(twin(drawn, lambda *_: None), loop(drawn.name), drawn.name, tmp_path).require_clean()


@pytest.mark.slow
def test_a_column_on_the_row_of_the_other_sign_is_another_circuit(drawn, tmp_path):
    crossed = loop(drawn.name).replace("xb1 a1p a1n", "xb1 a1n a1p")
    assert not run_lvs(twin(drawn, lambda *_: None), crossed, drawn.name, tmp_path).clean


def test_a_pair_of_cells_has_a_row_line_and_a_word_line_of_either_sign():
    cell = build("trained_crossbar", {"dims": [2, 2, 1], "synapse": "synapse_2t1c"})
    (layer,) = (i for i in cell.instances if i.name == "layer1")
    assert [layer.nets[f"row{k}"] for k in range(4)] == ["x0p", "x0n", "x1p", "x1n"]
    assert [layer.nets[f"wwl{k}"] for k in range(4)] == ["wwl1_0p", "wwl1_0n", "wwl1_1p", "wwl1_1n"]


def test_a_load_that_is_drawn_hangs_between_its_output_and_rest():
    cell = build("trained_crossbar", {"dims": [2, 2, 2], "load": "drawn"})
    loads = {i.name: i.nets for i in cell.instances if i.name.startswith("load")}
    assert loads == {f"load{k}": {"p1": f"o{k}", "n1": "rest", "b": "vss"} for k in range(2)}
    assert cell.notes["drawn"] == ("load",) and "load" not in cell.notes["ideal"]


@pytest.mark.parametrize(
    ("field", "value"), [("dims", [2, 2]), ("dims.1", [2, 0, 1]), ("dims.0", [65, 2, 1]), ("load", "perfect")]
)
def test_specs_that_are_refused(field, value):
    with pytest.raises(SpecError) as refused:
        build("trained_crossbar", {field.partition(".")[0]: value})
    assert refused.value.field == field


def test_fields_of_a_synapse_without_its_cell_are_those_of_the_default_one():
    one, named = (build("trained_crossbar", synapse=s).spec for s in ({"c_w": 2.0}, {"cell": "synapse_cs", "c_w": 2.0}))
    assert one.synapse == {"cell": "synapse_cs", "vt": "lvt", "c_w": 2.0}
    assert named.synapse == {"cell": "synapse_cs", "c_w": 2.0}
