"""The plain data of a stream that belongs to the structure of the file: cross-references and object streams."""

from __future__ import annotations

import zlib

from zone.letters.encryption.syntax import NotSpliceable, Value


def unpacked(data: memoryview, entries: dict[bytes, Value], most: int) -> bytes:
    """`data` under no filter or under FlateDecode, its PNG predictor undone; at most `most` bytes.

    Raises `NotSpliceable`.
    """
    kind, parameters = _alone(entries.get(b"Filter")), _alone(entries.get(b"DecodeParms"))
    if kind is None and parameters is None:
        return bytes(data)
    if kind != b"FlateDecode" or not isinstance(parameters, dict | None):
        raise NotSpliceable("a stream of the structure has an unusual filter")
    inflate = zlib.decompressobj()
    try:
        plain = inflate.decompress(data, most + 1)
    except zlib.error as error:
        raise NotSpliceable("a stream of the structure is damaged") from error
    if len(plain) > most or not inflate.eof:
        raise NotSpliceable("a stream of the structure is too large or incomplete")
    return _unpredicted(plain, parameters or {})


def _alone(value: Value) -> Value:
    return value[0] if isinstance(value, list) and len(value) == 1 else value


def _unpredicted(data: bytes, parameters: dict[bytes, Value]) -> bytes:
    """Undo the predictor where rows are of kind 0 (none) or 2 (up), as everybody writes them (7.4.4.4)."""
    predictor, columns = parameters.get(b"Predictor", 1), parameters.get(b"Columns", 1)
    if predictor == 1:
        return data
    if (
        set(parameters) - {b"Predictor", b"Columns"}
        or not (isinstance(predictor, int) and 10 <= predictor <= 15)
        or not (isinstance(columns, int) and 0 < columns <= 24)
        or len(data) % (columns + 1)
    ):
        raise NotSpliceable("a stream of the structure has an unusual predictor")
    above, rows = bytes(columns), []
    for at in range(0, len(data), columns + 1):
        row = data[at + 1 : at + columns + 1]
        if data[at] == 2:
            row = bytes((here + there) & 255 for here, there in zip(row, above, strict=True))
        elif data[at] != 0:
            raise NotSpliceable("a stream of the structure has an unusual predictor")
        rows.append(row)
        above = row
    return b"".join(rows)
