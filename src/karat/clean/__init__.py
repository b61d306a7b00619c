"""The room that mends; as a function, ``karat.clean(data)`` finds and mends in one call."""

import sys

from karat import CallableRoom

sys.modules[__name__].__class__ = CallableRoom
