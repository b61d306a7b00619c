"""The proof; as a function, ``karat.lift(before, after, target=...)`` says what a change of data was worth."""

import sys

from karat import CallableRoom

sys.modules[__name__].__class__ = CallableRoom
