"""A page that says one thing again and again is no running Chinese."""

import karat

talk = "昨天下午我们在河边散步，看到很多人在钓鱼。老王说今年的水比去年清，鱼也多了，大家都觉得是好事。"
data = [
    f"{at}月的一天。{talk}后来天黑了，我们就一起回家吃饭，孩子们讲了学校里的事情，一共有{at}件。" for at in range(1, 13)
]
data[9] = "点击这里马上下载，" * 30
found = karat.assess(data, kind="text", profile="zh", only=["ChineseQuality"])
