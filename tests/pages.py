"""The pages for people: the front page and the README of each package folder, and the code they show."""

from __future__ import annotations

import re
from pathlib import Path

ROOT = Path(__file__).parent.parent
PAGES = ("README.md", *(f"{part}/README.md" for part in ("cells", "generators", "flows", "pdk", "tests")))


def text_of(page: str) -> str:
    """The page's text."""
    return (ROOT / page).read_text()


def python_of(page: str) -> list[str]:
    """Its blocks of Python, but for those that start with `# doc`."""
    return re.findall(r"```python\n(?!# doc)(.*?)```", text_of(page), re.DOTALL)


def shell_of(page: str) -> list[str]:
    """The lines of its blocks of shell."""
    return [line for block in re.findall(r"```sh\n(.*?)```", text_of(page), re.DOTALL) for line in block.splitlines()]


def commands_of(page: str) -> list[str]:
    """Those of them that call analoom."""
    return [line for line in shell_of(page) if line.startswith("analoom ")]
