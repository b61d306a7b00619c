"""Strangers' pages and names are refused, and so is whoever lacks the token."""

from pathlib import Path

import pytest

from karat.core.errors import InputError, OptionError
from karat.deploy.access import VARIABLE, Access, token_from

TOKEN = "0123456789abcdef"


def status(access: Access, method: str = "POST", path: str = "/v2", **headers: str) -> int | None:
    sent = [(name.encode(), value.encode()) for name, value in ({"host": "127.0.0.1:8080"} | headers).items()]
    refusal = access.refusal(method, path, sent)
    return refusal[0] if refusal else None


@pytest.mark.parametrize(
    ("host", "known"),
    [
        ("127.0.0.1:8080", True),
        ("[::1]:8080", True),
        ("[2001:db8::1]", True),
        ("localhost", True),
        ("app.localhost:80", True),
        ("model", True),
        ("192.168.1.7", True),
        ("", True),
        ("attacker.example", False),
        ("127.0.0.1.attacker.example:8080", False),
        ("models.example.org", False),
    ],
)
def test_a_name_with_a_dot_is_a_strangers(host: str, known: bool) -> None:
    assert status(Access.of("127.0.0.1"), host=host) == (None if known else 421)
    assert status(Access.of("0.0.0.0"), host=host) == (None if known else 421)
    assert status(Access.of("0.0.0.0", hosts=["*"]), host=host) is None


def test_a_named_host_is_known_in_any_case() -> None:
    access = Access.of("0.0.0.0", hosts=["Models.example.org"])
    assert status(access, host="models.EXAMPLE.org:443") is None
    assert status(access, host="models.example.org.") is None


def test_a_post_from_another_origin_is_refused() -> None:
    access = Access.of("127.0.0.1")
    assert status(access, origin="https://evil.example") == 403
    assert status(access, origin="null") == 403
    assert status(access, origin="http://localhost:3000") == 403
    assert status(access, origin="http://127.0.0.1:8080") is None
    assert status(access, "GET", origin="https://evil.example") is None
    let_in = Access.of("127.0.0.1", origins=["https://app.example"])
    assert status(let_in, origin="https://app.example") is None
    assert let_in.named(b"https://APP.example")
    assert not let_in.named(b"https://evil.example")


@pytest.mark.parametrize("origin", ["app.example", "https://app.example/page", "ftp://a.b"])
def test_what_is_no_origin_is_told(origin: str) -> None:
    with pytest.raises(OptionError, match="is not an origin"):
        Access.of("127.0.0.1", origins=[origin])


def test_the_token_opens_everything_and_health_needs_none() -> None:
    access = Access.of("127.0.0.1", TOKEN)
    assert status(access) == 401
    assert status(access, authorization=f"Bearer {TOKEN}x") == 401
    assert status(access, authorization=TOKEN) == 401
    assert status(access, authorization=f"Bearer {TOKEN}") is None
    assert status(access, "GET", "/metrics") == 401
    assert status(access, "GET", "/v2/health/ready") is None


def test_the_token_comes_from_a_file_or_the_environment(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.delenv(VARIABLE, raising=False)
    assert token_from(None) == ""
    monkeypatch.setenv(VARIABLE, TOKEN)
    assert token_from(None) == TOKEN
    place = tmp_path / "token"
    place.write_text(f"{TOKEN}\n")
    assert token_from(place) == TOKEN
    for text in ("", "short", f"{TOKEN} {TOKEN}", f"{TOKEN}é"):
        place.write_text(text)
        with pytest.raises(OptionError, match="16 or more plain characters"):
            token_from(place)
    with pytest.raises(InputError, match="cannot be read"):
        token_from(tmp_path / "none")
