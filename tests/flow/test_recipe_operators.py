"""Each operator as settings that there are, with the defaults of its own program."""

import pytest

from karat.core.registry import units
from karat.flow.parameters import with_parameters
from karat.flow.recipe_operators import JUICER, TROVE
from karat.flow.settings import CleanSettings, made_settings


@pytest.mark.parametrize("name", [*JUICER, *TROVE])
def test_every_operator_translates_to_settings_that_there_are(name):
    arguments = {
        "language_id_score_filter": {"lang": "en"},
        "LanguageFilter": {"languages": ["en"]},
        "RegexFilter": {"regex_exp": "x"},
        "replace_content_mapper": {"pattern": "x"},
    }.get(name, {})
    step = {**JUICER, **TROVE}[name](arguments)
    made_settings({"clean": step.clean}, "the test")
    for check, parameters in step.quality.items():
        with_parameters(units("check")[check](), parameters)
    assert not step.empty or name == "FastTextClassifierFilter"
    assert set(step.clean) <= set(CleanSettings.model_fields)


def test_lengths_have_the_programs_defaults():
    assert JUICER["text_length_filter"]({}).clean == {"min_characters": 10}
    assert JUICER["words_num_filter"]({"min_num": 5, "max_num": 9}).clean == {"min_words": 5, "max_words": 9}
    assert JUICER["words_num_filter"]({"tokenization": True}).left


def test_published_rules_get_the_recipes_limits():
    step = TROVE["GopherQualityFilter"]({"min_doc_words": 30, "max_symbol_word_ratio": 0.2, "stop_words": ["a"]})
    assert step.quality == {"GopherQuality": {"min_words": 30, "max_hashes": 0.2, "max_ellipses": 0.2}}
    assert step.left == ["stop_words = ['a']"]
    step = TROVE["GopherRepetitionFilter"](
        {"dup_line_frac": 0.4, "top_n_grams": [[2, 0.25]], "dup_n_grams": ((5, 0.1),)}
    )
    assert step.quality["GopherRepetition"] == {
        "max_repeated_lines": 0.4,
        "max_top_2_gram": 0.25,
        "max_repeated_5_grams": 0.1,
    }
    assert TROVE["C4QualityFilter"]({}).left == ["filter_no_terminal_punct (lines without an end mark stay)"]
    assert TROVE["C4QualityFilter"]({"filter_no_terminal_punct": False, "min_words_per_line": 5}).left == [
        "min_words_per_line = 5"
    ]


def test_a_fasttext_filter_needs_its_file(tmp_path):
    (tmp_path / "m.bin").write_bytes(b"x")
    step = TROVE["FastTextClassifierFilter"](
        {"model_url": str(tmp_path / "m.bin"), "keep_labels": [("__label__hq", 0.9)]}
    )
    assert step.clean == {"quality": str(tmp_path / "m.bin"), "quality_label": "hq", "min_quality": 0.9}
    assert (
        "no file on this machine"
        in TROVE["FastTextClassifierFilter"]({"model_url": "hf://x", "keep_labels": [("a", 1)]}).left[0]
    )


def test_an_expression_that_cannot_be_read_here_is_named():
    step = JUICER["replace_content_mapper"]({"pattern": ["a", "(?<=x)b"], "repl": "-"})
    assert step.clean == {"replace": {"a": "-"}}
    assert step.left == ["'(?<=x)b' (no expression of RE2)"]
