"""What the mismatch analysis of a synapse, or of an array of them, is asked: how it is read."""

from __future__ import annotations

from pydantic import Field

from analoom.flows.statistics.settings import AnalysisSettings

from .reading import ReadSettings


class ReadAnalysis(AnalysisSettings, ReadSettings):
    """How an array is read."""

    ir_drop: bool | None = Field(None, description="solve the IR drop too (default: up to 64 x 64 synapses)")

    k_vth: float | None = Field(
        None,
        gt=0,
        le=0.1,
        description="threshold sigma of ONE device times sqrt(W L), instead of the models'",
        json_schema_extra={"unit": "V um"},
    )
