"""Counts that hold in every script."""

import numpy as np
import pytest

from karat.kernels.text_form import AT, COLUMNS, form, key_of
from karat.kernels.text_form_classes import form_classes

ENGLISH, NOTICES = sorted({key_of("the"), key_of("of")}), sorted({key_of("login"), key_of("版权")})
KEYS = np.array([*ENGLISH, *NOTICES], np.uint64)


def counted(*texts, language=0):
    data = [text.encode() for text in texts]
    offsets = np.cumsum([0, *map(len, data)]).astype(np.int64)
    buf = np.frombuffer(b"".join(data) or b" ", np.uint8)
    out = np.zeros((len(texts), len(COLUMNS)), np.int32)
    form(buf, offsets, np.full(len(texts), language), (*form_classes(), KEYS), np.array([0, 2]), out)
    return out


@pytest.mark.parametrize(
    ("text", "column", "count"),
    [
        ("The cat of the House.", "form_words", 5),
        ("The cat of the House.", "form_common", 3),
        ("The cat of the House.", "form_distinct_common", 2),
        ("Login or LOGIN", "form_notices", 2),
        ("Login or LOGIN", "form_notice_kinds", 1),
        ("版权所有", "form_words", 4),
        ("版权所有", "form_notices", 1),
        ("版，权", "form_notices", 0),
        ("iPhone ab1c Аpple plain", "form_mixed", 3),
        ("xkcdq strst rhythm DNSSS aeiou", "form_unspeakable", 2),
        ("Ã¼ber cafÃ© a?b ??", "form_broken", 4),
        ("Il dit « café » : là ?", "form_broken", 0),
        ("One. two. Three! four? 1.5 five", "form_ends", 3),
        ("One. two. Three! four? 1.5 five", "form_ends_small", 2),
        ("wait... and", "form_ends", 0),
        ("Home\nAbout us\nThis is a line of many words\nYes.\n\n", "form_lines", 4),
        ("Home\nAbout us\nThis is a line of many words\nYes.\n\n", "form_short", 2),
        ("12 34\n56", "form_short", 0),
        ("a,\nb\nc.", "form_ended", 2),
        ("Home | About » ©", "form_separators", 3),
        ("a\tb\tc\nplain words\nx | y | z", "form_cells", 2),
        ("see http://a.b or www.c.d or me@x.y", "form_links", 3),
        ("f(x)[1] }", "form_brackets", 3),
        ("f(x)[1] }", "form_unmatched", 1),
        ("([)]", "form_unmatched", 1),
        ("a=b c", "form_inside", 1),
        ("Yes! 好。！", "form_shouts", 2),
        ("gu??i na ?ivot? Da.", "form_questions", 3),
        ("gu??i na ?ivot? Da.", "form_questions_inside", 2),
        ("rokГ one Аpple ab1c двa", "form_two_scripts", 3),
        ("a=b {=} ~ ` @ #", "form_symbols", 7),
        ("ไทย ລາວ ខ្មែរ abc ქართ", "form_unspaced", len("ไทยລາວខ្មែរ")),
        ("One two. Three?! 好。", "form_stops", 4),
        ("Boats and boats, some red, some BOATS", "form_tallied", 7),
        ("Boats and boats, some red, some BOATS and and", "form_commonest", 5),
        ("酒店酒店，酒", "form_tallied", 3),
        ("酒店酒店，酒", "form_commonest", 3),
        ("at 9:05:11 and 10:00:00\n12:34:56,789 x\n12:34\n12:345:67\n1:2:3\n12::34:56", "form_clocks", 2),
    ],
)
def test_what_is_counted(text, column, count):
    assert counted(text)[0, AT[column]] == count


def test_a_document_is_counted_as_if_it_stood_alone():
    texts = ["The (first", "", "login)", "版", "权", "of the"]
    together = counted(*texts)
    for at, text in enumerate(texts):
        assert together[at].tolist() == counted(text)[0].tolist(), text
    assert counted("the of", language=-1)[0, AT["form_common"]] == 0
