"""What is asked of a crossbar's bench."""

from __future__ import annotations

from pydantic import Field

from analoom.flows.systems.synapse.reading import ReadSettings


class CrossbarSettings(ReadSettings):
    """How a crossbar is read and written."""

    seed: int = Field(1, ge=0, description="seed of the default weights and of the inputs")
    largest_transient: int = Field(256, ge=0, description="most synapses for which the writing of a row is simulated")
    largest_noise: int = Field(64, ge=0, description="most synapses for which the noise of column 0 is simulated")
    ir_drop: bool = Field(
        True, description="post view: what the resistance of the drawn lines does, on the array solver"
    )
    settling: bool = Field(
        False, description="post view, with ir_drop: settling of a read and the write of row 0, on the array solver"
    )
    v_write_on: float = Field(1.8, gt=0, le=1.95, description="word line when writing", json_schema_extra={"unit": "V"})
    t_write: float = Field(
        5e-8, ge=1e-8, le=1e-3, description="length of the write pulse", json_schema_extra={"unit": "s"}
    )
