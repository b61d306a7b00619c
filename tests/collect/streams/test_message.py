"""Places compare as numbers, and a source that was made anew is read under a name of its own."""

from karat.collect.streams.message import Message, needs, order, turn, turn_of
from karat.core.errors import MissingExtraError


def test_places_compare_as_numbers():
    assert order("9") < order("10")
    assert order("5-9") < order("5-10") < order("6-0")


def test_a_source_that_was_made_anew_has_a_name_of_its_own():
    assert turn("events", 1) == "events"
    assert turn_of("events", "0", {}) == "events"
    assert turn_of("events", "9", {"events": "9"}) == "events"
    assert turn_of("events", "3", {"events": "9"}) == "events~2"
    assert turn_of("events", "12", {"events": "9", "events~2": "5"}) == "events~2"
    assert turn_of("events", "1", {"events": "9", "events~2": "5"}) == "events~3"


def test_the_place_that_is_reached_is_the_message_s_own_unless_it_says_another():
    assert Message("p", "7", b"").reached == "7"
    assert Message("p", "7", b"", after="20").reached == "20"


def test_a_missing_client_says_what_to_install():
    error = needs("redis", ImportError("No module named 'redis'"))
    assert isinstance(error, MissingExtraError)
    assert "[watch]" in str(error)
