"""The command line of a benchmark in parts: those named, or all of them."""

from __future__ import annotations

import argparse
from collections.abc import Callable, Mapping

Parts = Mapping[str, Callable[[], None]]


def run_parts(about: str, parts: Parts) -> None:
    """Runs the parts named on the command line in their order, all without a name; what each is stands above it."""
    told = argparse.ArgumentParser(description=about.splitlines()[0])
    told.add_argument("parts", nargs="*", choices=[*parts, []], default=list(parts))
    for part in told.parse_args().parts:
        if parts[part].__doc__:
            print(f"\n{part}: {parts[part].__doc__.strip()}")
        parts[part]()
