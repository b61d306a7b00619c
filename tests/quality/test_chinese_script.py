"""Simplified, traditional, both, or neither."""

import pyarrow as pa

from karat.quality.chinese_script import chinese_scripts


def test_each_script_is_told():
    texts = [
        "这个国家的经济发展很快，人们说话时间长。",
        "這個國家的經濟發展很快，人們說話時間長。",
        "这个国家发展很快。這個國家發展很快，經濟也好。",
        "大小人口中文上下",
        "English text",
        None,
    ]
    assert chinese_scripts(pa.array(texts)).to_pylist() == ["simplified", "traditional", "mixed", None, None, None]
