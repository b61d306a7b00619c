"""What a domain has beyond its cap."""

from karat.quality.consistency.crowded_domains import CrowdedDomains


def test_it_says_how_many_there_are_and_how_many_stay():
    assert (
        CrowdedDomains().evidence("max_documents", 1200.0, 50.0, -1)
        == "its domain has 1,200 documents, and 50 are kept"
    )
    assert CrowdedDomains().wanted
    assert CrowdedDomains().max_documents == 0
