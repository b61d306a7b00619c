"""A corpus that is to be English, with one German document in it."""

from _documents import documents

import karat

data = documents()
data[13] = (
    "Das Haus am Ende unserer Straße steht schon seit vielen Jahren leer, und niemand weiß, wem es gehört. "
    "Im Sommer spielen die Kinder des Dorfes in seinem Garten, und im Winter liegt der Schnee vor der Tür."
)
found = karat.assess(data, kind="text", languages=["en"], only=["OtherLanguages"])
