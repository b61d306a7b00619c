"""CoNLL: a token a line with its tag last, a blank line between sentences; BIO, BIOES or the IOB of 2003.

Source: Tjong Kim Sang and De Meulder 2003. A sentence is an item, its text the tokens with a blank between them;
a file is an annotator.
"""

import re
from collections.abc import Iterator, Sequence
from typing import Any

import pyarrow as pa

from karat.core.errors import InputError
from karat.label.exchange.annotation_files import (
    AnnotationReading,
    AnnotationSource,
    Ledger,
    as_json,
    by_item,
    item_columns,
    listed,
    vote_columns,
)

TAG = re.compile(r"^(O|[BIESLUM]-\S+)$")
DOCUMENT = "-DOCSTART-"
MOST_LOOKED_AT = 200  # cost: lines by which a file is recognised
OUTSIDE = "O"

Sentence = list[list[str]]


class Conll:
    """Files of tokens and tags."""

    name = "conll"
    file_name = "labels.conll"

    def matches(self, source: AnnotationSource) -> bool:
        """Every line has a token and ends in a tag such as O, B-PER or S-LOC."""
        lines = [line for line in source.text.splitlines()[:MOST_LOOKED_AT] if line.strip()]
        columns = [line.split() for line in lines]
        tagged = [len(cells) > 1 and bool(TAG.match(cells[-1])) for cells in columns]
        return bool(lines) and all(tagged) and any(cells[-1] != OUTSIDE for cells in columns)

    def read(self, sources: Sequence[AnnotationSource], control: str) -> AnnotationReading:
        """Spans of characters from tags."""
        ledger = Ledger()
        votes: list[tuple[str, str, str | None, float | None]] = []
        texts: dict[str, str] = {}
        for source in sources:
            for at, sentence in enumerate(_sentences(source.text)):
                wrong = [cells for cells in sentence if len(cells) < 2 or not TAG.match(cells[-1])]
                text = " ".join(cells[0] for cells in sentence)
                if wrong:
                    ledger.unread["sentences with a line that has no tag"] += 1
                    continue
                if texts.setdefault(str(at), text) != text:
                    raise InputError(
                        f"sentence {at + 1} of {source.stem} is {text[:60]!r} and another in {sources[0].stem}",
                        "Give files with the same sentences in the same order",
                    )
                votes.append((str(at), source.stem, as_json(_spans(sentence)), None))
        if not votes:
            raise InputError("the file has no sentences with tags", "Write a token and its tag on each line")
        ledger.read = len(votes)
        items = item_columns((item, {"text": text}) for item, text in texts.items())
        return AnnotationReading("conll", vote_columns(votes), items, None, ledger, {"text": sources[0].text}, "span")

    def write(self, labels: pa.Table, items: pa.Table | None, kind: str, reading: AnnotationReading | None) -> str:
        """The lines as they came with the tags of the labels; tokens parted at white space where none were read."""
        if kind != "span":
            raise InputError(
                f"labels of type {kind} cannot be written as CoNLL, which holds spans", "Choose another --to"
            )
        lines = by_item(labels)
        if reading is not None:
            return _retagged(reading.document["text"], lines)
        if items is None:
            raise InputError("CoNLL needs the texts that the spans are in", "Give them with --items")
        name = "item" if "item" in items.column_names else "id"
        texts = [column for column in items.column_names if column not in ("item", "id")]
        shown = "text" if "text" in texts else texts[0] if texts else name
        out = []
        for record in items.to_pylist():
            parts = listed((lines.get(str(record[name])) or {"label": None})["label"])
            tokens = [(met.group(), met.start(), met.end()) for met in re.finditer(r"\S+", record[shown] or "")]
            tags = _tags([(start, end) for _, start, end in tokens], parts, "BIO")
            out.append("".join(f"{token} {tag}\n" for (token, _, _), tag in zip(tokens, tags, strict=True)))
        return "\n".join(out)


def _sentences(text: str) -> list[Sentence]:
    sentences: list[Sentence] = [[]]
    for line in text.splitlines():
        cells = line.split()
        if not cells or cells[0] == DOCUMENT:
            sentences.append([])
        else:
            sentences[-1].append(cells)
    return [sentence for sentence in sentences if sentence]


def _places(sentence: Sentence) -> list[tuple[int, int]]:
    places, at = [], 0
    for cells in sentence:
        places.append((at, at + len(cells[0])))
        at += len(cells[0]) + 1
    return places


def _spans(sentence: Sentence) -> list[dict[str, Any]]:
    """B, S and U begin a span; I, E and L go on with one of their type and otherwise begin one, as IOB of 2003 does."""
    spans: list[dict[str, Any]] = []
    going = ""
    for (start, end), cells in zip(_places(sentence), sentence, strict=True):
        mark, _, label = cells[-1].partition("-")
        if mark == OUTSIDE:
            going = ""
        elif mark in "BSU" or going != label:
            spans.append({"start": start, "end": end, "label": label})
        else:
            spans[-1]["end"] = end
        going = "" if mark in (OUTSIDE, "S", "U", "E", "L") else label
    return spans


def _tags(places: Sequence[tuple[int, int]], parts: Sequence[dict[str, Any]], scheme: str) -> list[str]:
    """A tag a token; a token belongs to the first span that covers a part of it."""
    tags = [OUTSIDE] * len(places)
    for part in parts:
        inside = [at for at, (start, end) in enumerate(places) if start < part["end"] and end > part["start"]]
        inside = [at for at in inside if tags[at] == OUTSIDE]
        for at in inside:
            mark = "B" if at == inside[0] else "I"
            if scheme == "BIOES" and at == inside[-1]:
                mark = "S" if len(inside) == 1 else "E"
            if scheme == "IOB" and mark == "B":
                before = tags[at - 1] if at else OUTSIDE
                mark = "B" if before.endswith(f"-{part['label']}") else "I"
            tags[at] = f"{mark}-{part['label']}"
    return tags


def _scheme(text: str) -> str:
    """BIOES where S or E occur; IOB where spans begin with I; else BIO."""
    sentences = _sentences(text)
    marks = {cells[-1][:2] for sentence in sentences for cells in sentence if len(cells) > 1}
    if marks & {"S-", "E-"}:
        return "BIOES"
    for sentence in sentences:
        before = OUTSIDE
        for cells in sentence:
            if cells[-1].startswith("I-") and (before == OUTSIDE or before[2:] != cells[-1][2:]):
                return "IOB"
            before = cells[-1]
    return "BIO"


def _retagged(text: str, lines: dict[str, dict[str, Any]]) -> str:
    scheme, at = _scheme(text), -1
    inside = False
    out: list[str] = []
    tags: Iterator[str] = iter(())
    sentences = _sentences(text)
    for line in text.splitlines(keepends=True):
        cells = line.split()
        if not cells or cells[0] == DOCUMENT:
            inside = False
            out.append(line)
            continue
        if not inside:
            inside, at = True, at + 1
            label = lines.get(str(at))
            kept = [row[-1] for row in sentences[at]]
            known = label is not None and label["label"] is not None
            tags = iter(_tags(_places(sentences[at]), listed(label["label"]), scheme) if known and label else kept)
        place = line.rstrip().rindex(cells[-1])
        out.append(line[:place] + next(tags) + line[place + len(cells[-1]) :])
    return "".join(out)
