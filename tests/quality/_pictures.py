"""Good pictures cut from two photographs that scikit-learn brings, and one that is spoiled."""

import io

import numpy as np
import pyarrow as pa
from PIL import Image

from karat.core.block import Block
from karat.core.schema import Column, Role, Schema
from karat.flow import engine
from karat.flow.dataset import Dataset

SIDE = 64


def as_bytes(pixels, form="PNG", **options):
    sink = io.BytesIO()
    picture = pixels if isinstance(pixels, Image.Image) else Image.fromarray(np.asarray(pixels, np.uint8))
    picture.save(sink, form, **options)
    return sink.getvalue()


def good_pictures(count=60):
    """Cuts that do not overlap, scaled by two."""
    from sklearn.datasets import load_sample_images

    out = []
    for photo in load_sample_images().images:
        for top in range(0, photo.shape[0] - 2 * SIDE + 1, 2 * SIDE):
            for left in range(0, photo.shape[1] - 2 * SIDE + 1, 2 * SIDE):
                cut = Image.fromarray(photo[top : top + 2 * SIDE, left : left + 2 * SIDE])
                out.append(np.asarray(cut.resize((SIDE, SIDE), Image.Resampling.BOX)))
    chosen = [one for one in out if one.std() > 25]
    return chosen[:count]


def block_of(cells, paths=None, labels=None):
    paths = paths or [f"{at:03d}.png" for at in range(len(cells))]
    columns = {"path": pa.array(paths)}
    schema = [Column("path", Role.ID)]
    if labels is not None:
        columns["label"] = pa.array(labels)
        schema.append(Column("label", Role.TARGET))
    columns["bytes"] = pa.array(cells, pa.binary())
    schema.append(Column("bytes", Role.IMAGE, "binary"))
    task = "classification" if labels is not None else ""
    return Block(np.arange(len(cells)), pa.table(columns), Schema(tuple(schema), task=task, kind="images"))


def found_by(check, block):
    """Findings of a check, as dicts."""
    data = Dataset.of(block)
    learned = engine.learn(data, [check])
    parts = [found for _, found in engine.judge(data, learned)]
    return pa.concat_tables([engine.conclude(learned, block.schema), *parts]).to_pylist()


def sure_rows(check, block):
    return [one["row"] for one in found_by(check, block) if one["confidence"] >= 0.5]
