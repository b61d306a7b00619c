"""Tokens and tags in and out."""

import json

import pyarrow as pa
import pytest

from karat.core.errors import InputError
from karat.label.exchange.annotation_files import AnnotationSource
from karat.label.exchange.conll import Conll

TOOL = Conll()
BIO = "-DOCSTART- -X- -X- O\n\nJane NNP I-NP B-PER\nDoe NNP I-NP I-PER\nsleeps VBZ O O\n\nParis\tNNP\tO\tB-LOC\n"
IOB = "Jane I-PER\nDoe I-PER\n\nParis I-LOC\nLyon B-LOC\n. O\n"
BIOES = "Jane B-PER\nDoe E-PER\nin O\nParis S-LOC\n"


def read(*texts):
    return TOOL.read([AnnotationSource(f"u{at}", text) for at, text in enumerate(texts)], "")


def spans(text):
    return [
        [(part["start"], part["end"], part["label"]) for part in json.loads(label)]
        for label in read(text).votes["label"].to_pylist()
    ]


def test_schemes_are_read_as_spans_of_characters():
    assert spans(BIO) == [[(0, 8, "PER")], [(0, 5, "LOC")]]
    assert spans(IOB) == [[(0, 8, "PER")], [(0, 5, "LOC"), (6, 10, "LOC")]]
    assert spans(BIOES) == [[(0, 8, "PER"), (12, 17, "LOC")]]
    assert read(BIO).answers == "span"
    assert read(BIO).items["text"].to_pylist() == ["Jane Doe sleeps", "Paris"]


@pytest.mark.parametrize("text", [BIO, IOB, BIOES])
def test_labels_are_written_back_in_the_scheme_of_the_file(text):
    assert TOOL.matches(AnnotationSource("x", text))
    reading = read(text)
    labels = reading.votes.select(["item", "label"])
    assert TOOL.write(labels, reading.items, "span", reading) == text
    assert TOOL.write(labels.slice(0, 0), reading.items, "span", reading) == text


def test_other_spans_change_tags_alone():
    reading = read(BIO)
    labels = pa.table({"item": ["1"], "label": ["[]"]})
    assert TOOL.write(labels, None, "span", reading) == BIO.replace("B-LOC", "O")


@pytest.mark.parametrize("text", ["a,b\n", "word\n", "item voter label\n", "one O\ntwo O\n", ""])
def test_other_files_are_not_of_tokens(text):
    assert not TOOL.matches(AnnotationSource("x", text))


def test_each_file_is_an_annotator_of_the_same_sentences():
    assert read(IOB, IOB.replace("B-LOC", "O")).votes["voter"].to_pylist() == ["u0", "u0", "u1", "u1"]
    with pytest.raises(InputError, match="sentence 1 of u1 is 'Paul' and another in u0"):
        read(IOB, "Paul O\n")
    assert (
        str(read("Jane B-PER\n\nno tag here\n").ledger)
        == "1 answers read, 1 not: 1 sentences with a line that has no tag"
    )
    with pytest.raises(InputError, match="no sentences with tags"):
        read("word\n")


def test_texts_are_parted_at_white_space_where_no_tokens_were_read():
    items = pa.table({"item": ["a"], "text": ["Jane Doe sleeps"]})
    labels = pa.table({"item": ["a"], "label": ['[{"start": 0, "end": 8, "label": "PER"}]']})
    assert TOOL.write(labels, items, "span", None) == "Jane B-PER\nDoe I-PER\nsleeps O\n"
    with pytest.raises(InputError, match="type class cannot be written as CoNLL"):
        TOOL.write(labels, items, "class", None)
    with pytest.raises(InputError, match="needs the texts"):
        TOOL.write(labels, None, "span", None)
