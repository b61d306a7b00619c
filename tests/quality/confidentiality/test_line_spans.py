"""One line is searched as many texts are."""

import random
import subprocess
import sys

import pytest

from karat.quality.confidentiality.line_spans import spans_of
from karat.quality.confidentiality.spans import find

PARTS = (
    "call me at", "phone: ", "tel", "account number", "iban", "card no ", "SSN ", "passport", "version ", "order no ", "x", "@",
    "a.b-c@d-e.org", "555-867-5309", "+49 30 55512345", "(020) 7946 0018", "4111 1111 1111 1111", "078-05-1120",
    "192.168.0.12", "fe80::1", "GB82 WEST 1234 5698 7654 32", "sk-abcdefghijklmnopqrstuvwx", "https://a:b@c.org",
    "2024-05-31", "12345678", "138-1234-5678", "QQ 1234567", "ext. 12", ",", "/", "(", ")", "9", "77", "E12345678",
)  # fmt: skip


@pytest.mark.parametrize("seed", range(4))
def test_a_line_has_the_spans_of_a_text_among_many(seed):
    draw = random.Random(seed)
    texts = [draw.choice((" ", "")).join(draw.choices(PARTS, k=draw.randint(1, 7))) for _ in range(400)]
    texts += ["电话 138-1234-5678", "phone：５５５-867-5309", "身份证11010519491231002X。", ""]
    spans = [(row, s.start, s.end, s.entity, s.confidence) for row, text in enumerate(texts) for s in spans_of(text)]
    assert len(spans) > 300
    assert spans == [tuple(row.values()) for row in find(texts).to_pylist()]


def test_a_line_of_plain_signs_loads_no_machine_code():
    order = (
        "import sys; from karat.show.masking import masked; print(masked('call 555-867-5309'), 'numba' in sys.modules)"
    )
    said = subprocess.run([sys.executable, "-c", order], capture_output=True, text=True, check=True).stdout
    assert said.split() == ["call", "55*-***-****", "False"]
