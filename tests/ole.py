"""Write OLE files and HWP 5 documents, for which Python has no writer."""

import struct
import zlib
from collections.abc import Iterable

_FREE, _END, _FAT = 0xFFFFFFFF, 0xFFFFFFFE, 0xFFFFFFFD
Record = tuple[int, int, bytes]  # tag, level, content


def ole(streams: dict[str, bytes]) -> bytes:
    """An OLE file (version 3, sectors of 512 bytes) with streams such as `BodyText/Section0`.

    Each is filled up to 4 KiB, from which on streams have sectors of their own.
    """
    streams = {path: data.ljust(4096, b"\0") for path, data in streams.items()}
    storages = sorted({path.split("/")[0] for path in streams if "/" in path})
    sectors: list[bytes] = []
    fat: list[int] = []

    def store(data: bytes) -> int:
        first = len(sectors)
        count = max(1, -(-len(data) // 512))
        sectors.extend(data[at * 512 : at * 512 + 512].ljust(512, b"\0") for at in range(count))
        fat.extend([*range(first + 1, first + count), _END])
        return first

    top = [*storages, *(path for path in streams if "/" not in path)]
    paths = ["", *top, *(path for path in streams if "/" in path)]
    places = {path: store(data) for path, data in streams.items()}

    def chain(names: list[str]) -> dict[str, int]:
        """Siblings as a tree that only goes right, in the order of OLE."""
        ordered = sorted(names, key=lambda name: (len(name.split("/")[-1]), name))
        return {
            name: paths.index(after)
            for name, after in zip(ordered, [*ordered[1:], ordered[0]], strict=True)
        } | {ordered[-1]: _FREE, "first": paths.index(ordered[0])}

    siblings = {"": chain(top)}
    siblings |= {s: chain([p for p in streams if p.startswith(f"{s}/")]) for s in storages}
    entries = b""
    for path in paths:
        name = (path.split("/")[-1] or "Root Entry").encode("utf-16-le") + b"\0\0"
        inner = siblings.get(path)
        outer = siblings[path.rpartition("/")[0]] if path else {}
        kind = 5 if not path else 1 if inner else 2
        head = name.ljust(64, b"\0") + struct.pack("<HBB", len(name), kind, 1)
        tree = struct.pack(
            "<III", _FREE, outer.get(path, _FREE), inner["first"] if inner else _FREE
        )
        start, size = (places[path], len(streams[path])) if path in streams else (_END, 0)
        entries += head + tree + bytes(36) + struct.pack("<IQ", start, size)
    directory = store(entries.ljust(-(-len(entries) // 512) * 512, b"\0"))
    fats = -(-(len(sectors) + 1) // 127)
    table = [*fat, *[_FAT] * fats]
    table += [_FREE] * (fats * 128 - len(table))
    first_fat = len(sectors)
    sectors += [struct.pack("<128I", *table[at * 128 : at * 128 + 128]) for at in range(fats)]
    difat = [first_fat + at for at in range(fats)] + [_FREE] * (109 - fats)
    header = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + bytes(16)
    header += struct.pack("<HHHHH", 0x3E, 3, 0xFFFE, 9, 6) + bytes(6)
    header += struct.pack("<IIIIIIIII", 0, fats, directory, 0, 4096, _END, 0, _END, 0)
    return header + struct.pack("<109I", *difat) + b"".join(sectors)


def hwp(records: Iterable[Record], flags: int = 1) -> bytes:
    """An HWP 5 document with one section."""
    section = b""
    for tag, level, content in records:
        size = min(len(content), 0xFFF)
        section += struct.pack("<I", tag | level << 10 | size << 20)
        section += struct.pack("<I", len(content)) if size == 0xFFF else b""
        section += content
    if flags & 1:
        packer = zlib.compressobj(wbits=-15)
        section = packer.compress(section) + packer.flush()
    header = b"HWP Document File".ljust(32, b"\0") + struct.pack("<II", 0x05000300, flags)
    return ole({"FileHeader": header.ljust(256, b"\0"), "BodyText/Section0": section})


def text(level: int, content: str) -> Record:
    """A paragraph's text; a control character such as \\x0b is filled up to eight units."""
    units = "".join(c + "\ud83d\ude02    " + c if ord(c) in (2, 9, 11) else c for c in content)
    return 67, level, units.encode("utf-16-le", "surrogatepass")


def control(level: int, kind: str) -> Record:
    """A control, such as a table."""
    return 71, level, kind.encode()[::-1] + bytes(16)


def cell(level: int, row: int, column: int) -> Record:
    """The start of a cell of a table."""
    return 72, level, struct.pack("<HHIHH", 1, 0, 0, column, row) + bytes(20)


def table(level: int, rows: list[list[str]]) -> list[Record]:
    """A table, as it follows the text of a paragraph."""
    found = [control(level, "tbl "), (77, level + 1, bytes(20))]
    for number, row in enumerate(rows):
        for column, content in enumerate(row):
            found += [cell(level + 1, number, column), text(level + 2, content)]
    return found
