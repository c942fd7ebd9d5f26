"""What a design rule check says: the report as a value, and findings with their places.

The same for every engine.
"""
