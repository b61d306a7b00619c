"""A page full of words of a list: here the user's own, for casino advertising."""

from _documents import documents

import karat

data = documents()
data[11] = "Casino bonus! Play poker, play roulette, casino jackpot for you, poker bonus, casino night. " * 3
found = karat.assess(data, kind="text", flagged_words=["casino", "poker", "roulette", "jackpot"], only=["FlaggedWords"])
