"""Names and addresses in Chinese texts."""

import pytest

from karat.quality.confidentiality.chinese_people import chinese_addresses, chinese_people


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("我叫王小明，今年三十岁。", ["王小明"]),
        ("收件人：欧阳娜娜，电话", ["欧阳娜娜"]),
        ("昨天李秀英给我打了电话", ["李秀英"]),
        ("报名的有张伟、刘洋、陈静三人。", ["张伟", "刘洋", "陈静"]),
        ("张经理来了，赵丽先生也在", ["张", "赵丽"]),
        ("患者：于谦，男", ["于谦"]),
    ],
)
def test_names(text, expected):
    assert [text[begin:end] for begin, end, _ in chinese_people(text)] == expected


@pytest.mark.parametrize(
    "text",
    [
        "高兴地说明了方法和安全问题",
        "时间金额于是成为关键",
        "谢谢大家的关心，祝福你们",
        "酒店房间很安静，位置方便",
        "马上查询全部项目",
        "",
    ],
)
def test_words_that_begin_like_a_family_are_no_names(text):
    assert list(chinese_people(text)) == []


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("我住在北京市海淀区中关村大街1号院2号楼3单元501室。", "北京市海淀区中关村大街1号院2号楼3单元501室"),
        ("地址：浙江省杭州市西湖区文三路478号", "浙江省杭州市西湖区文三路478号"),
        ("寄到长宁路1600弄5号302室吧", "长宁路1600弄5号302室"),
    ],
)
def test_addresses(text, expected):
    assert [text[begin:end] for begin, end, _ in chinese_addresses(text)] == [expected]


@pytest.mark.parametrize("text", ["中国的经济发展很快", "第3号文件已经发布", "我在路上走了很久", "第一楼第二号"])
def test_what_is_no_address(text):
    assert list(chinese_addresses(text)) == []
