"""Signs that a document is not worth training on."""

import random
from urllib.parse import quote

import numpy as np
import pyarrow as pa
import pytest

from karat.quality.languages import languages
from karat.quality.text_family import text_scores
from karat.quality.text_form import form_scores
from karat.quality.text_rules import numbers_of
from karat.quality.text_signs import SIGNS, evidence, sign_values

PROSE = {
    "en": "The old house at the end of our lane has been empty for many years, and nobody knows who owns it now. ",
    "de": "Das alte Haus am Ende unserer Straße steht seit vielen Jahren leer, und niemand weiß, wem es gehört. ",
    "ru": "Старый дом в конце нашей улицы уже много лет стоит пустой, и никто не знает, чей он теперь. ",
    "fi": "Vanha talo kadun päässä on ollut tyhjänä monta vuotta, eikä kukaan tiedä, kuka sen nyt omistaa. ",
}
MORE = {
    "en": "Last summer a family from the city came to look at it, but they did not come back to us in the autumn.",
    "de": "Im letzten Sommer kam eine Familie aus der Stadt, um es anzusehen, aber sie ist nicht zurückgekommen.",
    "ru": "Прошлым летом семья из города приезжала на него посмотреть, но осенью они к нам не вернулись.",
    "fi": "Viime kesänä kaupungista tuli perhe katsomaan sitä, mutta he eivät ole tulleet syksyllä takaisin.",
}
TABLE = "".join(f"town {at}\t{at * 37}\t{at * 91}.5\n" for at in range(20))
SENTENCES = (
    "We went to the sea. The day was warm. My sister swam. She saw a boat. It was red. Then we ate. Nobody spoke. "
)
CODE = "def add(a, b):\n    return a + b\n\n\nclass Tree:\n    def grow(self, by):\n        self.size += by\n" * 3
VERSE = "The night is dark\nThe wind is low\nI hear the sea\nAnd watch the snow\n"


def numbers(*texts):
    array = pa.array(texts)
    told = languages(array)
    both = [text_scores(array, 1), form_scores(array, told["language"], told["probability"])]
    return {name: values for table in both for name, values in numbers_of(table).items()}


def speaking(text):
    strength = evidence(numbers(text)).strength[0]
    return {sign.code for sign, says in zip(SIGNS, strength, strict=True) if says > 0}


@pytest.mark.parametrize("language", sorted(PROSE))
def test_nothing_speaks_against_prose(language):
    assert speaking(PROSE[language] + MORE[language]) == set()


@pytest.mark.parametrize("text", [CODE, VERSE, "ok", "", TABLE, "x² + y² = z²\n" * 2])
def test_what_is_no_prose_is_not_judged_as_prose(text):
    found = evidence(numbers(text))
    assert found.groups[0] <= 1
    assert found.probability[0] < 0.9


def shuffled(text):
    words = text.split()
    random.Random(1).shuffle(words)
    return " ".join(words)


WHOLE = PROSE["en"] + MORE["en"]


@pytest.mark.parametrize(
    ("text", "sign"),
    [
        (WHOLE.replace(" ", "\ufffd"), "broken_characters"),
        (WHOLE.replace("o", "o}o").replace("e", "e>e"), "signs_in_words"),
        (" ".join(f"{word[:1]}?{word[2:]}" for word in PROSE["en"].split()), "lost_letters"),
        (WHOLE.replace("e", "е"), "two_scripts"),
        (
            "".join(sign + "}]<>=+*/\\_#$&^~`@%"[at // 9 % 18] * (at % 9 == 0) for at, sign in enumerate(WHOLE)),
            "many_symbols",
        ),
        (" ".join(word[:2] + word[2:].title() for word in WHOLE.split()), "odd_words"),
        ("bcdfgh jklmnp qrstvw xzbcdf " * 8, "unspeakable_words"),
        ("Home\nAbout us\nOur team\nContact\nWork here\nNews\nEvents", "short_lines"),
        ("Home » Shop » Shoes » Boots » Red » Blue » Men » Women » Kids » Sale » New " * 2, "menu_signs"),
        ("\n".join(f"this line number {at} of the list was cut ..." for at in range(8)), "cut_lines"),
        (f"{WHOLE}\n" * 8, "repeated_lines"),
        (WHOLE * 6, "repeated_words"),
        ("".join(f"Best plumber Leeds in {word}, plumber Leeds. " for word in WHOLE.split()[:12]), "stuffed_words"),
        (quote(WHOLE + MORE["ru"], safe=""), "no_blanks"),
        ("".join(f"2024-03-02 10:15:{at:02} worker {at} is ready\n" for at in range(9)), "clock_lines"),
        (shuffled(SENTENCES), "sentence_order"),
        (f"{WHOLE} {WHOLE}".replace(".", ""), "no_sentences"),
        ("We use cookies. Privacy policy. Login or register. Subscribe to our newsletter. Free download.", "notices"),
        ("http://a.b one two http://c.d three four www.e.f five six seven eight nine ten " * 3, "links"),
        ("Wow! Yes! Great stuff! Look! Here! Now! Come on! Buy! It is good! Go! " * 3, "shouting"),
        ("12.5 77.1 90.3 44.8 " * 30, "signs"),
        (f"Lorem ipsum dolor sit amet. {WHOLE}", "placeholder"),
    ],
)
def test_each_sign_speaks(text, sign):
    assert sign in speaking(text)


def test_signs_by_language_speak_only_where_it_is_known():
    made = numbers(WHOLE, WHOLE)
    made = {name: column.copy() for name, column in made.items()}
    made["form_common"][:] = 0
    made["form_word_letters"][:] *= 9
    made["form_usual_share"][1] = made["form_usual_length"][1] = 0
    values = sign_values(made)
    assert values["few_common_words"][0] == 1
    assert values["long_words"][0] > 5
    assert np.isnan([values[name][1] for name in ("few_common_words", "short_words")]).all()
    assert values["long_words"][1] > 4  # than any language's
    made["form_unspaced"][1] = made["form_letters"][1]
    assert np.isnan(sign_values(made)["long_words"][1])  # but words of Thai do not end where blanks stand
    made["form_word_letters"][0] = made["form_words"][0]
    made["form_no_language"][:] = 1
    assert sign_values(made)["short_words"][0] > 2
    assert sign_values(made)["no_language"].tolist() == [1, 1]


def test_the_probability_rises_with_the_signs_and_groups_are_counted_once():
    found = evidence(numbers(WHOLE, WHOLE * 6, f"{WHOLE}\n" * 8))
    assert found.groups.tolist() == [0, 1, 2]
    assert found.probability[0] < 0.2 < found.probability[1] < found.probability[2]
    assert [SIGNS[at].group for at in found.strongest[1:]] == ["repeated words"] * 2
