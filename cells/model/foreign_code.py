"""What goes wrong in code that is not ours, a file or a package of cells, told with its file and line.

Such code may fail with anything: the error is told as InputError, and the one behind it is its cause.
"""

from __future__ import annotations

import traceback
from types import TracebackType

from analoom.pdk.errors import AnaloomError, InputError


class CellsCode:
    """`with CellsCode("cells.py"): ...`: whatever the block raises is an InputError that names file and line.

    An interruption goes through as it is; while a cell is drawn (`drawing`) so does a refusal of a spec or an input.
    """

    def __init__(self, file: str, *, drawing: bool = False) -> None:
        self._file = file
        self._through = (KeyboardInterrupt, GeneratorExit, *((AnaloomError,) if drawing else ()))

    def __enter__(self) -> None:
        return None

    def __exit__(self, kind: object, error: BaseException | None, trace: TracebackType | None) -> None:
        if error is not None and not isinstance(error, self._through):
            words = f"{self._place(error, trace)}: {_text(error)}"
            raise InputError(words, field="cells", remedy="mend the file") from error

    def _place(self, error: BaseException, trace: TracebackType | None) -> str:
        """The file with the line that failed: of a syntax error its own, else the last one run in the file."""
        if isinstance(error, SyntaxError) and error.filename:
            return f"{error.filename}, line {error.lineno}"
        lines = [frame.lineno for frame in traceback.extract_tb(trace) if frame.filename == self._file]
        return f"{self._file}, line {lines[-1]}" if lines else self._file


def _text(error: BaseException) -> str:
    """What an error says in one line, after the name of its kind where it is none of ours."""
    text = " ".join(str(getattr(error, "msg", "") or error).split())
    kind = [] if isinstance(error, AnaloomError) and text else [type(error).__name__]
    return ": ".join([*kind, *([text] if text else [])])
