"""Draws the committed reference of every example anew: `.venv/bin/python tests/conformance/draw_reference.py`.

To be run when a drawing changed on purpose; `git diff --stat` then tells which.
"""

from pathlib import Path

from analoom.cells import registry

FOLDER = Path(__file__).parent / "reference"


def reference(name: str, k: int) -> Path:
    """The file of example `k` of the cell `name`."""
    return FOLDER / f"{name}_{k}.oas"


def main() -> None:
    """Removes the references there are and writes those of the examples there are now."""
    FOLDER.mkdir(exist_ok=True)
    for old in FOLDER.glob("*.oas"):
        old.unlink()
    for name, entry in registry.entries().items():
        for k, fields in enumerate(entry.examples):
            registry.build(name, fields).write(reference(name, k))


if __name__ == "__main__":
    main()
