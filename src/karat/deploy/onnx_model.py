"""The whole prepared model as ONNX, whose inputs are the raw columns."""

from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np

from karat.core.errors import InputError
from karat.core.onnx_graph import Graph, Written
from karat.core.schema import Schema
from karat.core.unit import Exporter
from karat.deploy.onnx_scorecard import Card, card_outputs
from karat.deploy.signature import Signature


@dataclass(frozen=True, eq=False)
class Prepared:
    """A model with its preparation: what turns raw records into answers in Python.

    Parameters
    ----------
    name, version : str
        Under which it is served.
    schema : Schema
        Of the raw columns.
    preparation : object
        Fitted; with ``parts`` and ``inputs``.
    model : object
        Fitted; its classes are codes into ``classes``.
    classes : tuple of str
        Empty for numbers.
    """

    name: str
    version: str
    schema: Schema
    preparation: Any
    model: Any
    classes: tuple[str, ...] = ()


@dataclass(frozen=True)
class OnnxModel(Exporter):
    """``model.onnx`` and ``schema.json``: a model that any ONNX Runtime answers with, without Karat or scikit-learn.

    One input a raw column, (n, 1): numbers and times (seconds since 1970 UTC) as double with NaN for gaps, categories
    and texts as string with "" for gaps; a picture as its pixels, uint8 (n, 32, 32, 3).
    Imputing, scaling, encoding, character runs and patches lie inside the graph, so that
    nobody has to repeat them, and get them wrong, at the place of use. Outputs: ``label`` (n,) string and
    ``probabilities`` (n, k) float in the order of the classes, or ``value`` (n,) double. A scorecard also gives
    ``score`` (n,) double, ``reasons`` (n, 4) string, the columns that cost a record most, and ``points`` (n, d) double.

    Source: ONNX 1.15 operators, ai.onnx.ml 3; text also asks for the Tokenizer of ONNX Runtime.
    """

    def takes(self, model: Any) -> bool:
        """A prepared model of which every part writes ONNX."""
        return isinstance(model, Prepared) and not without_onnx(model)

    def export(self, model: Any, to: Path) -> Path:
        """Write the model into a folder.

        Parameters
        ----------
        to : Path
            The folder; made where it is missing.

        Returns
        -------
        Path
            Of ``model.onnx``.

        Raises
        ------
        InputError
            For a transform or learner that has no form in ONNX.
        """
        prepared: Prepared = model
        if lacking := without_onnx(prepared):
            raise InputError(f"{', '.join(lacking)} cannot be written in ONNX", "Choose another [train] learner")
        signature = signature_of(prepared)
        proto = _proto(prepared, signature)
        to.mkdir(parents=True, exist_ok=True)
        path = to / "model.onnx"
        path.write_bytes(proto.SerializeToString(deterministic=True))
        signature.save(to / "schema.json")
        return path


def without_onnx(prepared: Prepared) -> list[str]:
    """The transforms and the model of which nobody has said how they are written in ONNX: names of their classes."""
    parts = (*prepared.preparation.parts, prepared.model)
    return sorted({type(part).__name__ for part in parts if not hasattr(part, "to_onnx")})


def signature_of(prepared: Prepared) -> Signature:
    """What the exported model takes and gives."""
    used = [column.name for column in prepared.preparation.inputs] or [prepared.schema.features[0].name]
    categories = {part.column: part.values for part in prepared.preparation.parts if getattr(part, "values", None)}
    signature = Signature.of(prepared.name, prepared.version, prepared.schema, used, prepared.classes, categories)
    card = Card.of(prepared)
    return signature if card is None else signature.with_card(card.names, card.shown)


def _proto(prepared: Prepared, signature: Signature) -> Any:
    inputs = [(entry.name, entry.tensor, list(entry.shape)) for entry in signature.inputs]
    outputs = [entry.name for entry in signature.outputs]
    graph = Graph(frozenset([entry.name for entry in signature.inputs] + outputs))
    blocks = _features(graph, prepared.preparation, prepared.schema)
    answer = prepared.model.to_onnx(graph, blocks, inputs[0][0])
    about = f"predicts {prepared.schema.target.name}" if prepared.schema.target else "predicts"
    flat = graph.constant([-1], np.int64)
    if not prepared.classes:
        graph.add("Reshape", answer, flat, to=outputs[0])
        numbers: list[tuple[str, str, list[int | None]]] = [(outputs[0], "DOUBLE", [None])]
        return graph.model(inputs, numbers, about)
    best = graph.add("ArgMax", answer, axis=1, keepdims=0)
    graph.add("Gather", graph.constant(list(prepared.classes)), best, to=outputs[0])
    graph.cast(answer, "FLOAT", outputs[1])
    tensors: list[tuple[str, str, list[int | None]]] = [
        (outputs[0], "STRING", [None]),
        (outputs[1], "FLOAT", [None, len(prepared.classes)]),
    ]
    card = Card.of(prepared)
    if card is not None:
        tensors += card_outputs(graph, card, blocks, outputs[2:])
    return graph.model(inputs, tensors, about)


def _features(graph: Graph, preparation: Any, schema: Schema) -> Written:
    """The features of a fitted preparation, reading the raw columns by their names; parts of one class together."""
    groups: dict[type, list[tuple[Any, np.ndarray]]] = {}
    start = 0
    for part in preparation.parts:
        at = np.arange(start, start + len(part.names))
        start += len(at)
        groups.setdefault(type(part), []).append((part, at))
    # Without any part Python gives one constant feature, 0; a tree or weight on it does nothing.
    return [block for kind, parts in groups.items() for block in kind.to_onnx(graph, parts, schema)]  # type: ignore[attr-defined]
