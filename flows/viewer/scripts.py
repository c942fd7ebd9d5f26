"""The scripts and the style of the views, as text that a page embeds."""

from __future__ import annotations

import base64
import gzip
from importlib.resources import files

PACKING = 6
"""gzip's level: the highest takes twice the time for 0.2 % less."""


def viewer() -> str:
    """The script of the view in two dimensions."""
    return _text("viewer.js")


def solids() -> str:
    """The script of the view in three dimensions, which unpacks plotly."""
    return _text("solids.js")


def style() -> str:
    """The style of both."""
    return _text("viewer.css")


def packed_plotly() -> str:
    """Plotly as its package holds it, gzipped, in base64."""
    text = files("plotly").joinpath("package_data", "plotly.min.js").read_bytes()
    return base64.b64encode(gzip.compress(text, PACKING, mtime=0)).decode()


def _text(name: str) -> str:
    return files("analoom.flows.viewer").joinpath(name).read_text()
