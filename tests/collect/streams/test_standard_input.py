"""Standard input ends, and its last line counts."""

import os
import sys

import pytest

from karat.collect.streams.standard_input import StandardInput


@pytest.fixture
def pipe(monkeypatch):
    reading, writing = os.pipe()
    monkeypatch.setattr(sys, "stdin", os.fdopen(reading))
    yield os.fdopen(writing, "wb", buffering=0)
    sys.stdin.close()


def everything(stream):
    out = []
    while not stream.ended:
        out += stream.take(2, 0.1)
    return out


def test_lines_come_one_by_one_until_the_end(pipe):
    stream = StandardInput(["a"])
    stream.open({}, ())
    pipe.write(b'{"a":1}\n{"a"')
    assert [m.body for m in stream.take(10, 0.1)] == [b'{"a":1}']
    assert stream.take(10, 0.0) == []
    pipe.write(b':2}\n{"a":3}\nbroken')
    pipe.close()
    assert [m.body for m in everything(stream)] == [b'{"a":2}', b'{"a":3}', b"broken"]


def test_delimited_text_names_its_columns(pipe):
    stream = StandardInput(["a", "b"])
    stream.open({}, ())
    pipe.write(b"a,b\n1,x\n2,y")
    pipe.close()
    assert [m.cells for m in everything(stream)] == [{"a": "1", "b": "x"}, {"a": "2", "b": "y"}]
