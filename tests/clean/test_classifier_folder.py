"""A Hugging Face classifier: one line where the library or the model is not there."""

import importlib.util
import sys

import numpy as np
import pytest

from karat.clean.classifier_folder import ClassifierFolder
from karat.core.errors import InputError, MissingExtraError


def test_without_the_library_it_says_what_to_install(tmp_path, monkeypatch):
    monkeypatch.setitem(sys.modules, "transformers", None)
    with pytest.raises(
        MissingExtraError, match=r'transformers is not installed. Install it: pip install "karat-data\[torch\]"'
    ):
        ClassifierFolder.read(tmp_path)


@pytest.mark.skipif(importlib.util.find_spec("transformers") is None, reason="the extra torch is not installed")
def test_a_folder_without_a_model_is_one_line(tmp_path):
    with pytest.raises(InputError, match="holds no text classifier"):
        ClassifierFolder.read(tmp_path)


@pytest.mark.skipif(importlib.util.find_spec("transformers") is None, reason="the extra torch is not installed")
def test_a_small_classifier_answers(tmp_path):
    from tokenizers import Tokenizer, models, pre_tokenizers
    from transformers import BertConfig, BertForSequenceClassification, PreTrainedTokenizerFast

    words = Tokenizer(models.WordLevel({"[UNK]": 0, "[PAD]": 1, "good": 2, "bad": 3}, unk_token="[UNK]"))
    words.pre_tokenizer = pre_tokenizers.Whitespace()
    PreTrainedTokenizerFast(tokenizer_object=words, unk_token="[UNK]", pad_token="[PAD]").save_pretrained(tmp_path)
    size = {"hidden_size": 8, "num_hidden_layers": 1, "num_attention_heads": 1, "intermediate_size": 8}
    config = BertConfig(
        vocab_size=4, num_labels=2, id2label={0: "bad", 1: "good"}, label2id={"bad": 0, "good": 1}, **size
    )
    BertForSequenceClassification(config).save_pretrained(tmp_path)
    model = ClassifierFolder.read(tmp_path)
    answers = model.probabilities(["good", "bad good " * 400, None])
    assert model.labels == ("bad", "good")
    assert answers.shape == (3, 2)
    assert np.allclose(answers.sum(axis=1), 1)
