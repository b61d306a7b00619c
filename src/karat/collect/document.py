"""JSON documents."""

import json
from dataclasses import dataclass
from pathlib import Path
from typing import Any, ClassVar

from karat.collect.json_lines import HALF_PAIR, Kinds, is_text, parse_line
from karat.collect.limits import MAX_RATIO
from karat.collect.reading import Reading, named, quarantined
from karat.collect.records import SOURCE_ENTRY, JsonLines, to_batches
from karat.collect.stored import opened
from karat.core.errors import InputError
from karat.core.unit import Source

SURROGATES = (b"\\ud", b"\\uD", b"\xed")  # an escape, or three bytes that Python's JSON reader lets pass


@dataclass(frozen=True)
class JsonDocument(Source):
    """Reads a JSON document: an array of objects, an object of objects (its keys become column ``key``), an object that
    holds one such array, or columns as arrays of one length. It is held in memory.
    A file of JSON lines is read as such.
    Source: RFC 8259.

    Parameters
    ----------
    max_ratio : float
        Of the unpacked to the packed size.
    """

    suffixes: ClassVar[tuple[str, ...]] = (".json",)
    max_ratio: float = MAX_RATIO

    def read(self, path: Path) -> Reading:
        """The records of one file.

        Raises
        ------
        InputError
            The text is no JSON, or holds no records.
        """
        entry = {"path": str(path), **SOURCE_ENTRY}
        with opened(path, entry, self.max_ratio) as file:
            data = file.read()
        if not data.strip():
            raise InputError(f"{path} is an empty file", "Give a file with records")
        try:
            document = json.loads(data)
        except UnicodeDecodeError as error:
            raise InputError(f"{path} is not UTF-8", "Convert the file to UTF-8") from error
        except json.JSONDecodeError as error:
            if isinstance(parse_line(data.split(b"\n", 1)[0].removeprefix(b"\xef\xbb\xbf")), dict):
                return JsonLines().read(path)
            reason = f"{error.msg} in line {error.lineno}, column {error.colno}"
            raise InputError(f"{path} is not complete JSON: {reason}", "Fetch or write the file again") from error
        except RecursionError as error:
            raise InputError(f"{path} is nested too deep to be read", "Flatten it") from error
        except ValueError as error:
            raise InputError(f"{path} holds a number of thousands of digits", "Write it as text") from error
        broken: list[dict[str, Any]] = []
        rows = rows_inside(document)
        halves = any(sign in data for sign in SURROGATES) or b"\0" in data[:4]  # the latter is UTF-16 or UTF-32
        kinds = Kinds()
        records = []
        for row in rows:
            text = is_text(row) if halves else True
            if isinstance(row, dict) and text:
                kinds.add(row)
                records.append(row)
            else:
                raw = json.dumps(row, ensure_ascii=False).encode("utf-8", "surrogatepass")
                reason = f"a {type(row).__name__} where an object belongs" if text else HALF_PAIR
                broken.append(quarantined(str(path), reason, raw))
        if not kinds.seen:
            raise InputError(
                f"{path} holds a {type(document).__name__} without JSON objects in it", "Give an array of objects"
            )
        names = named(list(kinds.seen), str(path))
        return Reading(
            names, lambda: to_batches(iter(records), tuple(kinds.seen), names, entry), kinds.types(), [entry], broken
        )


def rows_inside(document: Any) -> list[Any]:
    """The records of a JSON document: the document itself, or a list inside of it."""
    if isinstance(document, list):
        return document
    if not isinstance(document, dict):
        return []
    values = list(document.values())
    lists = [v for v in values if isinstance(v, list)]
    tables = [v for v in lists if v and all(isinstance(row, dict) for row in v)]
    if len(tables) == 1:
        return list(tables[0])
    if values and len(lists) == len(values) and len({len(v) for v in lists}) == 1:
        return [dict(zip(document, row, strict=True)) for row in zip(*lists, strict=True)]
    if len(values) > 1 and all(isinstance(v, dict) for v in values):
        key = "key" if not any("key" in v for v in values) else "_key"
        return [{key: name, **value} for name, value in document.items()]
    return [document] if values else []
