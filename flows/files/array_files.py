"""Numbers of an array from a file: weights, inputs and threshold shifts, as NumPy's .npy or as CSV."""

from __future__ import annotations

import hashlib
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

from analoom.pdk.errors import InputError

if TYPE_CHECKING:
    import numpy as np
    from numpy.typing import NDArray

LARGEST_BYTES = 2**31


@dataclass(frozen=True)
class ArrayFile:
    """An array that was given as a file: its values, and the file's checksum."""

    path: Path
    values: NDArray[np.float64]
    sha256: str

    def to_json(self) -> dict[str, str]:
        """As it stands in the reports of what was made with it."""
        return {"path": str(self.path), "sha256": self.sha256}


def read_array(path: Path, field: str = "weights") -> ArrayFile:
    """The array in a file and what file that is. Raises InputError as `array_of_file`."""
    values = array_of_file(path, field)
    return ArrayFile(path, values, hashlib.sha256(path.read_bytes()).hexdigest())


def array_of_file(path: Path, field: str = "weights") -> NDArray[np.float64]:
    """The array in a `.npy` file, or in a CSV file of one row of the array a line. Raises InputError for all else."""
    try:
        if path.stat().st_size > LARGEST_BYTES:
            raise InputError(f"{path} is larger than 2 GB", field=field, remedy="a smaller array")
        return _of_csv(path, field) if path.suffix.lower() in (".csv", ".txt") else _of_npy(path, field)
    except OSError as error:
        said = f"cannot read {path}: {error.strerror or error}"
        raise InputError(said, field=field, remedy="a .npy or .csv file that is there") from None


def _of_npy(path: Path, field: str) -> NDArray[np.float64]:
    import numpy as np

    try:
        with path.open("rb") as stream:
            return np.asarray(np.load(stream, allow_pickle=False))
    except (ValueError, EOFError):
        raise InputError(f"{path} is no .npy array of numbers", field=field, remedy="numpy.save, or a .csv") from None


def _of_csv(path: Path, field: str) -> NDArray[np.float64]:
    """Numbers with commas between, one row a line, every line as long as the first."""
    import numpy as np

    try:
        lines = path.read_text().splitlines()
    except UnicodeDecodeError:
        raise InputError(f"{path} is not text", field=field, remedy="numbers with commas between") from None
    rows = [_row(path, number, line, field) for number, line in enumerate(lines, 1) if line.strip()]
    for number, row in enumerate(rows, 1):
        if len(row) != len(rows[0]):
            said = f"{path}: row {number} has {len(row)} numbers, the first has {len(rows[0])}"
            raise InputError(said, field=field, remedy="rows of one length")
    if not rows:
        raise InputError(f"{path} holds no numbers", field=field, remedy="one row of the array a line")
    return np.array(rows, dtype=float)


def _row(path: Path, number: int, line: str, field: str) -> list[float]:
    try:
        return [float(word) for word in line.split(",")]
    except ValueError:
        said = f"{path}, line {number}: {line.strip()[:40]!r} is not numbers with commas between"
        raise InputError(said, field=field, remedy="no header; one row of the array a line") from None
