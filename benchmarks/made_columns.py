"""Columns of known semantic types, made from nothing: for types that few public tables have. Needs ``faker``."""

import random
import uuid
from collections.abc import Callable, Sequence
from typing import Any

from faker import Faker

SIZES = (40, 120, 300, 800)
Made = list[tuple[str, str, list[str]]]  # column name, meaning, values


class Maker:
    """Columns of one language, with names in it; values of other languages in small words ("zh").

    Parameters
    ----------
    locale : str
        Of ``faker``: "en_US", "zh_CN" ...
    seed : int
    """

    def __init__(self, locale: str, seed: int) -> None:
        Faker.seed(seed)
        self.fake, self.dice, self.zh = Faker(locale), random.Random(seed), locale.startswith("zh")
        self.seed, self.out = seed, []

    def columns(self) -> Made:
        """All of them; in four of ten sets, 8 % of the cells are blank."""
        for part in (people_and_places, codes_and_contacts, measures, times, words):
            part(self)
        if self.dice.random() < 0.4:
            self.out = [(a, b, ["" if self.dice.random() < 0.08 else x for x in v]) for a, b, v in self.out]
        return self.out

    def name(self, english: Sequence[str], chinese: Sequence[str]) -> str:
        """A name of the language."""
        return self.dice.choice(chinese if self.zh else english)

    def any(self, *of: Any) -> Any:
        """One of them."""
        return self.dice.choice(of)

    def size(self) -> int:
        """A number of records."""
        return self.dice.choice(SIZES)

    def add(self, name: str, meaning: str, make: Callable[[], object]) -> None:
        """A column whose cells are made one by one."""
        self.out.append((name, meaning, [str(make()) for _ in range(self.size())]))

    def few(self, name: str, meaning: str, values: Sequence[object]) -> None:
        """A column of a few values, some of them often."""
        weights = [self.dice.random() + 0.05 for _ in values]
        self.out.append((name, meaning, [str(x) for x in self.dice.choices(values, weights, k=self.size())]))


def people_and_places(m: Maker) -> None:
    """People and places."""
    m.add(
        m.name(
            ["name", "full_name", "customer", "Employee", "contact_person", "author", "v1"],
            ["姓名", "客户", "联系人", "员工", "xm", "name"],
        ),
        "person",
        m.fake.name,
    )
    m.add(
        m.name(["first_name", "fname", "given", "vorname"], ["姓名", "名字", "学生"]),
        "person",
        m.fake.first_name if not m.zh else m.fake.name,
    )
    m.add(
        m.name(["last_name", "surname", "lname", "family_name"], ["姓", "姓名", "作者"]),
        "person",
        m.fake.last_name if not m.zh else m.fake.name,
    )
    m.add(
        m.name(["owner", "teacher", "doctor", "c3"], ["负责人", "医生", "教师"]),
        "person",
        lambda: (m.fake.last_name() + ", " + m.fake.first_name()) if not m.zh else m.fake.name(),
    )
    m.add(
        m.name(["city", "town", "birthplace", "location", "c4"], ["城市", "地区", "所在地", "cs"]), "place", m.fake.city
    )
    m.add(
        m.name(["country", "nation", "origin", "nationality"], ["国家", "国籍", "省份", "籍贯"]),
        "place",
        m.fake.country if not m.zh else m.fake.province,
    )
    m.few(
        m.name(["state", "region", "county", "province"], ["区县", "地区", "产地"]),
        "place",
        [
            (m.fake.state() if hasattr(m.fake, "state") and not m.zh else m.fake.city())
            for _ in range(m.dice.choice([8, 25]))
        ],
    )
    m.add(
        m.name(
            ["address", "street", "addr", "location", "mailing address"], ["地址", "住址", "联系地址", "dz", "收货地址"]
        ),
        "address",
        m.fake.street_address if not m.zh else m.fake.address,
    )
    m.add(
        m.name(["full_address", "address1", "site", "c9"], ["详细地址", "家庭住址", "公司地址"]),
        "address",
        lambda: m.fake.address().replace("\n", ", "),
    )
    m.add(
        m.name(
            ["company", "employer", "vendor", "organization", "supplier", "c5"],
            ["公司", "单位", "供应商", "企业名称", "dw"],
        ),
        "organisation",
        m.fake.company,
    )
    m.few(
        m.name(["bank", "brand", "agency", "school"], ["银行", "学校", "机构"]),
        "organisation",
        (
            [m.fake.company() for _ in range(14)]
            if not m.zh
            else [m.fake.city_name() + m.any("大学", "医院", "银行", "中学", "小学", "研究所") for _ in range(14)]
        ),
    )


def codes_and_contacts(m: Maker) -> None:
    """Codes and contacts."""
    m.add(m.name(["email", "e-mail", "contact", "mail"], ["邮箱", "电子邮件", "email"]), "contact", m.fake.email)
    m.add(
        m.name(["phone", "tel", "mobile", "fax"], ["电话", "手机号", "联系电话", "dh"]), "contact", m.fake.phone_number
    )
    m.add(m.name(["url", "website", "homepage", "link"], ["网址", "链接", "主页"]), "contact", m.fake.url)
    m.add(m.name(["zip", "postcode", "postal_code", "plz"], ["邮编", "邮政编码"]), "code", m.fake.postcode)
    pat = m.any("??-####", "###-??", "?#####", "??#?", "#?-##-?")
    m.add(
        m.name(["sku", "product_code", "item", "part_no", "icd", "model"], ["编码", "货号", "产品代码", "型号"]),
        "code",
        lambda: m.fake.bothify(pat).upper(),
    )
    m.few(
        m.name(["cpt", "dept_code", "currency", "class_code", "unit_code"], ["科目代码", "币种", "部门代码"]),
        "code",
        [m.fake.bothify(m.any("???", "??#", "?##")).upper() for _ in range(m.dice.choice([8, 30]))],
    )
    m.few(
        m.name(["naics", "hs_code", "sic", "fips", "district_code"], ["行政区划代码", "行业代码"]),
        "code",
        [f"{m.dice.randint(100, 999999):06d}" for _ in range(60)],
    )
    s = m.dice.choice([1, 1000, 500000, 20230001])
    m.out.append(
        (
            m.name(["id", "customer_id", "row", "record_no", "order_no"], ["编号", "序号", "订单号", "bh", "学号"]),
            "identifier",
            [str(s + i * 1) for i in range(m.size())],
        )
    )
    pre = m.any("A", "ORD-", "P", "TX", "CN-")
    m.out.append(
        (
            m.name(["order_id", "ticket", "invoice", "case_no"], ["单号", "流水号", "发票号"]),
            "identifier",
            [f"{pre}{m.dice.randint(10**6, 10**7)}" for i in range(m.size())],
        )
    )
    m.out.append(
        (
            m.name(["patient_id", "user_id", "member", "account"], ["用户ID", "身份证号", "会员号", "病历号"]),
            "identifier",
            [(m.fake.ssn() if m.zh else str(m.dice.randint(10**8, 10**10))) for i in range(m.size())],
        )
    )
    k = m.size()
    ids = [str(m.dice.randint(1, k // 3)) for _ in range(k)]
    m.out.append((m.name(["subject_id", "group_id", "store_id", "user"], ["门店编号", "用户编号"]), "identifier", ids))
    m.add(
        m.name(["guid", "uuid", "global_id", "key"], ["唯一标识", "guid"]),
        "guid",
        lambda: uuid.UUID(int=m.dice.getrandbits(128), version=4),
    )


def measures(m: Maker) -> None:
    """Measures."""
    a, b = m.dice.uniform(-60, 60), m.dice.uniform(-150, 150)
    sp = m.any(0.5, 5, 30)
    m.out.append(
        (
            m.name(["lat", "latitude", "y"], ["纬度", "wd"]),
            "coordinate",
            [f"{max(-90, min(90, a + m.dice.gauss(0, sp))):.{m.any(4, 6)}f}" for _ in range(200)],
        )
    )
    m.out.append(
        (
            m.name(["lon", "longitude", "lng", "x"], ["经度", "jd"]),
            "coordinate",
            [f"{max(-180, min(180, b + m.dice.gauss(0, sp))):.{m.any(4, 6)}f}" for _ in range(200)],
        )
    )
    m.out.append(
        (
            m.name(["coordinates", "location", "geo"], ["坐标", "位置"]),
            "coordinate",
            [f"({a + m.dice.gauss(0, 1):.5f}, {b + m.dice.gauss(0, 1):.5f})" for _ in range(120)],
        )
    )
    c = m.any("$", "€", "£", "¥") if not m.zh else m.any("¥", "￥", "")
    m.add(
        m.name(["price", "amount", "cost", "revenue", "fee"], ["价格", "金额", "单价", "je"]),
        "amount",
        lambda: f"{c}{m.dice.lognormvariate(4, 1.2):,.2f}",
    )
    u = m.any("USD", "EUR", "dollars") if not m.zh else m.any("元", "万元", "人民币")
    m.add(
        m.name(["salary", "income", "payment", "balance"], ["工资", "收入", "余额", "总价"]),
        "amount",
        lambda: f"{m.dice.randint(1, 99) * 1000} {u}" if not m.zh else f"{m.dice.randint(3, 300)}{u}",
    )
    m.add(
        m.name(["price", "total", "wage", "sales", "tax"], ["价格", "销售额", "税额", "费用"]),
        "amount",
        lambda: f"{m.dice.lognormvariate(m.any(3, 7), 1):.2f}",
    )
    m.add(
        m.name(["income", "budget", "loan_amount"], ["贷款金额", "预算", "收入"]),
        "amount",
        lambda: m.dice.randint(5, 400) * m.dice.choice([100, 500, 1000]),
    )
    un = (
        m.any("kg", "g", "cm", "ml", "oz", "km", "mg/dL", "lbs", "MB", "kWh", "m²")
        if not m.zh
        else m.any("公斤", "克", "厘米", "毫升", "公里", "平方米", "斤", "米")
    )
    m.add(
        m.name(["weight", "size", "distance", "volume", "length"], ["重量", "面积", "距离", "容量", "长度"]),
        "quantity",
        lambda: f"{m.dice.lognormvariate(3, 0.7):.{1}f} {un}" if not m.zh else f"{m.dice.randint(1, 300)}{un}",
    )
    mix = (
        m.any(
            ["kg", "g", "kg."],
            ["cm", "m"],
            ["oz", "oz.", "ounce"],
            ["km", "miles"],
            ["min", "hours"],
            ["MB", "GB"],
            ["years", "months"],
        )
        if not m.zh
        else m.any(["公斤", "克"], ["岁", "个月"], ["分钟", "小时"], ["米", "公里"])
    )
    m.add(
        m.name(["weight", "size", "serving", "length", "v4"], ["重量", "时长", "规格", "年龄"]),
        "quantity",
        lambda: f"{m.dice.choice([8, 12, 16, 24, 32, m.dice.randint(1, 90)])}{'' if m.zh else ' '}{m.dice.choice(mix)}",
    )
    m.add(
        m.name(["budget", "price", "paid"], ["销售额", "价格", "投资"]),
        "amount",
        lambda: (
            f"{m.dice.choice(['$', '€', '£'])}{m.dice.randint(5, 900)}"
            if not m.zh
            else f"{m.dice.randint(10, 99) / 10}{m.dice.choice(['万元', '元', '亿元'])}"
        ),
    )
    m.add(
        m.name(["height", "temperature", "speed", "bmi", "x1"], ["身高", "温度", "体重", "气压"]),
        "quantity",
        lambda: f"{m.dice.gauss(m.any(20, 60, 170), 9):.{1}f}",
    )
    m.add(
        m.name(["age", "duration", "days", "score"], ["年龄", "时长", "天数", "分数"]),
        "quantity",
        lambda: m.dice.randint(18, 90),
    )
    m.add(
        m.name(["measurement", "v7", "reading", "level"], ["测量值", "浓度", "指标"]),
        "quantity",
        lambda: f"{m.dice.lognormvariate(m.any(-2, 0, 3), 1):.4f}",
    )
    m.add(
        m.name(["rate", "percent", "share", "ratio", "pct_change"], ["比例", "占比", "增长率", "百分比"]),
        "share",
        lambda: f"{m.dice.uniform(0, 100):.1f}%",
    )
    m.add(
        m.name(["share", "proportion", "probability", "rate"], ["比率", "概率", "占比"]),
        "share",
        lambda: f"{m.dice.betavariate(2, 3):.{m.any(2, 4)}f}",
    )
    m.add(
        m.name(["percentage", "pct", "unemployment"], ["百分率", "出勤率", "失业率"]),
        "share",
        lambda: f"{m.dice.uniform(0, 100):.1f}",
    )
    m.add(
        m.name(["count", "n_children", "visits", "quantity", "orders"], ["数量", "人数", "次数", "件数"]),
        "count",
        lambda: int(m.dice.expovariate(1 / m.any(3, 8))),
    )
    m.add(
        m.name(["population", "votes", "total", "views"], ["人口", "浏览量", "销量"]),
        "count",
        lambda: int(m.dice.lognormvariate(m.any(5, 9), 1.2)),
    )


def times(m: Maker) -> None:
    """Times."""
    m.add(
        m.name(["year", "yr", "built", "birth_year"], ["年份", "年", "建成年份"]),
        "year",
        lambda: m.dice.randint(m.any(1950, 1990), 2023),
    )
    m.add(
        m.name(["yearvalue", "season", "c2"], ["年度", "出生年"]),
        "year",
        lambda: f"{m.dice.randint(1990, 2023)}" + ("年" if m.zh else ""),
    )
    fm = (
        m.any("%Y-%m-%d", "%d/%m/%Y", "%m/%d/%y", "%b %d, %Y", "%Y/%m/%d %H:%M", "%d-%b-%Y", "%Y.%m.%d")
        if not m.zh
        else m.any("%Y年%m月%d日", "%Y-%m-%d", "%Y/%m/%d", "%Y%m%d")
    )
    m.add(
        m.name(["date", "created", "dob", "timestamp", "c1"], ["日期", "出生日期", "时间", "rq", "创建时间"]),
        "date",
        lambda: m.fake.date_time_between("-30y").strftime(fm),
    )
    m.add(
        m.name(["month", "period"], ["月份", "期间"]),
        "date",
        lambda: m.fake.date_time_between("-20y").strftime(m.any("%Y-%m") if not m.zh else "%Y年%m月"),
    )
    fc = m.any("%H:%M", "%I:%M %p", "%H:%M:%S")
    m.add(
        m.name(["time", "start_time", "dep", "opens"], ["时间", "上班时间", "开始时间"]),
        "clock",
        lambda: m.fake.date_time().strftime(fc if not m.zh else m.any("%H:%M")),
    )


def words(m: Maker) -> None:
    """Words."""
    m.few(
        m.name(["active", "is_member", "has_car", "smoker", "flag", "default"], ["是否", "是否会员", "有无", "已婚"]),
        "boolean",
        m.any(["Yes", "No"], ["Y", "N"], ["true", "false"], ["TRUE", "FALSE"], ["0", "1"])
        if not m.zh
        else m.any(["是", "否"], ["有", "无"], ["0", "1"]),
    )
    m.few(m.name(["is_new", "treated", "died", "y"], ["是否逾期", "是否有效"]), "boolean", ["0", "1"])
    m.few(
        m.name(
            ["level", "rating", "education", "severity", "size", "satisfaction"], ["等级", "学历", "满意度", "级别"]
        ),
        "ordinal",
        m.any(
            ["low", "medium", "high"],
            ["poor", "fair", "good", "excellent"],
            ["Strongly disagree", "Disagree", "Neutral", "Agree", "Strongly agree"],
            ["I", "II", "III", "IV"],
            ["small", "medium", "large"],
            ["0-17", "18-34", "35-64", "65+"],
            ["1st", "2nd", "3rd", "4th"],
        )
        if not m.zh
        else m.any(
            ["高", "中", "低"],
            ["优", "良", "中", "差"],
            ["小学", "初中", "高中", "本科", "硕士"],
            ["一级", "二级", "三级"],
            ["非常满意", "满意", "一般", "不满意"],
        ),
    )
    m.few(
        m.name(["weekday", "month", "day"], ["星期", "月份"]),
        "ordinal",
        m.any(
            ["Mon", "Tue", "Wed", "Thu", "Fri", "Sat", "Sun"],
            ["January", "February", "March", "April", "May", "June", "July"],
        )
        if not m.zh
        else m.any(["星期一", "星期二", "星期三", "星期五"], ["1月", "2月", "3月", "4月", "5月", "12月"]),
    )
    m.few(
        m.name(["stage", "score", "rank", "grade"], ["评分", "星级"]),
        "ordinal",
        [str(i) for i in range(1, m.dice.choice([4, 6, 8, 11]))],
    )
    m.few(
        m.name(["colour", "gender", "type", "status", "segment", "race"], ["性别", "类型", "状态", "颜色"]),
        "category",
        m.any(
            ["red", "green", "blue", "black"],
            ["male", "female"],
            ["M", "F"],
            ["single", "married", "divorced"],
            ["cash", "card", "transfer"],
        )
        if not m.zh
        else m.any(
            ["男", "女"], ["红色", "蓝色", "绿色"], ["已发货", "待付款", "已取消", "已完成"], ["现金", "刷卡", "转账"]
        ),
    )
    m.few(
        m.name(["category", "department", "product_type", "occupation"], ["品类", "部门", "职业"]),
        "category",
        [m.fake.job() for _ in range(m.any(6, 20))],
    )
    m.add(
        m.name(["comment", "description", "review", "notes", "title", "text"], ["评论", "描述", "备注", "标题"]),
        "text",
        lambda: m.fake.sentence(nb_words=m.any(6, 12)),
    )
    wd = m.any("店", "商品", "产品", "项目") if m.zh else m.any("Item ", "Product ", "Shop ", "Station ", "Player ")
    k = m.size()
    m.out.append((m.name(["name", "item", "label"], ["名称", "商品", "店铺"]), "text", [f"{wd}{j}" for j in range(k)]))
    if not m.zh:
        m.add(
            m.any("address_1", "street", "road"),
            "address",
            lambda: m.fake.street_name().lower() if m.seed % 2 else m.fake.street_name(),
        )
    m.add(m.name(["body", "abstract", "message"], ["内容", "正文"]), "text", lambda: m.fake.paragraph(nb_sentences=3))
