"""What a cell is: spec, circuit, drawing, registry, and its face in gdsfactory.

Every generator imports from here.
"""
