"""What there is to read: files found, told apart by their first bytes and endings, and large ones cut."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from glob import glob, has_magic
from pathlib import Path, PurePosixPath

from karat.collect.encoding import detect
from karat.collect.files import files_below
from karat.collect.json_lines import parse_line, text_column
from karat.collect.limits import COLUMNS_RATIO_FROM, MAX_RATIO, ratio_error
from karat.collect.parquet import first_records
from karat.collect.piece import Piece
from karat.collect.stored import foreign, missing_file
from karat.collect.unpacked import Unpacked
from karat.core.errors import InputError

PIECE_BYTES = 32 << 20  # cost: of a piece that one worker reads
SAMPLE_BYTES = 1 << 20  # cost: of the beginning, by which a file's form is told
LONG_FILE_BYTES = 8 << 20  # a text file beyond is a document a line, as language-model corpora are passed on
PACKED = (".gz", ".zst", ".lz4", ".bad")
FORMS = {
    ".jsonl": "json lines",
    ".ndjson": "json lines",
    ".json": "json lines",
    ".csv": "table",
    ".tsv": "table",
    ".parquet": "parquet",
    ".pq": "parquet",
    ".txt": "files",
    ".text": "files",
    ".md": "files",
    ".html": "files",
    ".htm": "files",
    ".xhtml": "files",
    ".warc": "archive",
    ".wet": "archive",
    ".wat": "archive",
    ".arc": "archive",
}
ARCHIVE_COLUMNS = ("url", "date", "text", "_offset")
FILE_COLUMNS = ("path", "text")


@dataclass(frozen=True)
class _File:
    path: Path
    name: str
    form: str
    packed: bool


def pieces(data: str | Path | Sequence[str | Path], target_bytes: int = PIECE_BYTES) -> list[Piece]:
    """Cut a corpus into pieces that can be read apart.

    Plain JSON lines and long plain texts are cut at line ends into ranges of about ``target_bytes``, Parquet at row
    groups, small documents are put together; a compressed file, an archive or a CSV file is one piece.

    Parameters
    ----------
    data : str, Path or list of them
        A file, a folder, a glob.
    target_bytes : int
        Aimed size of a piece; larger than 0.

    Raises
    ------
    InputError
        No such file, no file of a known form, or no column with texts.
    """
    files = sorted(set(_files(data)), key=lambda file: file.path.as_posix())
    if not files:
        raise InputError(f"{data} holds no files with texts", f"Known endings: {' '.join(sorted(FORMS))}")
    out: list[Piece] = []
    loose: list[_File] = []
    size = 0
    for file in files:
        small = file.form == "files" and not (len(files) == 1 and _is_long(file))
        if loose and (not small or size >= target_bytes):
            out.append(_together(loose))
            loose, size = [], 0
        if small:
            loose.append(file)
            size += file.path.stat().st_size
        else:
            out += _cut(file, target_bytes)
    return [*out, _together(loose)] if loose else out


def _files(data: str | Path | Sequence[str | Path]) -> Iterator[_File]:
    if isinstance(data, (list, tuple)):
        for place in data:
            yield from _files(place)
        return
    path = Path(str(data)).expanduser()
    if path.is_dir():
        for file in files_below(path):
            form = _form(file)
            if form:
                yield _File(file, file.relative_to(path).as_posix(), form, _packed(file))
    elif path.exists():
        yield _named(path)
    elif has_magic(str(data)):
        matched = sorted(Path(p) for p in glob(str(path), recursive=True) if Path(p).is_file())  # noqa: PTH207  the pattern may be absolute
        if not matched:
            raise InputError(f"no file matches the pattern {data}", "Check the pattern")
        yield from map(_named, matched)
    else:
        raise missing_file(path)


def _named(path: Path) -> _File:
    """A file that was asked for by its name."""
    form = _form(path)
    if form is None:
        known = f"known: {' '.join(sorted(FORMS))}"
        raise InputError(f"{path} ends in {path.suffix!r}, which is not a supported text format", known)
    return _File(path, path.name, form, _packed(path))


def cuttable(data: str | Path | Sequence[str | Path]) -> bool:
    """Can files be cut as they are? One of another form is read by its source and written down first."""
    path = Path(str(data)) if isinstance(data, (str, Path)) else None
    return path is None or not path.is_file() or _form(path) is not None


def _form(path: Path) -> str | None:
    """The form of a file by its endings (``a.jsonl.gz``), whatever stands behind them (``a.warc.gz.bad``)."""
    endings = [ending.lower() for ending in PurePosixPath(path.name).suffixes]
    for ending in endings:
        if FORMS.get(ending) == "archive":
            return "archive"
    while endings and endings[-1] in PACKED:
        endings.pop()
    return FORMS.get(endings[-1]) if endings else None


def _packed(path: Path) -> bool:
    return path.suffix.lower() in PACKED


def _is_long(file: _File) -> bool:
    texts = (".txt", ".text")
    with Unpacked(file.path) as content:
        return any(ending in file.path.name.lower() for ending in texts) and (
            len(content.read(LONG_FILE_BYTES + 1)) > LONG_FILE_BYTES
        )


def _together(files: list[_File]) -> Piece:
    paths, names = tuple(str(file.path) for file in files), tuple(file.name for file in files)
    return Piece("files", paths, names, FILE_COLUMNS, size_bytes=sum(file.path.stat().st_size for file in files))


def _cut(file: _File, target_bytes: int) -> list[Piece]:
    size = file.path.stat().st_size
    whole = Piece(file.form, (str(file.path),), (file.name,), (), size_bytes=size)
    if file.form == "archive":
        return [replace(whole, columns=ARCHIVE_COLUMNS)]
    if file.form == "parquet":
        return _row_groups(whole, target_bytes)
    if file.form == "table" or (file.form == "json lines" and _is_document(file)):
        return [_table(whole)]
    codec, columns, text = _looked_at(file)
    whole = replace(whole, columns=columns, text=text, codec=codec)
    if file.form == "files":
        whole = replace(whole, form="lines", columns=("text",))
    wide = codec.startswith(("utf-16", "utf-32"))
    return [whole] if file.packed or wide else _ranges(whole, target_bytes)


def _is_document(file: _File) -> bool:
    """Is it one JSON document, an array of records, not a record a line?"""
    if ".json" not in PurePosixPath(file.path.name.lower()).suffixes:
        return False
    with Unpacked(file.path) as content:
        head = content.read(SAMPLE_BYTES).removeprefix(b"\xef\xbb\xbf").lstrip()
    return not isinstance(parse_line(head.split(b"\n", 1)[0]), dict)


def _looked_at(file: _File) -> tuple[str, tuple[str, ...], str]:
    """Codec, columns and the column of documents, from the beginning of a file."""
    with Unpacked(file.path) as content:
        head = content.read(SAMPLE_BYTES)
        whole = len(head) < SAMPLE_BYTES
    other = foreign(head)
    if other:
        raise InputError(f"{file.path} is not {file.form}: it is {other}", "Give the file its right ending")
    encoding = detect(head, whole, str(file.path))
    if file.form == "files":
        return encoding.codec, (), "text"
    body = head[encoding.mark :].decode(encoding.codec, "replace")
    lines = body.split("\n")
    values: dict[str, list[str]] = {}
    order: dict[str, None] = {}
    for line in lines if whole else lines[:-1] or lines:
        record = parse_line(line.encode()) if line.strip() else ""
        for key, value in record.items() if isinstance(record, dict) else ():
            order[key] = None
            if isinstance(value, str):
                values.setdefault(key, []).append(value)
    return encoding.codec, tuple(order) or ("text",), text_column(values) or "text"


def _ranges(whole: Piece, target_bytes: int) -> list[Piece]:
    """Ranges that end behind a line feed."""
    edges: list[tuple[int, int]] = [(0, 1)]
    offset, line = 0, 1
    with Path(whole.path).open("rb") as file:
        while data := file.read(min(target_bytes, 8 << 20)):
            if offset + len(data) - edges[-1][0] >= target_bytes:
                cut = data.rfind(b"\n") + 1
                if cut:
                    edges.append((offset + cut, line + data.count(b"\n", 0, cut)))
            offset, line = offset + len(data), line + data.count(b"\n")
    if edges[-1][0] >= offset and len(edges) > 1:
        edges.pop()
    ends = [*(begin for begin, _ in edges[1:]), offset]
    return [
        replace(whole, begin=begin, end=end, line=first, size_bytes=end - begin)
        for (begin, first), end in zip(edges, ends, strict=True)
    ]


def _row_groups(whole: Piece, target_bytes: int) -> list[Piece]:
    import pyarrow as pa
    import pyarrow.parquet as pq

    from karat.collect.typed import as_text, whole_file_wanted

    try:
        with pq.ParquetFile(whole.path) as file:
            sizes = [file.metadata.row_group(at).total_byte_size for at in range(file.metadata.num_row_groups)]
            columns, records = tuple(file.schema_arrow.names), file.metadata.num_rows
        first = first_records(Path(whole.path), 512)
    except (pa.ArrowInvalid, OSError) as error:
        raise whole_file_wanted("Parquet file", whole.path, error) from error
    kinds = (pa.string(), pa.large_string(), pa.string_view())
    texts = {
        name: [value or "" for value in as_text(first[name]).to_pylist()]
        for name in columns
        if first is not None and (first[name].type in kinds or pa.types.is_dictionary(first[name].type))
    }
    unpacked = sum(len(value) for values in texts.values() for value in values) / max(1, len(first or ())) * records
    if unpacked > max(COLUMNS_RATIO_FROM, MAX_RATIO * Path(whole.path).stat().st_size):
        raise ratio_error(Path(whole.path), MAX_RATIO)
    text = text_column(texts)
    if text is None and first is not None:
        there = ", ".join(f"{name} ({first[name].type})" for name in columns)
        raise InputError(
            f"{whole.path} has no column of texts, only {there}", "Join lists of texts, or name another file"
        )
    whole = replace(whole, columns=columns, text=text or "text")
    out: list[Piece] = []
    begin, size = 0, 0
    for at, more in enumerate(sizes):
        size += more
        if size >= target_bytes or at == len(sizes) - 1:
            out.append(replace(whole, begin=begin, end=at + 1, size_bytes=size))
            begin, size = at + 1, 0
    return out


def _table(whole: Piece) -> Piece:
    from karat.collect.read import open_data

    reading = open_data(whole.path)
    first = next(reading.batches(), None)
    texts = {
        name: first[name].slice(0, 2_000).drop_null().to_pylist()
        for name in reading.names
        if first is not None and reading.types.get(name, "") == ""
    }
    return replace(whole, form="table", columns=tuple(reading.names), text=text_column(texts) or reading.names[0])
