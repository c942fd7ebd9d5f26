"""What the mismatch analysis of a capacitor cell is asked."""

from __future__ import annotations

from pydantic import Field

from analoom.flows.statistics.settings import AnalysisSettings


class CapacitorAnalysis(AnalysisSettings):
    """Capacitors have no operating point."""

    k_cap: float | None = Field(
        None,
        gt=0,
        le=1,
        description="relative sigma of ONE capacitor times the square root of its plate's area, instead of the models'",
        json_schema_extra={"unit": "frac um"},
    )
