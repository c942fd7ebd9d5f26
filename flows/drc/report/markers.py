"""What breaks a rule, as klayout collections: of checks, which draw them, and of findings, which count them."""

from __future__ import annotations

import klayout.db as kdb

Markers = kdb.Region | kdb.Edges | kdb.EdgePairs
