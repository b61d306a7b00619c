"""The picture of a sweep: two lines, placed by hand."""

from types import SimpleNamespace
from xml.etree import ElementTree as ET

from karat.show.sweep import EDGE, HEIGHT, WIDTH, picture

SVG = "{http://www.w3.org/2000/svg}"


def point(limit: float, tokens: int, quality: float, now: bool = False) -> SimpleNamespace:
    return SimpleNamespace(limit=limit, tokens=tokens, quality=quality, now=now)


def test_limits_are_spaced_evenly_and_tokens_shown_as_shares_of_the_most() -> None:
    root = ET.fromstring(picture("<Rule>", [point(0.5, 50, 1.0), point(2, 100, 0.5, now=True), point(9, 0, 0.0)]))
    kept, good = (line.get("points") for line in root.iter(f"{SVG}polyline"))
    top, bottom, middle = EDGE, HEIGHT - EDGE, HEIGHT / 2
    across = (EDGE, WIDTH / 2, WIDTH - EDGE)
    assert kept == " ".join(f"{x:.1f},{y:.1f}" for x, y in zip(across, (middle, top, bottom), strict=True))
    assert good == " ".join(f"{x:.1f},{y:.1f}" for x, y in zip(across, (top, middle, bottom), strict=True))
    (mark,) = root.iter(f"{SVG}line")
    assert float(mark.get("x1")) == float(mark.get("x2")) == WIDTH / 2
    texts = [text.text for text in root.iter(f"{SVG}text")]
    assert texts[0].startswith("<Rule>: tokens kept")
    assert texts[1:] == ["0.5", "9", "1", "0"]


def test_nothing_and_a_single_point_are_drawn_too() -> None:
    assert "<polyline" in picture("Rule", [])
    root = ET.fromstring(picture("Rule", [point(1, 0, 0.25)]))
    assert next(root.iter(f"{SVG}polyline")).get("points") == f"{EDGE:.1f},{HEIGHT - EDGE:.1f}"
