"""Stands before the real one on PYTHONPATH, where Kiwi must not start."""

raise ImportError("no Kiwi here")
