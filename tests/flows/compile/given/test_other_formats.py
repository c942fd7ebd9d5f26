"""Networks from ONNX and Keras .h5 files: what they give is what ONNX's own evaluator and a product by hand give."""

from __future__ import annotations

import json
import sys
from collections.abc import Sequence
from pathlib import Path
from typing import Any

import h5py
import numpy as np
import onnx
import pytest
from onnx import TensorProto, helper, numpy_helper
from onnx.reference import ReferenceEvaluator

from analoom.flows.compile.given.network_file import read_network
from analoom.pdk.errors import AnaloomError

RNG = np.random.default_rng(5)
W1, B1, W2, B2 = (RNG.standard_normal(shape).astype(np.float32) for shape in ((4, 3), (4,), (2, 4), (2,)))
X = RNG.random((6, 3)).astype(np.float32)
RELU = helper.make_node("Relu", ["a"], ["r"])
GEMM = helper.make_node("Gemm", ["x", "w1", "b1"], ["a"], transB=1)
LAST = helper.make_node("Gemm", ["r", "w2", "b2"], ["y"], transB=1)
INNER = helper.make_node("Gemm", ["r", "w2"], ["z"], transB=1)
STORED = {"w1": W1, "b1": B1, "w2": W2, "b2": B2, "w1t": W1.T.copy(), "w2t": W2.T.copy()}


def onnx_file(folder: Path, nodes: Sequence[Any], more: Sequence[Any] = ()) -> Path:
    used = {name for node in nodes for name in node.input}
    stored = [numpy_helper.from_array(values, name) for name, values in STORED.items() if name in used]
    given, out = (helper.make_tensor_value_info(n, TensorProto.FLOAT, [None, size]) for n, size in (("x", 3), ("y", 2)))
    graph = helper.make_graph(list(nodes), "net", [given], [out], [*stored, *more])
    model = helper.make_model(graph, opset_imports=[helper.make_opsetid("", 17)])
    onnx.save(model, str(folder / "net.onnx"))
    return folder / "net.onnx"


def error_of(path: Path) -> AnaloomError:
    with pytest.raises(AnaloomError) as caught:
        read_network(path)
    assert caught.value.remedy and caught.value.remedy not in caught.value.message
    return caught.value


@pytest.mark.parametrize(
    "nodes",
    [
        (GEMM, RELU, LAST),
        (helper.make_node("Gemm", ["x", "w1t", "b1"], ["a"], alpha=0.5, beta=2.0), RELU, LAST),
        (
            helper.make_node("MatMul", ["x", "w1t"], ["m"]),
            helper.make_node("Add", ["b1", "m"], ["a"]),
            RELU,
            helper.make_node("Identity", ["r"], ["i"]),
            helper.make_node("MatMul", ["i", "w2t"], ["y"]),
        ),
        (
            helper.make_node("Flatten", ["x"], ["f"]),
            helper.make_node("Gemm", ["f", "w1", "b1"], ["a"], transB=1),
            RELU,
            LAST,
        ),
    ],
    ids=["gemm", "alpha and beta", "matmul and add", "flatten"],
)
def test_an_onnx_chain_gives_what_its_own_evaluator_gives(nodes: Sequence[Any], tmp_path: Path) -> None:
    path = onnx_file(tmp_path, nodes)
    (wanted,) = ReferenceEvaluator(str(path)).run(None, {"x": X})
    network, file = read_network(path)
    assert network.dims == (3, 4, 2) and len(file.sha256) == 64
    assert network.outputs(X.astype(float)) == pytest.approx(wanted, rel=1e-5, abs=1e-6)


def test_without_its_transposition_it_would_not(tmp_path: Path) -> None:
    """The broken twin: the same numbers read the other way round do not fit the next layer."""
    swapped = helper.make_node("Gemm", ["x", "w1", "b1"], ["a"])
    assert error_of(onnx_file(tmp_path, (swapped, RELU, LAST))).field == "b1"


@pytest.mark.parametrize(
    ("nodes", "field", "said"),
    [
        ((GEMM, helper.make_node("Sigmoid", ["a"], ["r"]), LAST), "Sigmoid", "a chain of Gemm"),
        ((GEMM, helper.make_node("Gemm", ["a", "w2", "b2"], ["y"], transB=1)), "Gemm", "a ReLU between layers"),
        ((GEMM, RELU, helper.make_node("Gemm", ["r", "w2", "r"], ["y"], transB=1)), "Gemm", "'r'"),
        ((helper.make_node("Relu", ["x"], ["y"]),), "Relu", "between layers"),
        ((GEMM, RELU, INNER, helper.make_node("Relu", ["z"], ["y"])), "Relu", "after the last"),
        ((GEMM, RELU, INNER, helper.make_node("Add", ["z", "z"], ["y"])), "Add", "'z'"),
        ((GEMM, RELU, INNER, helper.make_node("Add", ["z", "a"], ["y"])), "graph", "goes to 2 nodes"),
    ],
)
def test_what_is_no_chain_of_dense_layers_is_refused(
    nodes: Sequence[Any], field: str, said: str, tmp_path: Path
) -> None:
    error = error_of(onnx_file(tmp_path, nodes))
    assert error.field == field and said in error.message + str(error.remedy), error.message


def test_weights_in_another_file_are_not_looked_for(tmp_path: Path) -> None:
    away = numpy_helper.from_array(W1, "away")
    away.ClearField("raw_data")
    away.data_location = TensorProto.EXTERNAL
    away.external_data.add(key="location", value="../secret")
    node = helper.make_node("Gemm", ["x", "away", "b1"], ["a"], transB=1)
    assert "no other file is opened" in error_of(onnx_file(tmp_path, (node, RELU, LAST), [away])).message


def dense(name: str, activation: str) -> dict[str, Any]:
    return {"class_name": "Dense", "config": {"name": name, "activation": activation}}


def keras_file(folder: Path, layers: Sequence[dict[str, Any]], kind: str = "Sequential") -> Path:
    """As `model.save("net.h5")` lays it out."""
    with h5py.File(folder / "net.h5", "w") as file:
        said = {"class_name": kind, "config": {"layers": [{"class_name": "InputLayer", "config": {}}, *layers]}}
        file.attrs["model_config"] = json.dumps(said)
        kept = file.create_group("model_weights")
        for name, w, b in (("one", W1, B1), ("two", W2, B2)):
            group = kept.create_group(name)
            group[f"sequential/{name}/kernel:0"], group[f"sequential/{name}/bias:0"] = w.T, b
            group.attrs["weight_names"] = [f"sequential/{name}/kernel:0".encode(), f"sequential/{name}/bias:0".encode()]
    return folder / "net.h5"


@pytest.mark.parametrize("last", ["linear", "softmax"])
def test_a_keras_file_gives_its_layers(last: str, tmp_path: Path) -> None:
    network, _ = read_network(keras_file(tmp_path, [dense("one", "relu"), dense("two", last)]))
    wanted = np.maximum(X @ W1.T + B1, 0) @ W2.T + B2
    assert network.outputs(X.astype(float)) == pytest.approx(wanted, rel=1e-5, abs=1e-6)


@pytest.mark.parametrize(
    ("layers", "kind", "said"),
    [
        ([dense("one", "tanh"), dense("two", "linear")], "Sequential", "'tanh'"),
        ([dense("one", "linear"), dense("two", "linear")], "Sequential", "a ReLU between layers"),
        ([dense("one", "softmax"), dense("two", "linear")], "Sequential", "before another layer"),
        ([{"class_name": "Conv2D", "config": {"name": "c"}}], "Sequential", "'Conv2D'"),
        ([dense("one", "relu"), dense("two", "linear")], "Functional", "'Functional'"),
        ([dense("three", "relu")], "Sequential", "no .h5 file of a whole Keras model"),
        ([], "Sequential", "holds no layer"),
    ],
)
def test_other_keras_models_are_refused(layers: Sequence[Any], kind: str, said: str, tmp_path: Path) -> None:
    assert said in error_of(keras_file(tmp_path, layers, kind)).message


def test_a_link_to_another_file_is_not_followed(tmp_path: Path) -> None:
    path = keras_file(tmp_path, [dense("one", "relu"), dense("two", "linear")])
    with h5py.File(path, "a") as file:
        group = file["model_weights/one/sequential/one"]
        del group["kernel:0"]
        group["kernel:0"] = h5py.ExternalLink("../secret.h5", "/kernel")
    assert "no other file is opened" in error_of(path).message


@pytest.mark.parametrize("name", ["net.onnx", "net.h5"])
def test_what_is_neither_is_told_so(name: str, tmp_path: Path) -> None:
    (tmp_path / name).write_bytes(b"neither of the two")
    assert "is no" in error_of(tmp_path / name).message


@pytest.mark.parametrize(("module", "name"), [("onnx", "net.onnx"), ("h5py", "net.h5")])
def test_without_the_package_its_install_command_is_told(
    module: str, name: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    (tmp_path / name).write_bytes(b"whatever")
    monkeypatch.setitem(sys.modules, module, None)
    error = error_of(tmp_path / name)
    assert f"{module} is not installed" in error.message and "pip install 'analoom[" in str(error.remedy)
