"""Files where the cluster has them: shared folders, HDFS and object stores, by Hadoop's clients."""

import logging
import re
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from secrets import token_hex
from typing import TYPE_CHECKING, Any, NamedTuple

from korpus.errors import KorpusError
from korpus.messages import _
from korpus.spark.session import failure, has_ended

if TYPE_CHECKING:
    from pyspark.sql import SparkSession

logger = logging.getLogger("korpus")

MARK = "_SUCCESS"  # a folder of part files that is complete has it
_REMOTE = re.compile(r"([a-z][a-z0-9+.-]+)://", re.IGNORECASE)
# The packages with the clients that pyspark does not contain, by scheme.
_CLIENTS = {
    "s3a": "hadoop-aws",
    **dict.fromkeys(("abfs", "abfss", "wasb", "wasbs"), "hadoop-azure"),
    "gs": "hadoop-gcp",
}
_NO_CLIENT = re.compile(r"ClassNotFoundException|No FileSystem for scheme")
# Where a rename copies all data, or is not whole: their own committers write in place.
_OBJECT_STORES = ("s3", "s3a", "s3n", "gs", "wasb", "wasbs", "oss", "cosn")


class Stored(NamedTuple):
    """A file: its address, its name for records and messages, and its bytes."""

    url: str
    name: str
    size: int


def is_remote(path: str) -> bool:
    """Whether a path is an address, such as hdfs://… or s3a://…; file:// is this machine."""
    found = _REMOTE.match(path)
    return found is not None and found[1].lower() != "file"


def plain(path: str) -> str:
    """A path of this machine without file:// before it."""
    return re.sub(r"^file://(localhost)?(?=/)", "", path, flags=re.IGNORECASE)


class Store:
    """The files that a session can reach."""

    def __init__(self, session: "SparkSession") -> None:
        self._session = session
        self._java: Any = session._jvm
        self._settings: Any = session._jsc.hadoopConfiguration()

    def _at(self, url: str) -> tuple[Any, Any]:
        path = self._java.org.apache.hadoop.fs.Path(url)
        return path.getFileSystem(self._settings), path

    @contextmanager
    def _errors(self, url: str) -> Iterator[None]:
        from py4j.protocol import Py4JJavaError

        try:
            yield
        except Py4JJavaError as error:
            reason = str(error.java_exception.getMessage()).splitlines()[0]
            raise self._failure(url, reason) from None
        except Exception as error:
            raise (failure(error) if has_ended(error) else error) from None

    def _failure(self, url: str, reason: str) -> KorpusError:
        if not _NO_CLIENT.search(reason):
            return KorpusError(
                _("{name}: the cluster cannot use it ({reason})").format(name=url, reason=reason),
                _("check the address, and what the cluster may read and write"),
            )
        scheme = url.partition(":")[0].lower()
        hint = _("the schemes it may have: {names}").format(names="hdfs, s3a, abfs, abfss, gs")
        if scheme in _CLIENTS:
            version = self._java.org.apache.hadoop.util.VersionInfo.getVersion()
            package = f"org.apache.hadoop:{_CLIENTS[scheme]}:{version}"
            hint = _("load it: {setting}").format(
                setting=f'export PYSPARK_SUBMIT_ARGS="--packages {package} pyspark-shell"'
            )
        return KorpusError(_("{name}: Spark has no client for it here").format(name=url), hint)

    def restore(self, url: str) -> None:
        """Give a folder back the name that a driver took from it that was killed just then.

        That is where `_put` renames the old output before the new one; the old one is then whole.
        """
        with self._errors(url):
            store, path = self._at(url)
            if store.exists(path) or not store.exists(path.getParent()):
                return
            names = [one.getPath() for one in store.listStatus(path.getParent())]
            old = [one for one in names if is_old_name(one.getName(), path.getName())]
            if old and store.rename(old[0], path):
                logger.warning(
                    _("%s: a run was killed while it replaced this; it is the old one again"),
                    url.removeprefix("file:"),
                )

    def files(self, url: str) -> list[Stored]:
        """A file, or the files in a folder and its subfolders by path, without hidden ones.

        Raises KorpusError if there is nothing.
        """
        self.restore(url)
        with self._errors(url):
            store, path = self._at(url)
            if not store.exists(path):
                raise KorpusError(_("{name} does not exist").format(name=url))
            top = store.getFileStatus(path)
            root = str(top.getPath().toString())
            if not top.isDirectory():
                return [Stored(root, url, int(top.getLen()))]
            found: list[Stored] = []
            files = store.listFiles(path, True)
            while files.hasNext():
                one = files.next()
                address = str(one.getPath().toString())
                inside = address[len(root) :].lstrip("/")
                if not any(part.startswith((".", "_")) for part in inside.split("/")):
                    found.append(Stored(address, inside, int(one.getLen())))
        return sorted(found)

    def exists(self, url: str) -> bool:
        """Whether there is a file or a folder."""
        with self._errors(url):
            store, path = self._at(url)
            return bool(store.exists(path))

    def is_folder(self, url: str) -> bool:
        """Whether there is a folder."""
        with self._errors(url):
            store, path = self._at(url)
            return bool(store.exists(path) and store.getFileStatus(path).isDirectory())

    def is_own(self, url: str) -> bool:
        """Whether a folder is one that Spark completed, or empty: one that may be replaced."""
        with self._errors(url):
            store, path = self._at(url)
            inside = [str(one.getPath().getName()) for one in store.listStatus(path)]
        return not inside or MARK in inside

    def start(self, url: str, size: int) -> bytes:
        """The first bytes of a file."""
        with self._errors(url):
            store, path = self._at(url)
            stream = store.open(path)
            try:
                length = min(size, int(store.getFileStatus(path).getLen()))
                return bytes(self._java.org.apache.commons.io.IOUtils.toByteArray(stream, length))
            finally:
                stream.close()

    def download(self, url: str, local: str) -> None:
        """Copy a file to this machine."""
        with self._errors(url):
            store, path = self._at(url)
            target = self._java.org.apache.hadoop.fs.Path(f"file://{local}")
            store.copyToLocalFile(False, path, target, True)

    def upload(self, local: str, url: str) -> None:
        """Copy a file of this machine to where it appears whole, in the place of another."""
        with self._errors(url):
            store, path = self._at(url)
            source = self._java.org.apache.hadoop.fs.Path(f"file://{local}")
            if _is_object_store(url):  # a file appears there when it is complete
                store.copyFromLocalFile(False, True, source, path)
                return
            temporary = self._beside(path, "part")
            try:
                store.copyFromLocalFile(False, True, source, temporary)
                self._put(store, temporary, path)
            finally:
                store.delete(temporary, True)

    @contextmanager
    def new_folder(self, url: str, suffix: str) -> Iterator[str]:
        """The address of a folder to write, which takes the place of `url` at the end of the block.

        `suffix`: that its files get. Where the block ends with an error, nothing changes. In object
        stores this is `url` itself, which the committer of the cluster fills.
        """
        if _is_object_store(url):
            yield url
            return
        self.restore(url)
        with self._errors(url):
            store, path = self._at(url)
            temporary = self._beside(path, "part")
        try:
            yield str(temporary.toString())
            with self._errors(url):
                self._name_parts(store, temporary, suffix)
                self._put(store, temporary, path)
        finally:
            with suppress(Exception):  # else it would hide the error of the block
                store.delete(temporary, True)

    def _beside(self, path: Any, kind: str) -> Any:
        name = f".{path.getName()}.{token_hex(4)}.{kind}"
        return self._java.org.apache.hadoop.fs.Path(path.getParent(), name)

    def _name_parts(self, store: Any, folder: Any, suffix: str) -> None:
        """Name files part-00000 and so on, with the suffix of what is in them."""
        inside = sorted(
            (one.getPath() for one in store.listStatus(folder)), key=lambda one: one.getName()
        )
        parts = [one for one in inside if one.getName().startswith("part-")]
        for number, one in enumerate(parts):
            name = f"part-{number:05d}{suffix}"
            store.rename(one, self._java.org.apache.hadoop.fs.Path(folder, name))

    def _put(self, store: Any, temporary: Any, path: Any) -> None:
        """Rename, in the place of what is there, which goes last."""
        old = None
        if store.exists(path):
            old = self._beside(path, "old")
            store.rename(path, old)
        if not store.rename(temporary, path):
            if old is not None:
                store.rename(old, path)
            raise KorpusError(
                _("{output}: cannot be written ({reason})").format(
                    output=path.toString(), reason=_("the cluster refused to rename it")
                ),
                _("choose another place"),
            )
        if old is not None:
            store.delete(old, True)


def is_old_name(name: str, of: str) -> bool:
    """Whether a file is an output with the name `of` that is being replaced."""
    return re.fullmatch(rf"\.{re.escape(of)}\.[0-9a-f]{{8}}\.old", name) is not None


def _is_object_store(url: str) -> bool:
    found = _REMOTE.match(url)
    return found is not None and found[1].lower() in _OBJECT_STORES
