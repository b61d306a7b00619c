import pytest

from karat.quality.completeness.placeholder_texts import PlaceholderTexts


def column(text, size=100):
    held = [f"The room number {at} was clean and quiet." for at in range(size)]
    held[4] = text
    return held


@pytest.mark.parametrize(
    "text",
    ["......!!", "。。。。", "aaaaaaa", "Test", "test 123", "asdfgh", "[deleted]", "Lorem ipsum dolor sit", "No comment.",
     "此用户没有填写评价。", "系统默认好评", "测试数据", "该内容已被作者删除", "<Media omitted>"],
)  # fmt: skip
def test_texts_that_nobody_wrote(judge, sure, text):
    assert set(sure(judge(PlaceholderTexts(), {"t": column(text)}))) == {(4, "t")}


@pytest.mark.parametrize(
    "text",
    ["ok", ":-)", "😀", "很好吃", "哈哈哈哈哈哈", "N/A", "The test was removed from the room.", "图片和实物不符，态度差", "10",
     "<3", "this is a test of patience and nothing to say about it"],
)  # fmt: skip
def test_short_answers_are_answers(judge, sure, text):
    assert not sure(judge(PlaceholderTexts(), {"t": column(text)}))


def test_where_many_are_so_it_is_the_columns_way(judge, sure):
    held = [f"remark {at} on it" if at % 5 else "!" * (at // 5 + 2) for at in range(200)]
    found = judge(PlaceholderTexts(), {"t": held})
    assert found
    assert not sure(found)
