"""Showing a page in the user's browser."""

from __future__ import annotations

import webbrowser
from pathlib import Path

from analoom.pdk.errors import InputError


def open_page(page: Path) -> None:
    """Opens a page that was written. Raises InputError where there is no browser to open it."""
    if not webbrowser.open(page.resolve().as_uri()):
        raise InputError(f"no browser was found; the page is {page}", field="open", remedy="leave out --open")
