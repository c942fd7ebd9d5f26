"""The memory a report states."""

import resource
import sys


def peak_mb() -> float:
    """Largest resident memory of this process so far, MB; Linux counts in kB, macOS in bytes."""
    return resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / (2**20 if sys.platform == "darwin" else 2**10)
