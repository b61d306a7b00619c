"""Languages of texts, told offline."""

import numpy as np
import pyarrow as pa
import pytest

from karat.quality.languages import languages

pytest.importorskip("py3langid")
SENTENCES = {
    "en": "The committee will meet again on Thursday to discuss the new budget.",
    "de": "Der Ausschuss trifft sich am Donnerstag wieder, um über den Haushalt zu sprechen.",
    "fr": "Le comité se réunira de nouveau jeudi pour discuter du budget de la ville.",
    "zh": "委员会将于星期四再次开会，讨论新的预算。",
    "ja": "委員会は木曜日に再び集まり、新しい予算について話し合います。",
    "ko": "위원회는 목요일에 다시 모여 새 예산을 논의할 것이다.",
    "ru": "Комитет снова соберётся в четверг, чтобы обсудить новый бюджет.",
    "uk": "Комітет знову збереться в четвер, щоб обговорити новий бюджет.",
    "ar": "ستجتمع اللجنة مرة أخرى يوم الخميس لمناقشة الميزانية الجديدة.",
    "hi": "समिति नए बजट पर चर्चा करने के लिए गुरुवार को फिर से बैठक करेगी।",
    "el": "Η επιτροπή θα συνεδριάσει ξανά την Πέμπτη για να συζητήσει τον προϋπολογισμό.",
    "id": "Pemerintah mengatakan bahwa kantor polisi bisa dibuka karena uang sudah ada.",
    "ms": "Kerajaan berkata beliau boleh membuka pejabat itu kerana wang sudah ada.",
    "nn": "Eg veit ikkje kva dei gjer, men det er noko me må snakke meir om.",
    "nb": "Jeg vet ikke hva de gjør, men det er noe vi må snakke mer om nå.",
    "mi": "Ko te mahi tuatahi a te iwi he tiaki i ngā tamariki me te whenua.",
    "ts": "Hi nkarhi lowu vanhu va lava ku tiva leswaku mali yi tirhisiwa njhani.",
    "tn": "Batho ba le bantsi ba dira tiro e gore bana ba bone ba nne le botshelo jo bo siameng.",
}


def test_sentences_of_many_languages():
    found = languages(list(SENTENCES.values()))
    assert found["language"].to_pylist() == list(SENTENCES)
    assert min(found["probability"].to_pylist()) > 0.3


def test_what_has_no_letters_has_no_language():
    found = languages(["", None, "12345 67", "!!! ... ???", " \n"])
    assert found["language"].to_pylist() == ["und"] * 5
    assert found["probability"].to_pylist() == [0.0] * 5


def test_a_longer_text_is_surer_than_a_word():
    word, text = languages(["committee", SENTENCES["en"] * 3])["probability"].to_pylist()
    assert 0 < word < text <= 1


def test_the_answer_does_not_depend_on_neighbours_or_chunks():
    texts = list(SENTENCES.values()) * 3
    whole = languages(texts)
    alone = pa.concat_tables([languages([text]) for text in texts])
    chunked = languages(pa.chunked_array([texts[:5], texts[5:]]))
    assert whole["language"].to_pylist() == alone["language"].to_pylist() == chunked["language"].to_pylist()
    np.testing.assert_array_equal(whole["probability"], alone["probability"])
    sliced = languages(pa.array(texts).slice(7, 9))
    assert sliced["language"].to_pylist() == whole["language"].to_pylist()[7:16]


def test_dialects_are_named_only_by_signs_of_their_own():
    assert languages(["我哋喺度等你,唔好遲到,佢哋已經嚟咗喇"])["language"].to_pylist() == ["yue"]
    assert languages(["我们在这里等你，不要迟到，他们已经来了"])["language"].to_pylist() == ["zh"]


def test_the_model_gives_what_its_own_library_gives_without_our_corrections():
    from py3langid.langid import MODEL_FILE, LanguageIdentifier

    from karat.kernels.languages import scores
    from karat.quality.languages import _model

    text = SENTENCES["de"]
    data = np.frombuffer(text.encode(), np.uint8)
    model = _model()
    ours, letters = scores(
        data, np.array([0, len(data)]), model.moves, model.rows, model.features, model.weights, model.priors
    )
    theirs = LanguageIdentifier.from_model_file(MODEL_FILE)._raw_score(text.encode())
    np.testing.assert_allclose(ours[0], theirs, rtol=1e-4)
    assert letters[0, 0] == sum(letter.isascii() and letter.isalpha() for letter in text)
