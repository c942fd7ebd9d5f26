"""For digital flows: the abstract, the stub and the layout of a cell as LibreLane and OpenROAD read macros."""
