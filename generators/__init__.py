"""Arrays and blocks made of cells, one a file."""
