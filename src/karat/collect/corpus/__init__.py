"""Corpora: texts cut into pieces that can be read apart, in any order and by any number of workers.

``pieces`` lists what there is to read and ``stream`` (or ``read``, all at once) reads one piece. A part's table has
string columns named as in the input; ``piece.text`` names the one that holds the documents.
"""

from karat.collect.corpus.piece import QUARANTINE, Part, Piece
from karat.collect.corpus.pieces import pieces
from karat.collect.corpus.streams import read, stream

__all__ = ["QUARANTINE", "Part", "Piece", "pieces", "read", "stream"]
