"""Names of people and postal addresses in English and Chinese texts; looked for only where they are asked for."""

import re
from collections.abc import Iterator

PERSON, ADDRESS = "person name", "postal address"
PEOPLE = (PERSON, ADDRESS)
HAN, LATIN = re.compile("[一-鿿]{2}"), re.compile(r"[^\W\d_]{2}")
Named = tuple[int, int, str, float]  # where it begins and ends, what it is, how sure it is


def names_and_addresses(text: str, kinds: tuple[str, ...] = PEOPLE) -> Iterator[Named]:
    """Where names and addresses stand in a text; what stands in an address is no name.

    Parameters
    ----------
    kinds : tuple of str
        "person name", "postal address" or both.
    """
    # their expressions take a tenth of a second to compile, and few ask for names
    from karat.quality.confidentiality.chinese_people import chinese_addresses, chinese_people
    from karat.quality.confidentiality.people import people
    from karat.quality.confidentiality.postal_addresses import postal_addresses

    chinese, english = HAN.search(text) is not None, LATIN.search(text) is not None
    addresses = [*(chinese_addresses(text) if chinese else ()), *(postal_addresses(text) if english else ())]
    if ADDRESS in kinds:
        yield from ((begin, end, ADDRESS, sure) for begin, end, sure in addresses)
    if PERSON in kinds:
        for begin, end, sure in (*(chinese_people(text) if chinese else ()), *(people(text) if english else ())):
            if not any(first < end and begin < last for first, last, _ in addresses):
                yield begin, end, PERSON, sure
