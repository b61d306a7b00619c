"""Clean tables made from nothing, and how each may be spoiled.

Six structures, each with words, names and numbers drawn anew for every seed, so that nothing can be tuned to them:
records of measured places (with Latin and with Chinese nonsense for names and values), tax payers, films, restaurants
and articles. The kinds of defect follow what is found in published dirty tables: letters struck, gaps, disguised gaps,
other ways to write, values of another group, values exchanged.
"""

from collections.abc import Callable
from dataclasses import dataclass, field

import numpy as np

HAN = [chr(code) for code in range(0x4E00, 0x4E00 + 2400)]
VOWELS, CONSONANTS = list("aeiou"), list("bcdfghklmnprstvz")
GAPS = ("N/A", "-", "?", "unknown", "null", "NA")
MONTHS = (
    "January",
    "February",
    "March",
    "April",
    "May",
    "June",
    "July",
    "August",
    "September",
    "October",
    "November",
    "December",
)
Columns = dict[str, list[str]]
Write = Callable[[str], str]


@dataclass
class Plan:
    """A clean table and how it may be spoiled.

    `typo`: columns of words; `fd`: columns that others decide; `formats`: other ways to write a column;
    `swaps`: pairs of columns whose values may be exchanged; `missing`: columns whose gaps others can fill.
    """

    clean: Columns
    typo: list[str] = field(default_factory=list)
    fd: list[str] = field(default_factory=list)
    formats: dict[str, Write] = field(default_factory=dict)
    swaps: list[tuple[str, str]] = field(default_factory=list)
    missing: list[str] = field(default_factory=list)
    disguise: list[str] = field(default_factory=list)


class Words:
    """Nonsense words of one script, none twice."""

    def __init__(self, rng: np.random.Generator, chinese: bool = False) -> None:
        self.rng, self.chinese, self.used = rng, chinese, set[str]()

    def word(self) -> str:
        while True:
            if self.chinese:
                made = "".join(self.rng.choice(HAN, self.rng.integers(3, 6)))
            else:
                n = self.rng.integers(2, 5)
                made = "".join(self.rng.choice(CONSONANTS) + self.rng.choice(VOWELS) for _ in range(n))
                made += str(self.rng.choice([*CONSONANTS, ""]))
            if made not in self.used:
                self.used.add(made)
                return made

    def words(self, n: int) -> list[str]:
        return [self.word() for _ in range(n)]

    def phrase(self, low: int, high: int) -> str:
        return ("" if self.chinese else " ").join(self.words(int(self.rng.integers(low, high))))


def pick(rng: np.random.Generator, values: list[str], n: int, skew: float = 0.0) -> list[str]:
    weight = 1 / np.arange(1, len(values) + 1) ** skew
    return [values[at] for at in rng.choice(len(values), n, p=weight / weight.sum())]


def number(rng: np.random.Generator, digits: int) -> str:
    return str(rng.integers(10 ** (digits - 1), 10**digits))


def places(rng: np.random.Generator, records: int, chinese: bool = False) -> Plan:
    """Providers and measures: every provider reports each measure once; names are nonsense."""
    words = Words(rng, chinese)
    measures = 17
    names = words.words(17)
    states, kinds, owners = words.words(3), words.words(3), words.words(5)
    cities = [(words.word(), words.word(), states[rng.integers(3)], number(rng, 5)) for _ in range(40)]
    empty = words.word() if rng.random() < 0.5 else "空" if chinese else "empty"
    held = []
    for _ in range(-(-records // measures)):
        city, county, state, zipped = cities[rng.integers(len(cities))]
        held.append(
            [
                number(rng, 5),
                words.phrase(2, 4),
                number(rng, 3) + " " + words.phrase(2, 3),
                empty,
                city,
                state,
                zipped,
                county,
                number(rng, 10),
                kinds[rng.integers(3)],
                owners[rng.integers(5)],
            ]
        )
    asked = [[f"{words.word()}-{at}", words.phrase(5, 9)] for at in range(measures)]
    subjects = words.words(4)
    rows = []
    for at in range(records):
        provider, measure = held[at // measures], at % measures
        score = empty if rng.random() < 0.3 else f"{rng.integers(0, 101)}%"
        sample = empty if score == empty else f"{rng.integers(1, 400)} " + ("病人" if chinese else "patients")
        rows.append([*provider, *asked[measure], subjects[measure % 4], score, f"{provider[5]}_{asked[measure][0]}"])
        rows[-1].insert(-1, sample)
    clean = dict(zip(names, map(list, zip(*rows, strict=True)), strict=True))
    decided = [names[at] for at in (1, 2, 4, 5, 6, 7, 8, 9, 10, 11, 12, 13, 16)]
    return Plan(clean, typo=decided, missing=decided[:6], fd=[names[at] for at in (4, 5, 7, 13)])


def taxes(rng: np.random.Generator, records: int) -> Plan:
    """People, where they live, and what they pay: rates are decided by state and family."""
    words = Words(rng)
    states = [f"{a}{b}".upper() for a, b in rng.choice(CONSONANTS, (20, 2))]
    codes = {number(rng, 3): state for state in states for _ in range(2)}
    cities = [(number(rng, 5), words.word().upper(), states[rng.integers(20)]) for _ in range(records // 12)]
    firsts = [(words.word().title(), "MF"[at % 2]) for at in range(150)]
    lasts = [word.title() for word in words.words(300)]
    single = {(state, wed): str(rng.integers(0, 9) * 500) for state in states for wed in "SM"}
    child = {(state, has): str(rng.integers(1, 9) * 250) if has == "Y" else "0" for state in states for has in "YN"}
    rate = {state: f"{rng.integers(10, 90) / 10:.1f}" for state in states}
    areas = {state: [code for code, of in codes.items() if of == state] or [number(rng, 3)] for state in states}
    rows = []
    for _ in range(records):
        zipped, city, state = cities[rng.integers(len(cities))]
        name, gender = firsts[rng.integers(len(firsts))]
        wed, has = "SM"[rng.integers(2)], "YN"[rng.integers(2)]
        phone = f"{number(rng, 3)}-{number(rng, 4)}"
        rows.append(
            [
                name,
                lasts[rng.integers(300)],
                gender,
                areas[state][rng.integers(len(areas[state]))],
                phone,
                city,
                state,
                zipped,
                wed,
                has,
                str(rng.integers(2, 40) * 2500),
                rate[state],
                single[state, wed],
                child[state, has],
            ]
        )
    names = [
        "f_name",
        "l_name",
        "gender",
        "area_code",
        "phone",
        "city",
        "state",
        "zip",
        "marital_status",
        "has_child",
        "salary",
        "rate",
        "single_exemp",
        "child_exemp",
    ]
    clean = dict(zip(names, map(list, zip(*rows, strict=True)), strict=True))
    return Plan(
        clean,
        typo=["f_name", "city"],
        fd=["state", "city", "gender", "rate", "single_exemp", "child_exemp"],
        formats={"phone": lambda text: text.replace("-", "")},
        missing=["state", "city"],
        disguise=["marital_status", "has_child"],
        swaps=[("city", "state"), ("marital_status", "has_child")],
    )


def films(rng: np.random.Generator, records: int) -> Plan:
    """Films: lists, durations, dates, counts, each with a way of its own to be written."""
    words = Words(rng)
    people = [f"{a.title()} {b.title()}" for a, b in zip(words.words(400), words.words(400), strict=True)]
    genres = [word.title() for word in words.words(18)]
    lands = [word.title() for word in words.words(25)]
    rows = []
    for at in range(records):
        year, minutes = int(rng.integers(1950, 2016)), int(rng.integers(75, 190))
        day, month = int(rng.integers(1, 29)), MONTHS[rng.integers(12)]
        director = people[int(rng.zipf(1.6)) % 120]
        rows.append(
            [
                f"tt{1000000 + 37 * at}",
                words.phrase(1, 4).title(),
                str(year),
                f"{day} {month} {year} (USA)",
                director,
                ",".join(pick(rng, people, 3)),
                pick(rng, lands, 1, 1.5)[0],
                f"{minutes} min",
                f"{rng.integers(30, 95) / 10:.1f}",
                f"{int(rng.lognormal(9, 1.5)) + 1000:,}",
                ",".join(dict.fromkeys(pick(rng, genres, int(rng.integers(1, 4)), 0.7))),
            ]
        )
    names = [
        "Id",
        "Name",
        "Year",
        "Release Date",
        "Director",
        "Actors",
        "Country",
        "Duration",
        "RatingValue",
        "RatingCount",
        "Genre",
    ]
    clean = dict(zip(names, map(list, zip(*rows, strict=True)), strict=True))

    def hours(text: str) -> str:
        minutes = int(text.split(maxsplit=1)[0])
        return f"{minutes // 60} hr. {minutes % 60} min."

    def iso(text: str) -> str:
        day, month, year = text.split()[:3]
        return f"{year}-{MONTHS.index(month) + 1:02d}-{int(day):02d}"

    formats: dict[str, Write] = {
        "Duration": hours,
        "Release Date": iso,
        "RatingCount": lambda text: text.replace(",", ""),
        "RatingValue": lambda text: f"{text}/10",
        "Genre": lambda text: text.replace(",", " | "),
    }
    return Plan(clean, typo=["Country", "Genre", "Director"], formats=formats, disguise=["Duration", "Year", "Country"])


def meals(rng: np.random.Generator, records: int) -> Plan:
    """Restaurants: addresses, telephones, kinds of kitchen."""
    words = Words(rng)
    cities = [(words.phrase(1, 3), number(rng, 3)) for _ in range(12)]
    kinds = words.words(20)
    streets = [f"{word.title()} {rng.choice(['St.', 'Ave.', 'Blvd.', 'Rd.'])}" for word in words.words(120)]
    rows = []
    for _ in range(records):
        city, area = cities[min(int(rng.zipf(1.5)) - 1, 11)]
        rows.append(
            [
                words.phrase(1, 3),
                f"{rng.integers(1, 9999)} {streets[rng.integers(120)]}",
                city,
                f"{area}/{number(rng, 3)}-{number(rng, 4)}",
                pick(rng, kinds, 1, 0.8)[0],
                str(rng.integers(1, 6)),
            ]
        )
    names = ["name", "addr", "city", "phone", "type", "stars"]
    clean = dict(zip(names, map(list, zip(*rows, strict=True)), strict=True))
    formats: dict[str, Write] = {
        "phone": lambda text: text.replace("/", "-"),
        "addr": lambda text: text.upper(),
        "city": lambda text: text.title(),
    }
    return Plan(clean, typo=["city", "type"], formats=formats, disguise=["type", "stars"], swaps=[("city", "type")])


def articles(rng: np.random.Generator, records: int) -> Plan:
    """Articles: a journal decides its abbreviation and its number; pages and dates are written in one way."""
    words = Words(rng)
    journals = []
    for _ in range(records // 8):
        title = words.phrase(2, 5).title()
        short = " ".join(f"{word[:4]}." for word in title.split())
        journals.append((title, short, f"{number(rng, 4)}-{number(rng, 4)}", str(rng.choice(["eng", "fre", "ger"]))))
    rows = []
    for at in range(records):
        title, short, issn, language = journals[min(int(rng.zipf(1.25)) - 1, len(journals) - 1)]
        first = int(rng.integers(1, 900))
        rows.append(
            [
                str(at + 1),
                words.phrase(4, 9).capitalize(),
                language,
                title,
                short,
                issn,
                str(rng.integers(1, 90)),
                str(rng.integers(1, 13)),
                f"{rng.integers(1, 13)}/{rng.integers(1, 29)}/{rng.integers(1, 20):02d}",
                f"{first}-{first + rng.integers(2, 30)}",
                ", ".join(f"{a[:1].upper()}. {b.title()}" for a, b in zip(words.words(2), words.words(2), strict=True)),
            ]
        )
    names = [
        "id",
        "article_title",
        "article_language",
        "journal_title",
        "jounral_abbreviation",
        "journal_issn",
        "article_jvolumn",
        "article_jissue",
        "article_jcreated_at",
        "article_pagination",
        "author_list",
    ]
    clean = dict(zip(names, map(list, zip(*rows, strict=True)), strict=True))

    def long_day(text: str) -> str:
        month, day, year = text.split("/")
        return f"20{year}-{int(month):02d}-{int(day):02d}"

    formats: dict[str, Write] = {
        "article_jcreated_at": long_day,
        "article_pagination": lambda text: "pp. " + text,
        "journal_issn": lambda text: text.replace("-", ""),
    }
    return Plan(
        clean,
        typo=["journal_title", "jounral_abbreviation", "article_language"],
        formats=formats,
        fd=["journal_issn", "article_language"],
        missing=["jounral_abbreviation", "journal_issn"],
        disguise=["article_jvolumn", "article_language"],
        swaps=[("journal_title", "jounral_abbreviation")],
    )


STRUCTURES: dict[str, tuple[Callable[..., Plan], int]] = {
    "places": (places, 1000),
    "places-zh": (lambda rng, records: places(rng, records, chinese=True), 1000),
    "taxes": (taxes, 3000),
    "films": (films, 1500),
    "meals": (meals, 860),
    "articles": (articles, 1000),
}
