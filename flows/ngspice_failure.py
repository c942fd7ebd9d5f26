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
_TIME = re.compile(r"Timestep too small; time = ([-+.\deE]+)", re.I)
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
    when, node = _TIME.search(said), _NODE.search(said)
    if when:
        parts.append(f"at t = {float(when.group(1)):g} s the step became too small")
    if node:
        parts.append(f"the trouble is at {node.group(1)}")
    tried = [name for sign, name in _TRIED.items() if sign in said.lower()]
    parts.append("tried: " + ", ".join([*tried, f"options {options.removeprefix('.option ')}"]))
    return "; ".join(parts)
