"""What of an address may be written down."""

import pytest

from karat.core.addresses import without_secrets
from karat.core.errors import InputError


@pytest.mark.parametrize(
    ("address", "plain"),
    [
        ("https://data.org/a.csv", "https://data.org/a.csv"),
        ("runs/a b@2", "runs/a b@2"),
        (
            "https://u:p%40@data.org:8443/a.csv?sig=a%2Fb==&b",
            "https://REDACTED@data.org:8443/a.csv?sig=REDACTED&REDACTED",
        ),
        ("https://data.org/@ann/a.csv#access_token=1", "https://data.org/@ann/a.csv"),
        ("https://u:p@data.org?x=1;y=2", "https://REDACTED@data.org?x=REDACTED;y=REDACTED"),
        ("['https://a.b/?k=1', 's3://u:p@b/c'] gone", "['https://a.b/?k=REDACTED', 's3://REDACTED@b/c'] gone"),
    ],
)
def test_user_password_fragment_and_values_are_hidden(address: str, plain: str) -> None:
    assert without_secrets(address) == plain
    assert without_secrets(plain) == plain


def test_no_error_repeats_a_secret() -> None:
    assert "p4ss" not in str(InputError("https://u:p4ss@a.b/c?k=p4ss did not answer", "Ask https://a.b/?t=p4ss"))
