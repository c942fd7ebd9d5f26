"""Images and labels as the MNIST files hold them: idx-ubyte, as they are or through gzip.

The form: two bytes of 0, one for the kind of number (8: a byte), one for the number of axes, the length of each axis in
four bytes, the most significant first, then the numbers (Y. LeCun, C. Cortes, C. J. C. Burges, The MNIST database of
handwritten digits, yann.lecun.com/exdb/mnist). What a header says is believed of no file that is not as long.
"""

from __future__ import annotations

import gzip
import hashlib
import zlib
from collections.abc import Mapping
from dataclasses import dataclass
from io import BufferedReader
from math import prod
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

from analoom.pdk.errors import InputError

from .dataset import Dataset, checked

Bytes = NDArray[np.uint8]
PARTS = {"train": ("x_train", "y_train"), "t10k": ("x_test", "y_test")}
AXES = {"images": 3, "labels": 1}
FIELD = "data"
MOST_BYTES = 2**26
"""Of a file's numbers: all 60,000 images of 28 x 28 are 47 million."""
WHITE = 255
_BYTE = 8
REMEDY = "the four files train-images-idx3-ubyte, train-labels-idx1-ubyte, t10k-..., each as it is or as .gz"


@dataclass(frozen=True)
class IdxFolder:
    """The files of a set, by name, with their checksums."""

    path: Path
    files: Mapping[str, str]

    def to_json(self) -> dict[str, Any]:
        """As it stands in the reports of what was made with it."""
        return {"path": str(self.path), "files": dict(self.files)}


def read_idx_folder(folder: Path) -> tuple[Dataset, IdxFolder]:
    """Images, 0 to 1, and classes of the four files in a folder. Raises InputError by file, SpecError for values."""
    arrays: dict[str, NDArray[Any]] = {}
    files: dict[str, str] = {}
    sizes = set()
    for stem, (x, y) in PARTS.items():
        images, labels = (_file_of(folder, stem, kind) for kind in AXES)
        pixels = read_idx(images, AXES["images"])
        sizes.add(pixels.shape[1:])
        arrays |= {x: pixels.reshape(len(pixels), -1) / WHITE, y: read_idx(labels, AXES["labels"])}
        files |= {path.name: hashlib.sha256(path.read_bytes()).hexdigest() for path in (images, labels)}
    if len(sizes) > 1:
        said = " and ".join(" x ".join(map(str, size)) for size in sorted(sizes))
        raise InputError(f"{folder} holds images of {said}", field=FIELD, remedy="images of one size")
    found = checked(folder.name, arrays)
    return found.with_image(*sizes.pop()), IdxFolder(folder, files)


def _file_of(folder: Path, stem: str, kind: str) -> Path:
    """The file of images or labels: with a dash or a dot, as it is or as .gz."""
    names = [f"{stem}-{kind}{dot}idx{AXES[kind]}-ubyte{end}" for end in ("", ".gz") for dot in "-."]
    for name in names:
        if (folder / name).is_file():
            return folder / name
    raise InputError(f"{folder} holds no {names[0]}", field=FIELD, remedy=REMEDY)


def read_idx(path: Path, axes: int) -> Bytes:
    """The numbers of a file with so many axes. Raises InputError for any other, and for one that is cut or too long."""
    try:
        with _opened(path) as stream:
            shape = _shape(path, stream, axes)
            size = prod(shape)
            held = stream.read(size + 1)
    except (OSError, EOFError, zlib.error) as error:
        raise InputError(f"cannot read {path}: {error}", field=FIELD, remedy="the file anew") from None
    if len(held) != size:
        more = "more" if len(held) > size else f"{len(held)}"
        said = f"{path} holds {more} numbers where its header says {' x '.join(map(str, shape))}"
        raise InputError(said, field=FIELD, remedy="the file anew")
    return np.frombuffer(held, dtype=np.uint8).reshape(shape)


def _opened(path: Path) -> gzip.GzipFile | BufferedReader:
    return gzip.open(path, "rb") if path.suffix == ".gz" else path.open("rb")


def _shape(path: Path, stream: gzip.GzipFile | BufferedReader, axes: int) -> tuple[int, ...]:
    """The lengths of all axes, by the header."""
    head = stream.read(4 + 4 * axes)
    if len(head) < 4 + 4 * axes or head[:4] != bytes((0, 0, _BYTE, axes)):
        raise InputError(f"{path} is no idx file of bytes with {axes} axes", field=FIELD, remedy=REMEDY)
    shape = tuple(int(n) for n in np.frombuffer(head[4:], dtype=">u4"))
    if not 0 < prod(shape) <= MOST_BYTES:
        said = f"{path} says that it holds {' x '.join(map(str, shape))} numbers; 1 to {MOST_BYTES} are read"
        raise InputError(said, field=FIELD, remedy="a smaller set")
    return shape
