"""What an entity's match is the data of."""

import re

from karat.quality.confidentiality.entity import Entity, always


def test_the_data_is_the_group_value_or_the_whole_match():
    whole, part = (
        Entity("a", re.compile("x[0-9]+"), always, 0.9),
        Entity("b", re.compile("x(?P<value>[0-9]+)"), always, 0.9),
    )
    text = "see x12"
    assert whole.span(whole.pattern.search(text)) == (4, 7)
    assert part.span(part.pattern.search(text)) == (5, 7)
    assert not whole.proves_more
    assert Entity("c", re.compile("x"), str.isdigit, 0.9).proves_more
