"""The wire: requests become columns of text, answers become tensors, and what is wrong names its field."""

import base64
import json
import struct
from typing import Any

import numpy as np
import pytest

from karat.core.errors import InputError, KaratError, OptionError
from karat.core.schema import Column, Role, Schema
from karat.deploy.answer_text import render
from karat.deploy.protocol import MAX_QUOTED, Request, parse
from karat.deploy.signature import Signature

SCHEMA = Schema(
    (
        Column("n", Role.NUMBER, "float64"),
        Column("s", Role.TEXT),
        Column("p", Role.IMAGE, "binary"),
        Column("b", Role.CATEGORY, "bool"),
        Column("y", Role.TARGET),
    )
)
NUMBER = Signature.of("m", "1", SCHEMA, ["n"], ["a", "b"], {})
BOTH = Signature.of("m", "1", SCHEMA, ["n", "s"], [], {})


def tensor(name: str, kind: str, data: list[Any], **more: Any) -> dict[str, Any]:
    return {"name": name, "datatype": kind, "shape": [len(data), 1], "data": data} | more


def asked(*tensors: dict[str, Any], signature: Signature = NUMBER, **more: Any) -> Request:
    return parse(json.dumps({"inputs": list(tensors)} | more).encode(), None, signature)


def raw(name: str, kind: str, n: int, data: bytes, size: Any = None, signature: Signature = NUMBER) -> Request:
    entry = {
        "name": name,
        "datatype": kind,
        "shape": [n],
        "parameters": {"binary_data_size": len(data) if size is None else size},
    }
    head = json.dumps({"inputs": [entry]}).encode()
    return parse(head + data, len(head), signature)


def packed(*texts: bytes) -> bytes:
    return b"".join(struct.pack("<I", len(text)) + text for text in texts)


def test_a_request_in_json() -> None:
    request = asked(tensor("n", "FP64", [1.5, None, 3]), id=7)
    assert request.columns == {"n": ["1.5", None, "3.0"]}
    assert (request.id, request.records, request.quarantine) == ("7", 3, False)
    assert request.outputs == {"label": False, "probabilities": False}
    assert asked(tensor("n", "FP64", [1]), parameters={"quarantine": True}).quarantine
    assert not asked(tensor("n", "FP64", [1]), parameters={"quarantine": "yes"}).quarantine


def test_lists_of_one_value_are_values_and_the_empty_text_is_a_gap() -> None:
    request = asked(tensor("n", "INT64", [[1], [2]]), tensor("s", "BYTES", ["", "城"]), signature=BOTH)
    assert request.columns == {"n": ["1", "2"], "s": [None, "城"]}


@pytest.mark.parametrize(
    ("kind", "value", "text"),
    [("UINT8", 255, "255"), ("INT8", -128, "-128"), ("BOOL", True, "1"), ("FP32", 0.5, "0.5"), ("FP16", 2, "2.0")],
)
def test_every_datatype_of_a_number(kind: str, value: Any, text: str) -> None:
    assert asked(tensor("n", kind, [value])).columns == {"n": [text]}


def test_a_column_of_true_and_false_takes_bool() -> None:
    signature = Signature.of("m", "1", SCHEMA, ["b"], [], {})
    assert asked(tensor("b", "BOOL", [True, False, None]), signature=signature).columns == {
        "b": ["True", "False", None]
    }


def test_binary_tensors() -> None:
    assert raw("n", "FP64", 2, np.array([1.5, np.nan]).tobytes()).columns == {"n": ["1.5", None]}
    assert raw("n", "INT32", 1, np.array([-3], "<i4").tobytes()).columns == {"n": ["-3"]}
    strings = Signature.of("m", "1", SCHEMA, ["s"], [], {})
    assert raw("s", "BYTES", 2, packed("城".encode(), b""), signature=strings).columns == {"s": ["城", None]}
    pictures = Signature.of("m", "1", SCHEMA, ["p"], [], {})
    assert raw("p", "BYTES", 1, packed(b"\xff\x00"), signature=pictures).columns == {
        "p": [base64.b64encode(b"\xff\x00").decode()]
    }


@pytest.mark.parametrize(
    ("n", "data", "size"),
    [
        (2, b"12345678", None),
        (1, b"123456789", None),
        (1, b"12345678", 9),
        (1, b"12345678", -1),
        (1, b"12345678", 8.0),
        (1, b"12345678", True),
        (1, b"12345678", 7),
    ],
)
def test_binary_data_that_does_not_add_up(n: int, data: bytes, size: Any) -> None:
    with pytest.raises(InputError):
        raw("n", "FP64", n, data, size)


@pytest.mark.parametrize(
    ("n", "data", "strings", "left"),
    [
        (1, packed(b"ab", b"c"), 1, 5),
        (3, packed(b"ab", b"c"), 2, 0),
        (2, packed(b"ab") + b"\x09\x00\x00\x00c", 1, 5),
        (2, packed(b"ab") + b"\x01\x00", 1, 2),
    ],
)
def test_strings_that_do_not_fill_their_tensor(n: int, data: bytes, strings: int, left: int) -> None:
    signature = Signature.of("m", "1", SCHEMA, ["s"], [], {})
    with pytest.raises(InputError, match=f"has {strings} strings and {left} bytes left over"):
        raw("s", "BYTES", n, data, signature=signature)


@pytest.mark.parametrize(
    ("tensors", "problem"),
    [
        ([tensor("n", "FP64", [1.0]), tensor("n", "FP64", [1.0])], "input 'n' was sent twice"),
        ([tensor("m", "FP64", [1.0])], "input 'm' not found"),
        ([tensor("n", "FP65", [1.0])], "datatype 'FP65' not found"),
        ([tensor("n", "FP64", [])], "without any record"),
        ([tensor("n", "FP64", [1.0]) | {"shape": [1, 2]}], r"has shape \[1, 2\], not \[n, 1\]"),
        ([tensor("n", "FP64", [1.0]) | {"shape": [-1]}], "has shape"),
        ([tensor("n", "FP64", [1.0]) | {"shape": [True]}], "has shape"),
        ([tensor("n", "FP64", [1.0]) | {"shape": [2]}], "has 1 values, and its shape says 2"),
        ([tensor("n", "FP64", [[1.0], 2.0])], "values and lists side by side"),
        ([tensor("n", "FP64", [1.0]) | {"data": "x"}], 'has "x" as data, not a list'),
        ([tensor("n", "FP64", ["1"])], 'record 0: "1" is not a FP64'),
        ([tensor("n", "INT64", [1, 1.0])], "record 1: 1.0 is not a INT64"),
        ([tensor("n", "INT64", [True])], "true is not a INT64"),
        ([tensor("n", "BOOL", [1])], "1 is not a BOOL"),
        ([tensor("n", "UINT8", [256])], "do not fit UINT8"),
        ([tensor("n", "BYTES", [5])], "5 is not text, as datatype BYTES says"),
        ([tensor("s", "FP32", [1.0])], "and takes text"),
        ([tensor("s", "BOOL", [True])], "has datatype BOOL"),
        ([tensor("p", "UINT8", [1])], "takes files of pictures"),
        ([tensor("s", "BYTES", ["\ud800"])], "half a surrogate pair"),
        ([tensor("n", "FP64", [1.0]), tensor("s", "BYTES", ["a", "b"])], "has 2 records, and the other inputs have 1"),
        ([tensor("n", "FP64", [1.0], parameters=[])], r"is \[\], not an object"),
        ([tensor("n", "FP64", [1.0])], "inputs has no tensor for 's'"),
        (["n"], 'inputs holds "n", which is not a tensor with a name'),
        ([], r"inputs is \[\]"),
    ],
)
def test_what_is_wrong_names_its_field(tensors: list[Any], problem: str) -> None:
    with pytest.raises(KaratError, match=problem):
        asked(*tensors, signature=BOTH)


@pytest.mark.parametrize(
    ("body", "length", "problem"),
    [
        (b"{", None, "is not JSON"),
        (b"[]", None, "the request is of type list"),
        (b"{}", None, "inputs is missing"),
        (b"{}", 3, "is 3, and the body has 2 bytes"),
        (b"{}", -1, "is -1, and the body has 2 bytes"),
        (b"[" * 100_000, None, "nested more than 32 deep"),
    ],
)
def test_bodies_that_are_no_request(body: bytes, length: int | None, problem: str) -> None:
    with pytest.raises(InputError, match=problem):
        parse(body, length, NUMBER)


def test_what_is_quoted_is_short() -> None:
    with pytest.raises(InputError) as error:
        asked(tensor("n", "FP64", ["x" * MAX_QUOTED]))
    assert '"' + "x" * (MAX_QUOTED - 4) + "..." in error.value.problem


def test_wanted_outputs_in_their_order_and_form() -> None:
    wanted = [{"name": "probabilities", "parameters": {"binary_data": True}}, {"name": "label"}]
    assert list(asked(tensor("n", "FP64", [1.0]), outputs=wanted).outputs.items()) == [
        ("probabilities", True),
        ("label", False),
    ]
    every = {"binary_data_output": True}
    assert asked(tensor("n", "FP64", [1.0]), parameters=every).outputs == {"label": True, "probabilities": True}
    asked_for = [{"name": "label", "parameters": {"binary_data": False}}]
    assert asked(tensor("n", "FP64", [1.0]), parameters=every, outputs=asked_for).outputs == {"label": False}
    for odd in ([{"name": "labels"}], ["labels"], {"name": 3}):
        with pytest.raises(OptionError, match=r"output '.*' not found in outputs"):
            asked(tensor("n", "FP64", [1.0]), outputs=odd)


VALUES = {
    "label": np.array(["a", "城"], object),
    "probabilities": np.array([[0.25, 0.75], [np.nan, 1.0]], np.float32),
}


def test_an_answer_in_json_has_null_for_nan() -> None:
    body, length = render({"id": "7"}, VALUES, NUMBER, {"probabilities": False, "label": False})
    assert length is None
    assert json.loads(body) == {
        "id": "7",
        "outputs": [
            {"name": "probabilities", "datatype": "FP32", "shape": [2, 2], "data": [0.25, 0.75, None, 1.0]},
            {"name": "label", "datatype": "BYTES", "shape": [2], "data": ["a", "城"]},
        ],
    }


def test_a_binary_answer_follows_its_json() -> None:
    body, length = render({}, VALUES, NUMBER, {"label": True, "probabilities": True})
    assert length is not None
    sizes = [entry["parameters"]["binary_data_size"] for entry in json.loads(body[:length])["outputs"]]
    label, probabilities = body[length : length + sizes[0]], body[length + sizes[0] :]
    assert label == packed(b"a", "城".encode())
    assert np.array_equal(np.frombuffer(probabilities, "<f4"), [0.25, 0.75, np.nan, 1.0], equal_nan=True)
