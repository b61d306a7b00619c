"""Documents for the examples: made-up minutes of meetings, each of nine sentences."""

import numpy as np

PLACES = ("Oslo", "Bern", "Lima", "Rome", "York", "Bonn", "Kyiv", "Doha", "Nice", "Cork", "Graz", "Brno")
PEOPLE = ("teachers", "bakers", "farmers", "doctors", "printers", "drivers", "nurses", "gardeners", "painters")
THINGS = ("bread", "coal", "paper", "timber", "water", "salt", "wool", "glass", "oil", "fruit", "copper", "flour")
SENTENCES = (
    "The {who} of {here} met in the hall of the {other} and talked about the price of {what} for an hour.",
    "It was said that {what} had become dear, and that more of it would have to come from {there}.",
    "A letter from {there} was read aloud, in which the {who} were asked for {what} by the spring.",
    "Nobody in {here} could say why the {other} had sold their {what} so early that year.",
    "After a long debate they agreed to wait until the ships from {there} had brought some {what}.",
    "One of the {who} remembered a winter in which {what} had cost twice as much as now.",
    "The oldest member, who had once lived in {there}, warned them not to trust such reports.",
    "Then the {other} asked whether the road to {there} would be open again before the market.",
    "A map of {here} was laid on the table, and somebody drew a line through the old harbour.",
    "They wrote down who owed whom for the {what}, and the list was longer than anybody had thought.",
    "Two young {who} offered to carry the books to {there} and to be back within a week.",
    "When the lamp went out, the meeting ended with nothing decided about the {what}.",
)


def documents(count=40, seed=0):
    """A list of texts, no two alike."""
    random = np.random.default_rng(seed)
    return [" ".join(map(_filled, [random] * 9, random.permutation(SENTENCES)[:9])) for _ in range(count)]


def _filled(random, sentence):
    who, other = random.choice(PEOPLE, 2, replace=False)
    here, there = random.choice(PLACES, 2, replace=False)
    return sentence.format(who=who, other=other, here=here, there=there, what=random.choice(THINGS))
