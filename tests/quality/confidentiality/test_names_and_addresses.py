"""Names and addresses together: what stands in an address is no name; masked only where that is asked for."""

from karat.clean.mask_personal_data import mask
from karat.quality.confidentiality.entities import NAMES
from karat.quality.confidentiality.names_and_addresses import ADDRESS, PEOPLE, PERSON, names_and_addresses
from karat.quality.confidentiality.spans import find

TEXTS = [
    "My name is Pauline Geisler, I live at 22 Baker Street, London.",
    "我叫王小明，住在北京市海淀区中关村大街1号院2号楼。",
    None,
    "nothing",
]


def test_both_kinds_in_both_languages():
    said = [[(what, text[begin:end]) for begin, end, what, _ in names_and_addresses(text)] for text in TEXTS[:2]]
    assert dict(said[0])[PERSON] == "Pauline Geisler"
    assert dict(said[0])[ADDRESS].startswith("22 Baker Street")
    assert said[1] == [(ADDRESS, "北京市海淀区中关村大街1号院2号楼"), (PERSON, "王小明")]


def test_they_are_looked_for_only_where_they_are_asked_for():
    assert find(TEXTS).num_rows == 0
    assert set(find(TEXTS, PEOPLE)["entity"].to_pylist()) == set(PEOPLE)
    assert find(TEXTS, [PERSON])["row"].to_pylist() == [0, 1]


def test_masked_beside_forms():
    texts = ["我叫王小明，手机13812345678", "Ask Pauline Geisler, ssn 219-09-9999"]
    assert mask(texts, entities=(*NAMES, *PEOPLE)).texts.to_pylist() == [
        "我叫<NAME>，手机<PHONE>",
        "Ask <NAME>, ssn <SSN>",
    ]
