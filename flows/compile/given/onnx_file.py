"""A network from an ONNX file: a chain of Gemm, or MatMul and Add, with Relu between.

Operators and their attributes: ONNX operator schemas (onnx.ai/onnx/operators). What changes no class is passed over:
Identity, Dropout, a Flatten before the first layer, and a Softmax or LogSoftmax behind the last.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import TYPE_CHECKING, Any

import numpy as np
from numpy.typing import NDArray

from analoom.flows.files.extras import ONNX
from analoom.pdk.errors import InputError, SpecError

from .dense_chain import Dense, Step, arrays_of

if TYPE_CHECKING:
    from onnx import GraphProto, NodeProto, TensorProto

Array = NDArray[np.float64]
MOST_DIMENSIONS = 2
IGNORED = ("Identity", "Dropout", "Flatten")
LAST = ("Softmax", "LogSoftmax")
REMEDY = "a chain of Gemm, or MatMul and Add, with Relu between"
STATIC = "a network whose weights stand in the file, as torch.onnx.export writes them"


def read_onnx(path: Path, field: str) -> dict[str, Array]:
    """`w1` (outputs, inputs), `b1` (outputs,), `w2`, ... of the file.

    Raises InputError and SpecError by node and operator, ToolError without the package onnx.
    """
    ONNX.require()
    import onnx
    from google.protobuf.message import DecodeError

    try:
        graph = onnx.load(str(path), load_external_data=False).graph
        steps = list(_steps(graph, {t.name: t for t in graph.initializer}))
    except (DecodeError, ValueError, TypeError) as error:
        raise InputError(f"{path} is no ONNX file that can be read: {error}", field=field, remedy=REMEDY) from None
    return arrays_of(path, steps, field)


def _steps(graph: GraphProto, stored: Mapping[str, TensorProto]) -> Iterator[Step]:
    """The nodes of the chain from the input on."""
    given = [i.name for i in graph.input if i.name not in stored]
    if len(given) != 1 or len(graph.output) != 1:
        said = f"{len(given)} inputs and {len(graph.output)} outputs"
        raise SpecError("graph", said, "one of each", instead=REMEDY)
    constants = {n.output[0]: n.attribute[0].t for n in graph.node if n.op_type == "Constant"}
    held, left = {**stored, **constants}, [n for n in graph.node if n.op_type != "Constant"]
    at = given[0]
    while at != graph.output[0].name:
        users = [node for node in left if at in node.input]
        if len(users) != 1:
            said = f"{at} goes to {len(users)} nodes"
            raise SpecError("graph", said, "a chain: each goes to one", instead=REMEDY)
        (node,) = users
        left.remove(node)
        yield from _step(node, at, held)
        at = node.output[0]


def _step(node: NodeProto, at: str, stored: Mapping[str, TensorProto]) -> Iterator[Step]:
    name, others = node.name or node.op_type, [i for i in node.input[1:] if i]
    attributes = {a.name: a for a in node.attribute}
    if node.op_type in IGNORED:
        return
    if node.op_type in LAST:
        yield "last"
    elif node.op_type == "Relu":
        yield "relu"
    elif node.op_type == "MatMul" and node.input[0] == at:
        yield Dense(name, _tensor(name, others[0], stored).T, None)
    elif node.op_type == "Add":
        yield _tensor(name, others[0] if node.input[0] == at else node.input[0], stored).reshape(-1)
    elif node.op_type == "Gemm" and node.input[0] == at and not _number(attributes, "transA", 0):
        w = _number(attributes, "alpha", 1.0) * _tensor(name, others[0], stored)
        b = _number(attributes, "beta", 1.0) * _tensor(name, others[1], stored).reshape(-1) if others[1:] else None
        yield Dense(name, w if _number(attributes, "transB", 0) else w.T, b)
    else:
        raise SpecError(name, node.op_type, REMEDY, instead="a network of dense layers alone")


def _number(attributes: Mapping[str, Any], name: str, default: float) -> float:
    if name not in attributes:
        return default
    return float(attributes[name].f if isinstance(default, float) else attributes[name].i)


def _tensor(node: str, name: str, stored: Mapping[str, TensorProto]) -> Array:
    """The numbers of a stored tensor; those that lie in another file are not looked for."""
    from onnx import TensorProto, numpy_helper

    tensor = stored.get(name)
    if tensor is None:
        raise SpecError(node, name, "a tensor that the file holds", instead=STATIC)
    if tensor.data_location == TensorProto.EXTERNAL:
        raise SpecError(node, name, "in the file itself: no other file is opened", instead=STATIC)
    values = numpy_helper.to_array(tensor)
    if values.dtype.kind not in "fiu" or values.ndim > MOST_DIMENSIONS:
        raise SpecError(
            node, f"{values.dtype} {values.shape}", "real numbers of two dimensions at most", instead=STATIC
        )
    return np.asarray(values, dtype=np.float64)
