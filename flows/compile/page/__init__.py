"""The HTML page of a compiled network."""
