"""Every kind that a word names has a hint that finds the word, and an expression that Arrow reads."""

import pyarrow as pa
import pyarrow.compute as pc
import pytest

from karat.quality.confidentiality.keyed_entities import KEYED, WECHAT, WECHAT_CLOSE

EXAMPLES = {
    "resident ID (CN)": "身份证：1101051949123100",
    "bank card": "credit card no. 4111 1111 1111 11",
    "bank account": "Account number: 12345678",
    "IBAN": "iban is DE12 3456 7890 1234",
    "social security number (US)": "SSN 12345678",
    "passport (CN)": "护照号码为X1234567",
    "phone": "座机 6234567",
    "QQ number": "qq群 12345",
    "medical insurance number (CN)": "社保卡 123456789",
    "travel permit (CN)": "回乡证：H1234567890",
    "officer ID (CN)": "士兵证 1234567",
    "social credit code (CN)": "纳税人识别号：9111010855138508",
    "driver's licence": "驾照：110105194912310",
    "vehicle identification number": "VIN: 1HGCM82633A0043",
    "licence plate (CN)": "车牌号：浙A1234",
}


@pytest.mark.parametrize("entity", KEYED, ids=lambda entity: entity.name)
def test_each_is_found_beside_its_word_alone(entity):
    text = EXAMPLES[entity.name]
    assert pc.match_substring_regex(pa.array([text]), entity.hint)[0].as_py()
    match = entity.pattern.search(text)
    begin, end = entity.span(match)
    assert end == len(text)
    assert entity.proves(text[begin:end])
    assert entity.pattern.search(f"的 {text[begin:end]}") is None


@pytest.mark.parametrize("entity", [WECHAT, WECHAT_CLOSE], ids=["said", "close"])
def test_a_wechat_id_needs_a_word_that_says_it_or_a_digit(entity):
    assert entity.pattern.search("微信公众号 Karat") is None
    assert entity.pattern.search("wechat payment") is None
