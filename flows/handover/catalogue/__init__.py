"""For catalogues of IP: a cell as the tarball that ChipFoundry's IPM installs."""
