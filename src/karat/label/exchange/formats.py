"""Which annotation tool a file is of, and the way to and from it."""

import zipfile
from pathlib import Path

from karat.core.errors import InputError, OptionError
from karat.label.exchange.annotation_files import AnnotationFormat, AnnotationReading, AnnotationSource
from karat.label.exchange.argilla import Argilla
from karat.label.exchange.coco import Coco
from karat.label.exchange.conll import Conll
from karat.label.exchange.doccano import Doccano
from karat.label.exchange.label_studio import LabelStudio

FORMATS: dict[str, AnnotationFormat] = {
    entry.name: entry for entry in (LabelStudio(), Argilla(), Coco(), Doccano(), Conll())
}
ENDINGS = (".json", ".jsonl", ".csv", ".conll", ".bio", ".iob", ".txt", ".tsv", ".zip")
HEAD_BYTES = 1 << 22  # cost: what is read to recognise a format; a longer first record leaves a file unrecognised
MOST_BYTES = 1 << 30  # cost: memory of a file from an annotation tool


def read_annotations(path: str, asked: str = "auto", control: str = "") -> AnnotationReading | None:
    """Votes in the file of an annotation tool; None where it is of none.

    Parameters
    ----------
    path : str
        A file, or a zip with one file an annotator.
    asked : str
        A name in ``FORMATS``, "table" for a plain table of votes, or "auto".
    control : str
        The question whose answers are votes; "" takes the one answered most often.
    """
    if asked == "table":
        return None
    if asked not in (*FORMATS, "auto"):
        raise OptionError.unknown("format of annotations", asked, (*FORMATS, "table", "auto"), "--from")
    place = Path(path)
    if asked == "auto" and (place.suffix.lower() not in ENDINGS or not place.is_file()):
        return None
    if not place.is_file():
        raise InputError(f"{path} not found", "Check the path")
    heads = _sources(place, HEAD_BYTES)
    if asked == "auto":
        asked = next((name for name, entry in FORMATS.items() if heads and entry.matches(heads[0])), "")
        if not asked and place.stat().st_size > HEAD_BYTES and Coco.name in FORMATS:
            asked = Coco.name if _holds_images(heads) else ""
    return FORMATS[asked].read(_sources(place, MOST_BYTES), control) if asked else None


def format_named(name: str) -> AnnotationFormat:
    """A format by its name. Raises OptionError for an unknown one."""
    if name not in FORMATS:
        raise OptionError.unknown("format of annotations", name, FORMATS, "--to")
    return FORMATS[name]


def _holds_images(heads: list[AnnotationSource]) -> bool:
    """COCO in one long object is cut off in its head: the names of its parts tell."""
    return any(
        head.text.lstrip()[:1] == "{" and '"images"' in head.text and '"file_name"' in head.text for head in heads
    )


def _sources(place: Path, most: int) -> list[AnnotationSource]:
    try:
        if place.suffix.lower() == ".zip":
            with zipfile.ZipFile(place) as packed:
                files = sorted(info.filename for info in packed.infolist() if not info.is_dir())
                wanted = [
                    name for name in files if Path(name).suffix.lower() in ENDINGS[:-1] and not name.startswith("__")
                ]
                sources = []
                for name in wanted:
                    with packed.open(name) as file:
                        sources.append(
                            AnnotationSource(Path(name).stem, _text(file.read(most), cut=most == HEAD_BYTES))
                        )
                return sources
        with place.open("rb") as file:
            return [AnnotationSource(place.stem, _text(file.read(most), cut=most == HEAD_BYTES))]
    except zipfile.BadZipFile as error:
        raise InputError(f"{place} is no zip file: {error}", "Export it again") from None
    except UnicodeDecodeError as error:
        if most == HEAD_BYTES:
            return []
        raise InputError(f"{place} is not UTF-8: {error.reason} at byte {error.start}", "Save it as UTF-8") from None


def _text(content: bytes, *, cut: bool) -> str:
    return content.decode("utf-8", "ignore" if cut else "strict")
