"""For layout editors: a cell as Magic keeps layouts, and a package of technology and cells for KLayout."""
