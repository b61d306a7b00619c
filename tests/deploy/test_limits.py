"""Limits are sane by default, and read in bytes."""

from karat.deploy.limits import MIB, ServeLimits


def test_sizes_in_bytes() -> None:
    limits = ServeLimits(max_body_mb=0.5, max_cache_mb=2)
    assert limits.max_body_bytes == MIB // 2
    assert limits.max_cache_bytes == 2 * MIB


def test_an_answer_has_longer_than_a_request_to_arrive() -> None:
    assert ServeLimits().max_arrival_seconds < ServeLimits().max_request_seconds
