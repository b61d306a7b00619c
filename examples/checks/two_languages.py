"""A page half in English and half in German; a fifth in a second language is allowed here."""

from _documents import documents

import karat

data = documents()
data[18] = data[18][:400] + (
    "\nDas Haus am Ende unserer Straße steht schon seit vielen Jahren leer, und niemand weiß, wem es gehört. "
    "Im Sommer spielen die Kinder des Dorfes in seinem Garten, und im Winter liegt der Schnee vor der Tür. "
    "Meine Mutter sagt, dass dort ein Arzt gewohnt hat, als sie noch ein kleines Mädchen war."
)
found = karat.assess(data, kind="text", max_mixed=0.2, only=["TwoLanguages"])
