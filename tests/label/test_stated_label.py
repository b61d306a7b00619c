import pytest

from karat.label.stated_label import meant, spoken


@pytest.mark.parametrize(
    ("answer", "label"),
    [
        ("spam", "spam"),
        (" **Spam**.", "spam"),
        ("The label is: spam", "spam"),
        ("ｓｐａｍ", "spam"),
        ("not spam", None),
        ("spam or ham", None),
        ("spammer", None),
        ("not_spam", "not_spam"),
        ("", None),
        ("<think>ham? no, not ham</think>\nspam", "spam"),
        ("hidden start of a thought: ham</think> spam", "spam"),
        ("<think>surely spam", None),
        ('{"label": "spam"}', "spam"),
        ('```json\n{"label": "ham"}\n```', "ham"),
        ('{"label": "neither"}', None),
    ],
)
def test_what_an_answer_means(answer, label):
    assert meant(answer, ("spam", "ham", "not_spam")) == label


def test_thoughts_are_not_spoken():
    assert spoken("<think>a</think> b <reasoning>c</reasoning> d") == "d"
    assert spoken("<thinking>never ends") == ""
    assert spoken(" plain ") == "plain"
