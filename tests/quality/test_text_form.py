"""The counts for texts whose language is told, and what is known of languages."""

import pyarrow as pa

from karat.quality.text_form import USUAL, form_scores, known_languages


def scores(texts, languages, probabilities):
    return form_scores(pa.array(texts, pa.string()), pa.array(languages, pa.string()), pa.array(probabilities))


def test_the_words_of_the_language_count_where_it_is_sure():
    text = "Der Hund und die Katze sind in dem Haus."
    table = scores([text] * 4 + [None], ["de", "en", "de", None, "zxx"], [1.0, 1.0, 0.5, None, 1.0])
    assert table["form_common"].to_pylist() == [4, 1, 0, 0, 0]
    german = known_languages()["de"]
    assert table["form_usual_length"].to_pylist()[:3:2] == [round(100 * german.length), 0]
    assert table["form_usual_share"].to_pylist()[:3:2] == [round(1000 * german.share), 0]
    assert table["form_no_language"].to_pylist() == [0, 0, 0, 0, 1]
    assert table["form_words"].to_pylist() == [9, 9, 9, 9, 0]
    assert all(field.type == pa.int32() for field in table.schema)
    assert table.column_names[-3:] == list(USUAL)


def test_chunks_and_slices_give_the_same():
    texts, languages = pa.array(["x", "the end", "la fin"]), pa.array(["en", "en", "fr"])
    whole = form_scores(texts, languages, pa.array([1.0, 1.0, 1.0]))
    chunked = pa.chunked_array([texts.slice(0, 1), texts.slice(1)])
    assert form_scores(chunked, languages, pa.array([1.0, 1.0, 1.0])).equals(whole)
    part = form_scores(texts.slice(1), languages.slice(1), pa.array([1.0, 1.0]))
    assert part.equals(whole.slice(1))


def test_what_is_known_of_languages_is_like_them():
    known = known_languages()
    assert len(known) >= 75
    assert "the" in known["en"].words
    assert "不" in known["zh"].words
    assert {"и", "i"} <= set(known["sr"].words)  # in both scripts
    assert all(8 <= len(set(language.words)) <= 32 for language in known.values())
    assert all(0 < language.share < 1 <= language.length < 12 for language in known.values())
