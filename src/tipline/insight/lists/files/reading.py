"""Files of entries read as a stream, in the memory of one entry."""

from __future__ import annotations

import codecs
import csv
import io
from collections.abc import Collection, Iterator
from typing import Any, BinaryIO, Final

import ijson

from tipline.insight.lists.files import rules_csv, rules_vics
from tipline.insight.lists.files.rules_rows import Row
from tipline.insight.lists.rules_entries import Wrong

FORMS: Final = ("vics", "csv")
#: One entry with all that stands around it; a longer one is no entry.
MOST_BYTES = 4 * 1024 * 1024
MOST_DEPTH = 1_000
_PIECE = 64 * 1024
_DELIMITERS = ",;\t"


def rows(file: BinaryIO, form: str, only: Collection[int] = ()) -> Iterator[Row]:
    """Every entry of a file with its line. What ends the reading is the last row, and wrong."""
    read = _vics if form == "vics" else _csv
    yield from read(file, only)


def form_of(name: str) -> str:
    """Vics or csv, by a file's name."""
    return "csv" if name.lower().endswith((".csv", ".tsv", ".txt")) else "vics"


def _vics(file: BinaryIO, only: Collection[int]) -> Iterator[Row]:
    try:
        prefix, dialect = _shape(file)
        file.seek(0)
        for number, (line, record) in enumerate(_records(file, prefix), 1):
            yield rules_vics.row_of(record, line, number, dialect, only)
    except _Unreadable as error:
        yield Row(error.line, 0, wrong=(Wrong("file", error.fix),))


class _Unreadable(Exception):  # noqa: N818 - says what the file is
    def __init__(self, line: int, fix: str) -> None:
        self.line, self.fix = line, fix
        super().__init__(fix)


def _shape(file: BinaryIO) -> tuple[str, str]:
    """Where media records stand, and the dialect: told by the first record."""
    events: Any = ijson.sendable_list()
    parser, dialect, seen = ijson.parse_coro(events, use_float=True), "", 0
    nest = _Nest()
    for line, piece in _pieces(file):
        nest.enter(piece, line)
        _send(parser, piece, line)
        for prefix, event, value in events:
            if prefix == "@odata.context" and event == "string":
                dialect = rules_vics.dialect_of(value)
            if event == "map_key" and prefix == "value.item":
                if value == "Media":
                    return "value.item.Media.item", dialect
                if value in _OF_MEDIA:
                    return "value.item", dialect
        del events[:]
        seen += len(piece)
        if seen > MOST_BYTES:
            break
    return "value.item.Media.item", dialect


_OF_MEDIA: Final = frozenset({"MediaID", "MD5", "SHA1", "Category", "AlternativeHashes"})


def _records(file: BinaryIO, prefix: str) -> Iterator[tuple[int, Any]]:
    """(line on which it ends, record) of each record under this prefix."""
    found: Any = ijson.sendable_list()
    parser, since, line, nest = ijson.items_coro(found, prefix, use_float=True), 0, 1, _Nest()
    for line, piece in _pieces(file):
        nest.enter(piece, line)
        _send(parser, piece, line)
        for record in found:
            yield line, record
        since = 0 if found else since + len(piece)
        if found:
            nest.leave()
        del found[:]
        if since > MOST_BYTES:
            raise _Unreadable(line, f"more than {MOST_BYTES} bytes without an entry")
    try:
        parser.close()
    except ijson.JSONError as error:
        raise _Unreadable(line, f"is cut off or no JSON: {_told(error)}") from error


class _Nest:
    """How deeply what is read is nested: the parser's work grows with the square of it.

    Brackets in texts count as well, so it starts anew with each entry; an honest file is five
    levels deep.
    """

    def __init__(self) -> None:
        self._depth = 0

    def leave(self) -> None:
        self._depth = 0

    def enter(self, piece: bytes, line: int) -> None:
        for bracket in piece.translate(None, _NO_BRACKETS):
            self._depth = self._depth + 1 if bracket in b"[{" else max(0, self._depth - 1)
            if self._depth > MOST_DEPTH:
                raise _Unreadable(line, f"is nested more than {MOST_DEPTH} levels deep")


_NO_BRACKETS: Final = bytes(set(range(256)) - set(b"[]{}"))


def _send(parser: Any, piece: bytes, line: int) -> None:
    try:
        parser.send(piece)
    except (ijson.JSONError, UnicodeDecodeError, ValueError, StopIteration) as error:
        raise _Unreadable(line, f"is no JSON: {_told(error)}") from error


def _told(error: Exception) -> str:
    """The first line of what the parser says, without what it quotes of the file."""
    return str(error).splitlines()[0][:100] if str(error) else type(error).__name__


def _pieces(file: BinaryIO) -> Iterator[tuple[int, bytes]]:
    """(number of the line, bytes of it), long lines in several pieces; without a byte order mark.

    The last line of what is read at once is not split, so that few pieces are made.
    """
    line, first = 1, True
    while block := file.readline(_PIECE):
        if first and block.startswith(codecs.BOM_UTF8):
            block = block[len(codecs.BOM_UTF8) :]
        first = False
        yield line, block
        line += block.endswith(b"\n")


def _csv(file: BinaryIO, _only: Collection[int]) -> Iterator[Row]:
    text = io.TextIOWrapper(file, encoding="utf-8-sig", newline="")
    try:
        yield from _lines(text)
    except UnicodeDecodeError:
        yield Row(0, 0, wrong=(Wrong("file", "is not UTF-8 text: save it as UTF-8"),))
    finally:
        text.detach()


def _lines(text: io.TextIOWrapper) -> Iterator[Row]:
    first = text.readline(_PIECE)
    delimiter = max(_DELIMITERS, key=first.count)
    header = next(csv.reader([first], delimiter=delimiter), [])
    if wrong := rules_csv.wrong_with_header(header):
        yield Row(1, 0, wrong=tuple(wrong))
        return
    reader = csv.reader(_bounded(text), delimiter=delimiter, strict=True)
    columns, number = rules_csv.columns_in(header), 0
    try:
        for cells in reader:
            if any(cell.strip() for cell in cells):
                number += 1
                yield rules_csv.row_of(cells, columns, reader.line_num + 1, number)
    except csv.Error as error:
        yield Row(reader.line_num + 1, 0, wrong=(Wrong("file", f"cannot be read: {error}"),))


def _bounded(text: io.TextIOWrapper) -> Iterator[str]:
    while line := text.readline(MOST_BYTES):
        if len(line) == MOST_BYTES:
            raise csv.Error(f"a line has more than {MOST_BYTES} characters")
        yield line
