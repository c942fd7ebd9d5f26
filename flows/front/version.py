"""The version installed."""

from importlib.metadata import version

__version__ = version("analoom")
