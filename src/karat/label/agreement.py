"""How far voters agree beyond chance."""

from karat.label.votes import Votes


def krippendorff_alpha(votes: Votes) -> float:
    """Krippendorff's alpha for nominal labels: 1 full agreement, 0 chance, below 0 worse; NaN without two votes.

    Items with one vote do not count; voters may vote on different items. Source: Krippendorff 2011, "Computing
    Krippendorff's alpha-reliability".

    Parameters
    ----------
    votes : Votes
    """
    counts = votes.counts()
    total = counts.sum(axis=1)
    counts, total = counts[total > 1], total[total > 1]
    if not len(total):
        return float("nan")
    by_class = counts.sum(axis=0)
    cast = by_class.sum()
    observed = float(((total**2 - (counts**2).sum(axis=1)) / (total - 1)).sum() / cast)
    expected = float((cast**2 - (by_class**2).sum()) / (cast * (cast - 1)))
    return 1 - observed / expected if expected else 1.0
