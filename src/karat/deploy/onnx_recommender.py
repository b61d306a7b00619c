"""A recommender for use elsewhere: a history of items in, the best other items out."""

from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np
import pyarrow as pa

from karat.core.onnx_graph import ML, Graph
from karat.core.schema import Column, Role, Schema
from karat.core.unit import Exporter
from karat.deploy.signature import TEXT, Input, Output, Signature
from karat.quality.interaction_columns import InteractionColumns

PLACES = 10  # definition: same as karat.flow.ranking_quality
MAX_CELLS = 64_000_000  # cost: 256 MB in float32, more than which a model file should not be
MET = -1e30  # definition: below every score
ASKED = 2_000  # cost: histories on which both models are compared
SPLIT = "\n"


@dataclass(frozen=True, eq=False)
class Recommender:
    """A fitted recommender and its catalogue.

    Parameters
    ----------
    model : Model
        Predicts scores for histories.
    popularity : ndarray, shape (items,)
        Shown where a history holds nothing that is known.
    """

    name: str
    version: str
    items: pa.Array
    model: Any
    popularity: np.ndarray

    @property
    def served(self) -> bool:
        """Can it be written in ONNX, and is it small enough for a model file?"""
        return hasattr(self.model, "to_onnx") and self._cells() <= MAX_CELLS

    def _cells(self) -> int:
        """Numbers in the exported model."""
        weights = getattr(self.model, "weights", None)
        factors = getattr(self.model, "items", None)
        parts = (np.prod(weights.shape) if weights is not None else 0, factors.size if factors is not None else 0)
        return int(sum(parts)) + len(self.items)

    def agreement(self, folder: Path, histories: Any) -> tuple[int, int]:
        """On how many of how many histories both models rank alike; equal scores may change places."""
        import onnxruntime as ort

        session = ort.InferenceSession(str(folder / "model.onnx"), providers=["CPUExecutionProvider"])
        asked = histories[:: max(1, histories.shape[0] // ASKED)]
        names = np.array(self.items.to_pylist(), object)
        agree = 0
        for row in range(asked.shape[0]):
            met = asked[[row]]
            text = np.array([[SPLIT.join(names[met.indices])]], object)
            items, scores = session.run(None, {"history": text})
            own = np.array(self.model.predict(met)[0] if met.nnz else self.popularity, np.float64)
            own[met.indices] = -np.inf
            best = np.sort(own)[::-1][: scores.shape[1]]
            known = np.isfinite(best)
            place = {name: at for at, name in enumerate(names)}
            said = np.array([own[place[name]] if name else -np.inf for name in items[0]])
            agree += bool(np.allclose(said[known], best[known], atol=1e-4) and (items[0][~known] == "").all())
        return agree, int(asked.shape[0])

    def card(self, evaluation: Mapping[str, Any], lift: Mapping[str, Any]) -> str:
        """``card.md``: what it is, how good it is, how to ask it."""
        ranking = evaluation["ranking"]
        rows = [
            f"| {name} | " + " | ".join(f"{score['value']:.4f}" for score in scores.values()) + " |"
            for name, scores in evaluation["learners"].items()
        ]
        metrics = list(next(iter(evaluation["learners"].values())))
        worth = "not measured: the time budget was too short"
        if lift:
            worth = f"{lift['lift']:+.4f} {lift['metric']} [{lift['low']:+.4f}, {lift['high']:+.4f}], {lift['verdict']}"
        about = f"Recommends {len(self.items):,} items. {evaluation['headline']}, fitted on all refined events; "
        about += f"chosen on later events, tested on still later raw ones ({ranking['users']:,} users, split "
        lines = [
            f"# {self.name}, version {self.version}",
            "",
            f"{about}{ranking['split']}).",
            "",
            "| recommender | " + " | ".join(metrics) + " |",
            "|---" * (len(metrics) + 1) + "|",
            *rows,
            "",
            f"What the data work was worth: {worth}.",
            "",
            "Ask `model.onnx` with `history`, the items met, one a line, shape (n, 1). It answers `items` and",
            f"`scores`, (n, {min(PLACES, len(self.items))}), best first. What it does not know is passed over; a",
            "history of nothing it knows gets the best-sellers.",
        ]
        return "\n".join(lines) + "\n"


def recommendations(
    users: pa.Array, items: pa.Array, shown: np.ndarray, scores: np.ndarray, named: InteractionColumns
) -> pa.Table:
    """A row for each place of each user's list: user, rank from 1, item, score."""
    row, place = np.nonzero(shown >= 0)
    return pa.table(
        {
            named.user: users.take(pa.array(row)),
            "rank": pa.array(place + 1, pa.int32()),
            named.item: items.take(pa.array(shown[row, place])),
            "score": pa.array(scores[row, place], pa.float64()),
        }
    )


@dataclass(frozen=True)
class OnnxRecommender(Exporter):
    """``model.onnx`` and ``schema.json`` of a recommender: a history as text in, ranked items and scores out.

    One input, ``history`` (n, 1) string: the items met, one a line. Splitting, lookup, the one matrix product, leaving
    out what was met and ranking lie inside the graph, so that any ONNX Runtime serves a person whom training never
    saw. Outputs: ``items`` (n, 10) string, best first, "" where none is left; ``scores`` (n, 10) float.

    Source: ONNX 1.15 operators (StringSplit), ai.onnx.ml 3.
    """

    def takes(self, model: Any) -> bool:
        """A recommender that writes ONNX, and not too large a one."""
        return isinstance(model, Recommender) and model.served

    def export(self, model: Any, to: Path) -> Path:
        """Write a ``Recommender`` that can be served into a folder; returns the path of ``model.onnx``."""
        recommender: Recommender = model
        places = min(PLACES, len(recommender.items))
        to.mkdir(parents=True, exist_ok=True)
        path = to / "model.onnx"
        path.write_bytes(_proto(recommender, places).SerializeToString(deterministic=True))
        history = Input("history", "text", TEXT, "the items met, one a line", "the empty string")
        outputs = (
            Output("items", TEXT, (-1, places), "the best other items, best first"),
            Output("scores", "FP32", (-1, places), "how well each fits the history"),
        )
        schema = Schema((Column("history", Role.TEXT),))
        Signature(recommender.name, recommender.version, (history,), outputs, (), schema).save(to / "schema.json")
        return path


def _proto(recommender: Recommender, places: int) -> Any:
    graph = Graph(frozenset({"history", "items", "scores"}))
    size = len(recommender.items)
    flat = graph.add("Reshape", "history", graph.constant([-1], np.int64))
    parts = graph.split(flat, SPLIT)
    names = recommender.items.to_pylist()
    codes = graph.add(
        "LabelEncoder", parts, domain=ML, keys_strings=names, values_int64s=list(range(size)), default_int64=size
    )
    n = graph.add("Shape", flat, start=0, end=1)
    shape = graph.concat([n, graph.constant([size + 1], np.int64)], axis=0)
    empty = graph.add("Expand", graph.constant([[0]], np.float32), shape)
    ones = graph.add("Expand", graph.constant([[1]], np.float32), graph.add("Shape", codes))
    met = graph.add("ScatterElements", empty, codes, ones, axis=1)
    zero, axis = graph.constant([0], np.int64), graph.constant([1], np.int64)
    met = graph.add("Slice", met, zero, graph.constant([size], np.int64), axis)
    known = graph.add("Greater", graph.add("ReduceSum", met, axis, keepdims=1), graph.constant([[0]], np.float32))
    own = recommender.model.to_onnx(graph, met)
    scores = graph.add("Where", known, own, graph.constant(recommender.popularity[None, :], np.float32))
    hidden = graph.add(
        "Where",
        graph.add("Greater", met, graph.constant([[0]], np.float32)),
        graph.constant([[MET]], np.float32),
        scores,
    )
    best, which = graph.top(hidden, places)
    left = graph.add("Greater", best, graph.constant([[MET / 2]], np.float32))
    named = graph.add("Gather", graph.constant(names), which)
    graph.add("Where", left, named, graph.constant([[""]]), to="items")
    graph.add("Where", left, best, graph.constant([[np.nan]], np.float32), to="scores")
    shapes: list[int | None] = [None, places]
    outputs = [("items", "STRING", shapes), ("scores", "FLOAT", shapes)]
    return graph.model([("history", "STRING", [None, 1])], outputs, "recommends items to a history of items")
