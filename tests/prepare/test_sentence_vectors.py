"""Texts as the vectors of a model in a local folder: read once, scaled on what trains, learned from by a run."""

import numpy as np
import pyarrow as pa
import pytest

from karat.core.block import Block
from karat.core.errors import InputError, OptionError
from karat.core.local_model import encoder_digest, is_encoder
from karat.core.schema import Column, Role, Schema
from karat.prepare.features import Preparation
from karat.prepare.sentence_vectors import SentenceVectors, vectors
from karat.train.recipes import headline_for, led_by

SAID = ["the room was lovely", "the room was filthy", "房间很干净", "房间很脏", None, "the room was lovely"]


@pytest.fixture(scope="module")
def folder(tmp_path_factory):
    """A tiny encoder with weights drawn at random."""
    torch, transformers = pytest.importorskip("torch"), pytest.importorskip("transformers")
    place = tmp_path_factory.mktemp("encoder")
    letters = sorted(set("".join(filter(None, SAID))) - {" "})
    words = ["[PAD]", "[UNK]", "[CLS]", "[SEP]", "[MASK]", *letters, *(f"##{letter}" for letter in letters)]
    (place / "vocab.txt").write_text("\n".join(words), encoding="utf-8")
    transformers.BertTokenizer(str(place / "vocab.txt")).save_pretrained(place)
    torch.manual_seed(0)
    shape = {"hidden_size": 16, "num_hidden_layers": 1, "num_attention_heads": 2, "intermediate_size": 32}
    config = transformers.BertConfig(vocab_size=len(words), max_position_embeddings=64, **shape)
    transformers.BertModel(config).save_pretrained(place)
    return str(place)


def table(texts=SAID):
    columns = (Column("said", Role.TEXT), Column("y", Role.TARGET))
    labels = [str(at % 2) for at in range(len(texts))]
    return Block(
        np.arange(len(texts)),
        pa.table({"said": pa.array(texts, pa.string()), "y": labels}),
        Schema(columns, task="classification"),
    )


def test_each_text_has_its_vector_whatever_stands_beside_it(folder):
    block = table()
    held = vectors(block, "said", folder)
    assert held.shape == (6, 16)
    assert np.array_equal(held[0], held[5])
    assert not np.allclose(held[0], held[1])
    alone = np.concatenate([vectors(table([text]), "said", folder) for text in SAID])
    assert np.allclose(alone, held, atol=2e-4)


def test_scaled_by_the_records_that_train(folder):
    block = table()
    fitted = SentenceVectors("said", folder).fit(block, np.array([0, 1, 2, 3]))
    made = fitted.apply(block)
    assert made.shape == (6, fitted.width) == (6, len(fitted.names))
    assert np.allclose(made[:4].mean(axis=0), 0, atol=1e-5)
    assert np.isclose((made[:4] ** 2).sum(axis=1).mean(), 1, atol=1e-2)


def test_a_folder_leads(folder):
    block = table()
    schema = led_by(block.schema, folder)
    recipe = headline_for(schema)
    assert (recipe.features, encoder_digest(folder) in recipe.name) == ("vectors", True)
    prepared = Preparation(schema, recipe.features).fit(Block(block.rows, block.table, schema))
    assert prepared.apply(Block(block.rows, block.table, schema)).shape == (6, 16)


def test_no_model(tmp_path):
    assert not is_encoder(str(tmp_path))
    with pytest.raises(OptionError, match="learner"):
        led_by(table().schema, str(tmp_path))
    pytest.importorskip("transformers")
    (tmp_path / "config.json").write_text("{}")
    with pytest.raises(InputError, match="not a Hugging Face model"):
        vectors(table(), "said", str(tmp_path))
