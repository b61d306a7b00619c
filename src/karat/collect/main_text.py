"""The text of a page that a reader came for, without menus, notices and comments."""

import logging
import re
from typing import Any

from karat.core.errors import InputError, MissingExtraError
from karat.core.release import install

MOST_CHARACTERS = 4 << 20  # cost: a longer page is no article; the fast way reads it
UNFIT = re.compile(r"[\x00-\x08\x0b\x0c\x0e-\x1f\ud800-\udfff]")
META = re.compile(rb"""<meta[^>]{0,200}?charset\s*=\s*["']?\s*([a-zA-Z0-9_:.\-]+)""", re.IGNORECASE)
CURE = install("text")


def main_text(page: str) -> str | None:
    """The main text of an HTML page, paragraphs by line; None when there is none.

    trafilatura finds it; where that finds nothing or fails, resiliparse does. Neither asks the network.

    Source: Barbaresi (2021), Trafilatura, ACL; Bevendorff et al. (2018), Elastic ChatNoir, ECIR.

    Raises
    ------
    InputError
        The libraries of the extra ``text`` are not installed.
    """
    if not page or page.isspace():
        return None
    page = UNFIT.sub(" ", page)
    text = None
    if len(page) <= MOST_CHARACTERS:
        try:
            text = _trafilatura().extract(page, include_comments=False, favor_precision=True)
        except InputError:
            raise
        except Exception:  # noqa: BLE001  whatever a page does to a parser, the next way is tried
            text = None
    return (text or _plain(page) or "").strip() or None


def _trafilatura() -> Any:
    try:
        import trafilatura
    except ImportError as error:
        raise missing_extra("pages of HTML") from error
    logging.getLogger("trafilatura").setLevel(logging.CRITICAL)
    return trafilatura


def _plain(page: str) -> str | None:
    try:
        from resiliparse.extract.html2text import extract_plain_text
    except ImportError as error:
        raise missing_extra("pages of HTML") from error
    try:
        text: str = extract_plain_text(page, main_content=True, alt_texts=False)
    except Exception:  # noqa: BLE001  a page that no parser reads has no text
        return None
    return text


def missing_extra(what: str) -> MissingExtraError:
    """The error where a library of the extra ``text`` is missing."""
    return MissingExtraError(f"reading {what} needs the extra 'text', which is not installed", CURE)


def page_text(data: bytes, charset: str | None = None) -> str:
    """Bytes of a page as text: by its mark, what the server said, what the page says, else by its bytes."""
    from karat.collect.encoding import BOMS, detect

    for mark, codec in BOMS:
        if data.startswith(mark):
            return data[len(mark) :].decode(codec, "replace")
    said = META.search(data[:4096])
    for name in (charset, said[1].decode("ascii") if said else None):
        text = _decoded(data, name)
        if text is not None:
            return text
    try:
        encoding = detect(data[: 1 << 18], len(data) <= 1 << 18, "", 0.0)
    except InputError:
        return data.decode("utf-8", "replace")
    return data[encoding.mark :].decode(encoding.codec, "replace")


def _decoded(data: bytes, name: str | None) -> str | None:
    """The text, when the named codec is known and nearly all of the bytes are of it."""
    if not name:
        return None
    # what pages call Latin-1 is Windows-1252, and GB 2312 is what GB 18030 contains (WHATWG Encoding Standard)
    codec = {"iso-8859-1": "cp1252", "latin-1": "cp1252", "us-ascii": "cp1252", "gb2312": "gb18030", "gbk": "gb18030"}
    try:
        text = data.decode(codec.get(name.lower(), name.lower()), "replace")
    except (LookupError, UnicodeError):
        return None
    return text if text.count("\ufffd") <= 0.01 * len(text) else None
