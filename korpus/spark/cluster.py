"""The cluster of a run."""

import tempfile
from contextlib import suppress
from functools import cached_property
from pathlib import Path
from typing import TYPE_CHECKING, Any

from korpus.spark.logs import Log
from korpus.spark.session import check_master, session
from korpus.spark.store import Store

if TYPE_CHECKING:
    from pyspark.sql import DataFrame, SparkSession


class Cluster:
    """A Spark cluster, which is started when the first documents are asked for.

    `url`: its address. Raises UsageError for a wrong one.
    """

    def __init__(self, url: str) -> None:
        check_master(url)
        self.url = url
        self.fits = False  # whether MLlib fits a model; to be said before the session starts
        self._held: list[DataFrame] = []
        self.said: list[Log] = []  # what was logged here about the start of sources
        self._read: set[tuple[str, ...]] = set()

    @cached_property
    def session(self) -> "SparkSession":
        """The session. Raises KorpusError if the cluster cannot be reached."""
        return session(self.url, fits=self.fits)

    @cached_property
    def store(self) -> Store:
        """The files that the cluster reaches."""
        return Store(self.session)

    def temporary(self, name: str) -> str:
        """A path for a temporary file of this name, which is deleted when the run ends."""
        folder = tempfile.mkdtemp(dir=self._folder.name)
        return str(Path(folder, name))

    @cached_property
    def _folder(self) -> Any:
        return tempfile.TemporaryDirectory(prefix="korpus-on-")

    def hold(self, frame: "DataFrame", *, in_memory: bool = False) -> "DataFrame":
        """Store the rows of a DataFrame when they are first computed, until the run ends.

        `in_memory`: store them in memory, and on disk those for which it is too small; by default
        all are stored on disk.
        """
        from pyspark import StorageLevel

        level = StorageLevel.MEMORY_AND_DISK if in_memory else StorageLevel.DISK_ONLY
        held = frame.persist(level)
        self._held.append(held)
        return held

    def is_first_reading(self, sources: list[str]) -> bool:
        """Whether these sources were not read before in this run; they count as read from now."""
        is_first = tuple(sources) not in self._read
        self._read.add(tuple(sources))
        return is_first

    def end(self) -> None:
        """Delete the rows stored on the cluster, and the temporary files of this machine."""
        if "session" in self.__dict__:
            for frame in self._held:
                with suppress(Exception):  # where Java has ended, the command's error says it
                    frame.unpersist()
        if "_folder" in self.__dict__:
            self._folder.cleanup()
