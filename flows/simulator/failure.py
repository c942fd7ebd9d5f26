"""What is told of a simulation that failed: the circuit, the point of time, the node, and what ngspice tried."""

from __future__ import annotations

import re

_ABORTED = "simulation(s) aborted"
_TRIED = {
    "dynamic gmin stepping": "dynamic gmin stepping",
    "true gmin stepping": "true gmin stepping",
    "starting source stepping": "source stepping",
    "transient op started": "a transient to the operating point",
}
_STUCK = ("timestep too small", "stepping failed", "singular matrix", "no convergence", "iteration limit")
_POINT = re.compile(r"Timestep too small;\s+(\S+) = ([-+.\deE]+)", re.I)
_SINGULAR = re.compile(r"singular matrix:\s+check nodes? (.+)", re.I)
_NODE = re.compile(r'trouble with (?:node )?"?([^"\s]+)"?', re.I)


def aborted(said: str) -> bool:
    """Whether ngspice gave an analysis up: what it had by then is no result."""
    return _ABORTED in said


def stuck(said: str) -> bool:
    """Whether the numbers were to blame, not the request."""
    return any(sign in said.lower() for sign in _STUCK)


def failure(title: str, analysis: str, said: str, options: str) -> str:
    """One line for the user about a failed `analysis` of the circuit `title`."""
    parts = [f"{title}: `{analysis}` did not converge"]
    point, node, singular = (pattern.search(said) for pattern in (_POINT, _NODE, _SINGULAR))
    if point:
        parts.append(_where(*point.groups()))
    if node:
        parts.append(f"the trouble is at {node.group(1)}")
    elif singular:
        parts.append(f"the equations contradict each other or are too few at {singular.group(1).strip()}")
    tried = [name for sign, name in _TRIED.items() if sign in said.lower()]
    parts.append("tried: " + ", ".join([*tried, f"options {options.removeprefix('.option ')}"]))
    return "; ".join(parts)


def _where(name: str, value: str) -> str:
    """The point of time, or of a sweep, with the source that was swept."""
    if name.lower() == "time":
        return f"at t = {float(value):g} s the step became too small"
    return f"at {name} = {float(value):g} no solution was found"
