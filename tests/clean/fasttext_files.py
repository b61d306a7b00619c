"""Writes small files in fastText's format, and answers as its paper says, in plain Python."""

import struct

import numpy as np


def fnv(word: bytes) -> int:
    value = 2166136261
    for byte in word:
        value = ((value ^ ((byte - 256 if byte > 127 else byte) & 0xFFFFFFFF)) * 16777619) & 0xFFFFFFFF
    return value


def signed(value: int) -> int:
    return value - (1 << 32) if value >= 1 << 31 else value


class Made:
    """A model with random rows."""

    def __init__(self, words, labels, *, longest=2, least=0, most=0, buckets=50, loss=3, kind=3, dim=4, seed=0):
        chance = np.random.default_rng(seed)
        self.words, self.labels = [*words, "</s>"], labels
        self.longest, self.least, self.most, self.buckets = longest, least, most, buckets
        self.loss, self.kind, self.dim = loss, kind, dim
        self.rows = chance.normal(size=(len(self.words) + buckets, dim)).astype(np.float32)
        self.out = chance.normal(size=(len(labels), dim)).astype(np.float32)

    def written(self) -> bytes:
        out = struct.pack("<ii", 793712314, 12)
        out += struct.pack(
            "<12i", self.dim, 5, 1, 1, 5, self.longest, self.loss, self.kind, self.buckets, self.least, self.most, 100
        )
        out += struct.pack("<d", 1e-4)
        entries = [(word, 0) for word in self.words] + [(f"__label__{label}", 1) for label in self.labels]
        out += struct.pack("<iiiqq", len(entries), len(self.words), len(self.labels), 100, -1)
        for word, sort in entries:
            out += word.encode() + b"\0" + struct.pack("<qb", 3, sort)
        for matrix in (self.rows, self.out):
            out += struct.pack("<?qq", False, *matrix.shape) + matrix.tobytes()
        return out

    def answers(self, text: str) -> np.ndarray:
        tokens = [token for token in text.split() if not token.startswith("__label__")] + ["</s>"]
        rows, values = [], []
        for token in tokens:
            if token in self.words:
                rows.append(self.words.index(token))
            if self.most and token != "</s>":
                spelled = f"<{token}>"
                for begin in range(len(spelled)):
                    for end in range(begin + 1, min(len(spelled), begin + self.most) + 1):
                        if end - begin >= self.least and not (end - begin == 1 and (begin == 0 or end == len(spelled))):
                            rows.append(len(self.words) + fnv(spelled[begin:end].encode()) % self.buckets)
            values.append(signed(fnv(token.encode())))
        for begin in range(len(values)):
            run = values[begin] % 2**64
            for at in range(begin + 1, min(len(values), begin + self.longest)):
                run = (run * 116049371 + values[at]) % 2**64
                rows.append(len(self.words) + run % self.buckets)
        scores = self.rows[rows].mean(axis=0).astype(np.float64) @ self.out.T.astype(np.float64)
        powered = np.exp(scores - scores.max())
        return powered / powered.sum() if self.loss == 3 else 1 / (1 + np.exp(-scores))
