"""Stands for the floorplan until it is there: the same calls, the circuit alone, nothing drawn."""

from __future__ import annotations

from analoom.cells.model.cell import Cell
from analoom.cells.model.circuit import Circuit, SubInstance
from analoom.cells.model.drawing import Drawing


class Floorplan:
    """Parts with their nets, and ports."""

    def __init__(self, name):
        self.drawing, self.parts, self.ports = Drawing(name), [], ()

    def part(self, name, cell, nets):
        self.parts.append(SubInstance(name, cell.circuit, dict(nets)))
        return name

    def supply(self, *nets):
        pass

    def mirror(self, *nets):
        pass

    def pins(self, left=(), right=(), bottom=(), top=()):
        self.ports = (*left, *right, *bottom, *top)

    def stack(self, *parts):
        return parts

    row = grid = stack

    def cell(self, placed, spec, kind):
        name = self.drawing.cell.name
        return Cell(name, kind, spec, self.drawing.cell, Circuit(name, self.ports, (), tuple(self.parts)), ())
