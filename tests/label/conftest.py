"""Votes written as lines."""

import pytest


@pytest.fixture(scope="session")
def ballots():
    """A function from lines "item voter label" to votes."""
    from karat.label.votes import read_votes

    def read(*lines, **options):
        items, voters, labels = zip(*(line.split() for line in lines), strict=True)
        return read_votes({"item": items, "voter": voters, "label": labels}, **options)

    return read
