import pytest

from karat.kernels.text_addresses import has_mail_host, is_address, is_domain, is_host, is_internet_number


@pytest.mark.parametrize(
    ("text", "answer"),
    [
        ("site.com", True), ("www.site.com/a?b=c", True), ("http://site.com", True), ("ftp+x://a.io/b", True),
        ("joe@site.com", True), ("a:b@site.org", True), ("http://joe@site.com", True), ("site", False),
        ("a@b", False), ("://site.com", False), ("h://site.com", False), ("ht://site.com", True), ("http:/site.com", False),
        ("http//site.com", False), ("word.Another", False), ("8.8.8.8", True), ("8.8.8", False), ("http://8.8.8.8/", True),
        ("http://", False), ("a.b@", False), ("1.5", False), ("@site.com", False), ("v.s@x.y", False),
    ],
)  # fmt: skip
def test_whole_stretches_that_are_addresses(characters, text, answer):
    codes, flags = characters(text)
    assert is_address(codes, flags, 0, len(codes)) is answer


def test_only_the_stretch_is_looked_at(characters):
    codes, flags = characters("(site.com)")
    assert is_address(codes, flags, 1, 9)
    assert not is_address(codes, flags, 0, 9)
    assert not is_address(codes, flags, 1, 10)


@pytest.mark.parametrize(
    ("text", "answer"),
    [
        ("site.com:80", True), ("site.com:8", False), ("site.com:65535/x", True), ("site.com:655350", False),
        ("site.com:80?q", True), ("site.com:80#f", True), ("site.com:80x", False), ("site.com:", False),
        ("site.com?q:1", True), ("site.com#f", True), ("site.com/", True), ("/site.com", False),
    ],
)  # fmt: skip
def test_hosts_with_ports_and_paths(characters, text, answer):
    codes, flags = characters(text)
    assert is_host(codes, flags, 0, len(codes)) is answer


@pytest.mark.parametrize(
    ("text", "answer"),
    [
        ("a.io", True), ("a.b.io", True), ("a-b.io", True), ("a_b.io", True), ("-a.io", False), ("a-.io", False),
        ("a..io", False), (".io", False), ("io", False), ("a.i", False), ("a.Io", False), ("a.i1", False), ("a+b.io", False),
        ("é.io", True), ("x" * 64 + ".io", True), ("x" * 65 + ".io", False), ("a." + "x" * 63, True), ("a." + "x" * 64, False),
        ("a.io.", False),
    ],
)  # fmt: skip
def test_domains(characters, text, answer):
    codes, flags = characters(text)
    assert is_domain(codes, flags, 0, len(codes)) is answer


@pytest.mark.parametrize(
    ("text", "answer"),
    [
        ("8.8.8.8", True), ("1.0.0.1", True), ("223.255.255.254", True), ("0.1.1.1", False), ("224.1.1.1", False),
        ("1.1.1.0", False), ("1.1.1.255", False), ("256.1.1.1", False), ("1.1.1", False), ("1.1.1.1.1", False),
        ("1..1.1", False), ("0001.1.1.1", False), ("a.1.1.1", False), ("10.1.1.1", False), ("11.1.1.1", True),
        ("127.0.0.1", False), ("128.0.0.1", True), ("169.254.1.1", False), ("169.253.1.1", True), ("192.168.1.1", False),
        ("192.169.1.1", True), ("172.15.1.1", True), ("172.16.1.1", False), ("172.31.1.1", False), ("172.32.1.1", True),
    ],
)  # fmt: skip
def test_numbers_of_public_hosts(characters, text, answer):
    codes, flags = characters(text)
    assert is_internet_number(codes, flags, 0, len(codes)) is answer


@pytest.mark.parametrize(
    ("text", "answer"),
    [("a@b.io", True), ("@b.io", False), ("a@b@c.io", True), ("a@b", False), ("a.b.io", False), ("a@.io", False)],
)
def test_a_mail_host_stands_behind_an_at_sign(characters, text, answer):
    codes, flags = characters(text)
    assert has_mail_host(codes, flags, 0, len(codes)) is answer
