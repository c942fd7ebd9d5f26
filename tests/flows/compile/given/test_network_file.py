"""Networks from files: layers by name and number, what is refused and why; a pickle is never opened."""

from __future__ import annotations

import pickle
import zipfile
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from safetensors.numpy import save_file

from analoom.flows.compile.given.network_file import read_network
from analoom.pdk.errors import AnaloomError

W1, B1, W2 = np.arange(8.0).reshape(4, 2), np.arange(4.0), np.ones((3, 4))


def npz(folder: Path, **arrays: Any) -> Path:
    path = folder / "net.npz"
    np.savez(path, **arrays)
    return path


def tensors(folder: Path, arrays: dict[str, Any], about: dict[str, str] | None = None) -> Path:
    path = folder / "net.safetensors"
    save_file(arrays, path, about)
    return path


def error_of(path: Path) -> AnaloomError:
    with pytest.raises(AnaloomError) as caught:
        read_network(path)
    assert caught.value.remedy and caught.value.remedy not in caught.value.message
    return caught.value


def test_layers_of_a_npz_stand_in_the_order_of_their_numbers_and_give_what_a_loop_gives(tmp_path: Path) -> None:
    network, file = read_network(npz(tmp_path, w2=W2, b1=-B1, w1=W1.astype(np.float32), activation="relu"))
    assert network.dims == (2, 4, 3) and len(file.sha256) == 64
    hidden = [
        max(sum(w * x for w, x in zip(row, (1.0, 0.5), strict=True)) - b, 0) for row, b in zip(W1, B1, strict=True)
    ]
    assert network.outputs(np.array([[1.0, 0.5]]))[0] == pytest.approx([sum(hidden)] * 3, rel=1e-12)


def test_layers_of_safetensors_stand_in_natural_order_and_the_same_file_shuffled_is_told_apart(tmp_path: Path) -> None:
    arrays = {"net.10.weight": W2, "net.2.weight": W1, "net.2.bias": B1}
    network, file = read_network(tensors(tmp_path, arrays, {"activation": "relu"}))
    assert [layer.name for layer in network.layers] == ["net.2", "net.10"] and file.activation == "relu"
    renamed = {"net.10.weight": W2, "net.20.weight": W1, "net.20.bias": B1}
    assert error_of(tensors(tmp_path, renamed)).field == "net.20"


@pytest.mark.parametrize(
    ("arrays", "field", "said"),
    [
        ({"w1": W1, "w2": np.ones((3, 5))}, "layer 2", "4 inputs, the outputs of layer 1"),
        ({"w1": W1, "b1": np.ones(3)}, "b1", "(4,), one an output of w1"),
        ({"w1": np.full((2, 2), np.nan)}, "w1", "finite"),
        ({"w1": np.full((2, 2), -np.inf)}, "w1", "-inf"),
        ({"w1": np.ones((2, 2), complex)}, "w1", "real numbers"),
        ({"w1": np.array([["a"]])}, "w1", "real numbers"),
        ({"w1": np.ones((2, 3, 3, 3))}, "w1", "two-dimensional"),
        ({"w1": np.ones((0, 3))}, "w1", "not empty"),
        ({"w1": W1, "conv": W1}, "conv", "w1, b1, w2, b2, ... and nothing else"),
        ({"w2": W1}, "w1", "has no w1"),
        ({"w1": W1, "b2": B1}, "w2", "has no w2"),
        ({}, "NET", "holds no layer"),
        ({"w1": W1, "activation": "tanh"}, "activation", "'relu'"),
    ],
)
def test_a_network_that_cannot_be_built_is_refused_by_layer_and_bound(
    arrays: dict[str, Any], field: str, said: str, tmp_path: Path
) -> None:
    error = error_of(npz(tmp_path, **arrays))
    assert error.field == field and said in error.message


class Planted:
    """A pickle that writes a file where it is opened."""

    def __init__(self, place: Path) -> None:
        self.place = place

    def __reduce__(self) -> tuple[Any, ...]:
        return Path.touch, (self.place,)


@pytest.mark.parametrize("name", ["net.pt", "net.pkl", "net.npz", "packed.npz", "zipped.npz"])
def test_no_pickle_is_opened_whatever_it_is_called(name: str, tmp_path: Path) -> None:
    planted, path = tmp_path / "ran", tmp_path / name
    bomb = pickle.dumps(Planted(planted))
    if name == "packed.npz":
        np.savez(path, w1=np.array([Planted(planted)], dtype=object), allow_pickle=True)
    elif name == "zipped.npz":
        with zipfile.ZipFile(path, "w") as packed:
            packed.writestr("archive/data.pkl", bomb)
    else:
        path.write_bytes(bomb)
    assert "pickle" in error_of(path).message
    assert not planted.exists()
    pickle.loads(bomb)
    assert planted.exists(), "or the plant would not have shown it"


def test_files_that_are_none_and_numbers_that_numpy_lacks_are_refused(tmp_path: Path) -> None:
    assert "no such file" in error_of(tmp_path / "absent.npz").message
    (tmp_path / "text.npz").write_text("w1 = 1")
    assert "no .npz file" in error_of(tmp_path / "text.npz").message
    (tmp_path / "text.safetensors").write_text("w1 = 1, and some more text than a header")
    assert "no safetensors file" in error_of(tmp_path / "text.safetensors").message
    half = b'{"a.weight":{"dtype":"BF16","shape":[1,1],"data_offsets":[0,2]}}'
    (tmp_path / "bf16.safetensors").write_bytes(len(half).to_bytes(8, "little") + half + b"\0\0")
    assert "BF16" in error_of(tmp_path / "bf16.safetensors").message
    other = tmp_path / "net.tflite"
    other.write_bytes(b"x")
    assert ".npz or .safetensors or .onnx or .h5" in error_of(other).message
