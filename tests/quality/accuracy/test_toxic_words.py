import pytest

from karat.quality.accuracy.toxic_words import ToxicWords


@pytest.mark.parametrize(
    "text", ["You are such an IDIOT, all of you", "老板就是个傻逼，再也不来了", "what a bullshit hotel"]
)
def test_insults_are_suspicious_and_never_counted(judge, sure, text):
    found = judge(ToxicWords(), {"t": [f"a quiet room {at}" for at in range(30)] + [text]})
    assert set(found) == {(30, "t")}
    assert not sure(found)


@pytest.mark.parametrize(
    "text", ["门口交通方便，离赌场很近", "Scunthorpe is a town", "The class assessed a shiitake dish"]
)
def test_innocent_words_that_hold_them(judge, text):
    assert not judge(ToxicWords(), {"t": [f"a quiet room {at}" for at in range(30)] + [text]})


def test_the_word_is_not_spelt_out(make_block):
    block = make_block({"t": [f"a quiet room {at}" for at in range(30)] + ["fucking slow"]})
    check = ToxicWords()
    assert "fucking" not in check.judge(check.learn(block), block)["message"][0].as_py()
