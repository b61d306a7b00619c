"""Which columns of interactions say what: who, with what, how much, what kind of act, and when."""

import re
from dataclasses import dataclass

from karat.core.schema import Role, Schema

KIND = "event"


def _words(text: str) -> frozenset[str]:
    return frozenset(text.split())


USER_WORDS = _words(
    "user uid customer cust member client visitor reviewer buyer viewer listener reader shopper subscriber player "
    "account profile person userid consumer household author session"
)
ITEM_WORDS = _words(
    "item iid product prod movie film book song track artist album article news video game app sku asin isbn goods "
    "business restaurant hotel recipe joke anime beer wine show series podcast course content photo ad listing stock "
    "itemid movieid place venue poi merchandise media playlist post question offer"
)
RATING_WORDS = _words(
    "rating ratings score stars star grade rate overall preference playcount plays listens count weight"
)
EVENT_WORDS = _words("event action behavior behaviour type interaction activity verb op")
TIME_WORDS = _words("time timestamp ts date datetime at when day created unixtime clock moment")
USER_HAN = re.compile("用户|会员|顾客|客户|买家|读者|观众|玩家|账号|使用者")
ITEM_HAN = re.compile(
    "商品|物品|产品|电影|影片|图书|书名|书籍|歌曲|音乐|视频|文章|新闻|菜品|餐厅|酒店|游戏|应用|课程|店铺|品目|项目"
)
RATING_HAN = re.compile("评分|打分|得分|星级|分数|评级")
EVENT_HAN = re.compile("行为|事件|动作|操作")
TIME_HAN = re.compile("时间|日期|时刻|时戳")


@dataclass(frozen=True)
class InteractionColumns:
    """The columns of interactions by what they say; None where there is no such column.

    Parameters
    ----------
    user, item : str
        Who, and with what.
    rating : str or None
        How much: a number.
    event : str or None
        What kind of act: a category.
    time : str or None
        When.
    """

    user: str
    item: str
    rating: str | None = None
    event: str | None = None
    time: str | None = None

    @classmethod
    def of(cls, schema: Schema) -> "InteractionColumns | None":
        """The columns of a schema; None where it has no users or no items."""
        user, item, time = schema.first(Role.USER), schema.first(Role.ITEM), schema.first(Role.TIME)
        if user is None or item is None:
            return None
        numbers = [c.name for c in schema.with_role(Role.NUMBER)]
        words = [c.name for c in schema.with_role(Role.CATEGORY)]
        return cls(
            user.name,
            item.name,
            _named(numbers, RATING_WORDS, RATING_HAN),
            _named(words, EVENT_WORDS, EVENT_HAN),
            time.name if time else None,
        )


def _named(names: list[str], words: frozenset[str], han: re.Pattern[str]) -> str | None:
    """The first column that is named so, else the only one there is."""
    matches = [name for name in names if is_named(name, words, han)]
    return matches[0] if matches else names[0] if len(names) == 1 else None


def is_named(name: str, words: frozenset[str], han: re.Pattern[str]) -> bool:
    """Does a column's name hold one of the words, also with ``id`` or ``s`` behind it?"""
    apart = re.sub(r"(?<=[a-z0-9])(?=[A-Z])|(?<=[A-Z])(?=[A-Z][a-z])", " ", name)
    parts = [word.casefold() for word in re.split(r"[\W_]+", apart) if word]
    bare = {part.removesuffix("ids").removesuffix("id").removesuffix("s") for part in parts}
    return bool(words & (set(parts) | bare)) or han.search(name) is not None
