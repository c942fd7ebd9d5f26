"""A picture of a whole measurement: panels of lines over a common story, for what many single curves would not tell."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray


@dataclass(frozen=True)
class Line:
    """Points (points,) of a line, and how it is drawn; one without a label is not in the legend.

    `colour` counts the colours of the panel, so that lines of one kind share theirs; `dots` are drawn without a line.
    """

    x: NDArray[np.float64]
    y: NDArray[np.float64]
    label: str = ""
    colour: int = 0
    dashed: bool = False
    dots: bool = False


@dataclass(frozen=True)
class Panel:
    """Lines on a pair of axes, with units in the labels; spans of x that are `shaded`, and what these are.

    `wide` takes the picture's whole width; `log` counts y by decades.
    """

    title: str
    x_label: str
    y_label: str
    lines: tuple[Line, ...]
    shaded: tuple[tuple[float, float], ...] = ()
    shaded_are: str = ""
    wide: bool = False
    log: bool = False


@dataclass(frozen=True)
class Picture:
    """Panels in reading order, two beside each other where both are narrow."""

    title: str
    panels: tuple[Panel, ...]
