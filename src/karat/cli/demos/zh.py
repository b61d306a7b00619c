"""``karat demo zh``: made-up Chinese reviews of meals, spoiled, down to the proof."""

from collections.abc import Mapping
from pathlib import Path
from typing import Any

from karat.cli.demos.text import reviews, walk_reviews

CHINESE: Mapping[str, Any] = {
    "things": "米饭|面条|汤|牛肉|鸡腿|包装|送餐员|分量|味道|价格|客服|青菜|饮料|速度|店家态度|筷子",
    "praised": "很好|特别新鲜|让人满意|非常棒|超出期待|没得说|挺实在|很贴心|干净|恰到好处|值得表扬",
    "blamed": "太差|不新鲜|让人失望|糟糕透了|完全不行|没法忍|很敷衍|冷冰冰的|脏兮兮的|越来越差|必须投诉|和图片不符",
    "said": "{thing}{word}。|这次的{thing}{word}。|说实话，{thing}{word}！|我觉得{thing}{word}。|"
    "同事也说{thing}{word}。|尤其是{thing}，{word}。",
    "filler": "周五中午点了{n}份。|当时外面下着雨。|我们一共{n}个人吃。|"
    "等了{n}分钟送到楼下。|以前在这家点过。|是朋友推荐的。",
    "sorts": ("好评", "差评"),
    "sign": "【{}】",
    "empty": ("测试", "。。。。。。", "此用户没有填写评价。"),
    "space": "",
}


def demonstrate(out: Path | None, *, workers: int, quiet: bool) -> None:
    """Walk the reviews and print what text alone shows."""
    walk_reviews("zh", reviews(CHINESE, 22), out, workers=workers, quiet=quiet)
