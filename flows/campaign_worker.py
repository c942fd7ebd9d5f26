"""A worker process of a campaign: tasks come as JSON lines on stdin, results go as JSON lines to stdout.

It ends when stdin closes, so none outlives a campaign that was killed.
"""

from __future__ import annotations

import json
import os
import sys

from .sweep_measure import measured


def main() -> None:
    """Measures tasks until there are no more."""
    with os.fdopen(os.dup(1), "w") as results:
        os.dup2(2, 1)  # whatever C libraries print must not come between the results
        for line in sys.stdin:
            results.write(json.dumps(measured(json.loads(line))) + "\n")
            results.flush()


if __name__ == "__main__":
    main()
