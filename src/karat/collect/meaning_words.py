"""Words and shapes that tell semantic types apart, in English and Chinese."""

import json
import re
from functools import cache
from importlib.resources import files
from typing import Any

from karat.collect.keys import name_words

# What a column name says, by whole words; Chinese by any part of the name. A hint only: the values decide.
NAME_WORDS: dict[str, str] = {
    "person": "name names firstname lastname fname lname surname forename given player author owner teacher doctor "
    "candidate employee patient physician student contestant baker president politician first last xm",
    "place": "city town country nation state county province region district location place neighborhood neighbourhood "
    "village borough continent area hometown birthplace site suburb territory island township cs",
    "address": "address addr street add address1 mailing dz",
    "organisation": "company organisation organization org employer vendor supplier firm team school university "
    "college "
    "hospital bank agency brewery pollster sponsor publisher manufacturer brand institution department facility office "
    "club airline party provider dw",
    "contact": "email mail phone tel telephone mobile fax url website web homepage link contact dh",
    "code": "code codes zip zipcode postcode postal plz fips icd sku cpt naics sic iata iso abbr abbreviation symbol "
    "cd "
    "ticker model version route bm",
    "identifier": "id ids uid key index idx objectid rowid no nr number num identifier fid oid pk serial ref rownames "
    "subject case obs record ssn bh",
    "guid": "guid uuid globalid",
    "coordinate": "lat latitude lon lng long longitude x y xcoord ycoord easting northing coord coords coordinates geo "
    "xc yc wd jd",
    "amount": "price cost amount amt pay paid gain loss capital invest income salary wage wages revenue fee tax gdp "
    "budget sales profit expenditure balance payment loan tip bill charge value asset assets usd eur spend "
    "money tuition rent je",
    "quantity": "weight height length width depth size temperature temp speed distance volume area mass density bmi "
    "age "
    "duration days hours minutes months time pressure score yield thickness diameter mpg rainfall precipitation radius "
    "perimeter elevation altitude acceleration horsepower displacement education bp wt ht mean sd log",
    "share": "rate percent percentage pct ratio share proportion prob probability perc prop frequency fraction growth "
    "vote margin",
    "count": "count counts number num n population pop total votes visits children quantity freq views deaths births "
    "cases hits wins losses goals enrollment ncases size tot",
    "year": "year yr years yearvalue season birthyear",
    "date": "date day datetime timestamp dob created updated modified month start end birthday birthdate period opened "
    "rq",
    "clock": "time hour clock start end opens closes departure arrival dep arr sched",
    "boolean": "is has flag status active default death dead died event censored cens outcome indicator yes treated",
    "ordinal": "level grade rank rating stage education severity satisfaction class order month week weekday day "
    "quarter "
    "qtr qualification score likert agegrp group season round",
    "category": "type category gender sex race species class group status colour color treatment trt treat kind mode "
    "method marital ethnicity job occupation industry sector style variety position outcome target label",
    "text": "description comment comments notes note remark remarks text title review body message abstract summary "
    "content query question answer headline",
}
NAME_HAN: dict[str, str] = {
    "person": "姓名|名字|联系人|负责人|客户$|员工$|医生|教师|学生$|作者|姓$",
    "place": "省|市$|城市|区县|地区|国家|国籍|籍贯|产地|所在地|区域|县",
    "address": "地址|住址",
    "organisation": "公司|单位$|企业|学校|机构|银行|供应商|医院|品牌",
    "contact": "电话|手机|邮箱|邮件|网址|链接|传真",
    "code": "编码|代码|邮编|邮政|型号|货号|币种",
    "identifier": "编号|序号|学号|工号|单号|流水号|身份证|会员号|病历号|ID|账号",
    "guid": "唯一标识",
    "coordinate": "经度|纬度|坐标",
    "amount": "价|金额|工资|收入|余额|费|税|预算|销售额|成本|薪|总额",
    "quantity": "重量|面积|距离|容量|长度|身高|体重|温|年龄|时长|天数|分数|浓度|高度|速度|气压|测量|厚度",
    "share": "率$|比例|占比|百分",
    "count": "数量|人数|次数|件数|人口|销量|浏览量|个数",
    "year": "年份|年度|^年$|年$",
    "date": "日期|时间|生日|月份$|期间",
    "clock": "时刻|时间|上班|下班",
    "boolean": "是否|有无|已",
    "ordinal": "等级|级别|学历|满意度|评分|星级|星期|月份|名次|排名",
    "category": "性别|类型|类别|状态|颜色|品类|部门|职业|民族|婚姻|方式|种类",
    "text": "评论|描述|备注|标题|内容|正文|说明|摘要|意见",
}
# Parts of names that are written as one word.
PARTS = {
    r"^(pct|perc|per(?=[bpc]))|(pct|percent|rate)$": "share",
    r"^(pop|num|tot|n(?=[A-Z_]))|(count|pop)$": "count",
    r"(price|wage|wag|salary|income|inc|cost|tax)": "amount",
    r"(date|dt)$": "date",
    r"year$": "year",
    r"name$|name\d$": "person",
    r"^(is|has)_|flag$": "boolean",
    r"id$": "identifier",
    r"(code|cd)$": "code",
}
STREETS = (
    r"(?i)\b(st|street|ave|avenue|rd|road|blvd|boulevard|dr|drive|ln|lane|ct|court|pl|plaza|hwy|highway|pkwy|parkway|"
    r"sq|"
    r"square|ter|terrace|way|tpke|cir|circle|loop|suite|apt|rue|via|calle|strasse|weg)\b\.?|(?i)stra(ß|ss)e|platz"
)  # USPS Publication 28, suffixes
ORGANISATIONS = (
    r"(?i)\b(inc|ltd|llc|plc|corp|corporation|co|company|gmbh|ag|sa|bv|university|college|school|academy|hospital|"
    r"clinic|"
    r"bank|group|association|assn|institute|center|centre|department|dept|agency|club|church|press|news|foundation|"
    r"society|brewing|brewery|services|systems|holdings|sons|partners|council|office|bureau|union|museum|library|"
    r"medical|"
    r"health|laborator(y|ies)|airlines|airport)\b|(公司|集团|大学|学院|医院|银行|中心|局|厂|学校|协会|研究所|小学|中学|店)$"
)
PLACES = (
    r"(?i)\b(county|city|park|lake|river|island|islands|north|south|east|west|mount|san|santa|saint|new|village|town|"
    r"fort|"
    r"port|point|beach|valley|creek|heights|republic|field|playground|trail|district)\b|(?i)(ville|burg|bury|ton|ford|"
    r"stan|land|shire)$|[省市区县镇乡村州旗盟]$"
)
ORDERS = (
    r"(?i)^(very |fairly |much |extremely |strongly |somewhat |non?-?)?(low|medium|mid|high|small|large|big|poor|fair|"
    r"good|"
    r"excellent|bad|better|worse|average|normal|mild|moderate|severe|never|rarely|seldom|sometimes|often|usually|"
    r"always|"
    r"agree|disagree|neutral|satisfied|dissatisfied|unlikely|likely|none|some|first|second|third|fourth|fifth|junior|"
    r"senior|freshman|sophomore|rare|well|short|long|young|old|\d+(st|nd|rd|th)|[ivx]{1,4}|primary|secondary|tertiary|"
    r"bachelor'?s?|master'?s?|doctora(te|l)|ph\.?d|high school|graduate|undergraduate|college|degree)\b|"
    r"^([特很非]?[高中低优良差大小好]|一般|(非常|很)?(不)?满意|[初高]中|小学|大专|本科|硕士|博士|[一二三四五]级|及格|不及格)"
)
PERIODS = (
    r"(?i)^(jan|feb|mar|apr|may|jun|jul|aug|sep|oct|nov|dec|mon|tue|wed|thu|fri|sat|sun)[a-z]*\.?$|^(星期|周)[一二三四五六日天]$|"
    r"^(1[0-2]|[1-9])月$|^[Qq][1-4]$|^(spring|summer|autumn|fall|winter)$"
)
BANDS = r"^[<>≤≥]\s*=?\s*[$€£¥]?\d[\d,.]*|^[$€£¥]?\d[\d,.]*\s*(-|–|to)\s*[$€£¥]?\d[\d,.]*|^\d[\d,.]*\s*\+"
FUNCTION_WORDS = (
    r"(?i)\b(the|of|and|for|with|that|this|was|were|are|is|not|from|have|you|but|on|in|to|a)\b|[的了在是和]"
)


@cache
def lexicon() -> dict[str, Any]:
    """Places, given names and surnames; ``source`` says where they are from."""
    words: dict[str, Any] = json.loads(files("karat.collect").joinpath("meaning_words.json").read_text("utf-8"))
    return words


@cache
def _by_word() -> dict[str, list[str]]:
    out: dict[str, list[str]] = {}
    for meaning, words in NAME_WORDS.items():
        for word in words.split():
            out.setdefault(word, []).append(meaning)
    return out


def hinted(name: str) -> dict[str, float]:
    """The meanings a column name points to: 1 by its last word or by Chinese, 0.5 by another word or a part of one."""
    words = [plain for word in name_words(name) if (plain := re.sub(r"\d+$", "", word))]
    said = {meaning: 0.5 for part, meaning in PARTS.items() if re.search(part, name.casefold())}
    said |= {meaning: 0.5 for word in words[:-1] for meaning in _by_word().get(word, ())}
    if not name.isascii() or "ID" in name:
        said |= {meaning: 1.0 for meaning, pattern in NAME_HAN.items() if re.search(pattern, name)}
    return said | dict.fromkeys(_by_word().get(words[-1], ()) if words else (), 1.0)
