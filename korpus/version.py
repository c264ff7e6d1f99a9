"""The version of korpus."""

__version__ = "0.1.0"
