"""What a broker sends again is known; what is new and says the same is not."""

from karat.collect.streams.again import SentAgain, digest_of

A, B, C = (digest_of(body) for body in (b"a", b"b", b"c"))


def test_a_batch_that_comes_again_whole_or_from_somewhere_on_is_known():
    whole = SentAgain([A, B, C])
    assert [whole.has(digest, marked=True) for digest in (A, B, C, A)] == [True, True, True, False]
    end = SentAgain([A, B, C])
    assert [end.has(digest, marked=True) for digest in (B, C, B)] == [True, True, False]


def test_what_was_never_sent_before_is_new_even_if_it_says_the_same():
    again = SentAgain([A, B])
    assert not again.has(A, marked=False)
    assert not again.has(A, marked=True)  # the batch had been acknowledged


def test_two_messages_with_names_of_their_own_differ():
    assert digest_of(b"a", "1") != digest_of(b"a", "2")
