"""Recipes of other programs: what they say as settings, and what is left out, named."""

import pytest

from karat.core.errors import InputError, OptionError
from karat.flow.recipes import read_recipe
from karat.flow.settings import made_settings

YAML = """
project_name: test
process:
  - language_id_score_filter: {lang: [en, de], min_score: 0.8}
  - text_length_filter: {min_len: 200, max_len: 9000}
  - text_length_filter: {min_len: 100, max_len: 8000}
  - alphanumeric_filter: {min_ratio: 0.25}
  - clean_links_mapper:
  - document_minhash_deduplicator: {jaccard_threshold: 0.8}
  - wholly_unknown_filter
"""
SCRIPT = """
from datatrove.executor import LocalPipelineExecutor
LANGUAGE = "en"
where = input()
LocalPipelineExecutor(pipeline=[
    JsonlReader("x"), Trafilatura(), filters.LanguageFilter(languages=[LANGUAGE, "de"]),
    GopherQualityFilter(min_doc_words=30, exclusion_writer=JsonlWriter("y")),
    C4QualityFilter(filter_no_terminal_punct=False),
    RegexFilter("lorem"), RegexFilter(where), LambdaFilter(lambda d: True), JsonlWriter("y"),
])
"""


def read(tmp_path, name, text):
    (tmp_path / name).write_text(text)
    return read_recipe(tmp_path / name)


def test_a_recipe_of_data_juicer(tmp_path):
    recipe = read(tmp_path, "r.yaml", YAML)
    clean = recipe.settings["clean"]
    assert clean["languages"] == ("en", "de")
    assert (clean["min_characters"], clean["max_characters"]) == (200, 8000)  # the stricter of two
    assert (clean["profile"], clean["near_duplicates"], clean["exact_duplicates"]) == ("none", 0.8, False)
    assert list(clean["replace"].values()) == [""]
    assert recipe.left == (
        "language_id_score_filter: min_score (the likeliest language decides)",
        "alphanumeric_filter (no setting stands for it)",
        "wholly_unknown_filter (no setting stands for it)",
    )
    assert "personal_data" not in clean  # masking stays on
    made_settings(recipe.settings, "the test")
    assert recipe.in_words()[1].startswith("left out   language_id_score_filter")


def test_a_script_of_datatrove(tmp_path):
    recipe = read(tmp_path, "r.py", SCRIPT)
    clean = recipe.settings["clean"]
    assert clean["languages"] == ("en", "de")
    assert clean["profile"] == "datatrove"
    assert clean["ignore"] == ("GopherRepetition", "FinewebQuality")
    assert clean["drop_matching"] == ("lorem",)
    assert recipe.settings["quality"] == {"GopherQuality": {"min_words": 30}}
    assert recipe.done == ("LanguageFilter", "GopherQualityFilter", "C4QualityFilter", "RegexFilter")
    assert recipe.left == ("RegexFilter: regex_exp (no plain value)", "LambdaFilter (no setting stands for it)")
    made_settings(recipe.settings, "the test")


@pytest.mark.parametrize(
    ("name", "text", "error", "says"),
    [
        ("r.yaml", "process: [one_filter, two_mapper]", OptionError, r"nothing in .* one_filter \(no setting stands"),
        ("r.yaml", "{", InputError, "is not YAML"),
        ("r.yaml", "a: 1", InputError, "has no list 'process'"),
        ("r.yaml", "process: [{text_length_filter: {min_len: many}}]", OptionError, "of another kind than expected"),
        ("r.py", "x = [", InputError, "is not Python"),
        ("r.py", "x = 1", InputError, "has no pipeline of datatrove"),
    ],
)
def test_what_is_no_recipe_is_one_line(tmp_path, name, text, error, says):
    with pytest.raises(error, match=says) as raised:
        read(tmp_path, name, text)
    assert "\n" not in str(raised.value)


def test_a_file_that_is_not_there_is_one_line(tmp_path):
    with pytest.raises(InputError, match="cannot be read"):
        read_recipe(tmp_path / "none.yaml")
