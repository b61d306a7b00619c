"""Training a network on pictures: small batches, shifts and mirrors, and a stop in time."""

import math
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from typing import Any

import numpy as np

from karat.train.picture_network import CONTRAST, GREY
from karat.train.probabilities import probabilities
from karat.train.small_gpt import torch_or_error

SIDE = 32  # pixels of a picture; cost: larger ones show more and take longer
BATCH = 32  # cost: smaller ones step more often, larger ones are quicker
FEWEST_STEPS, MOST_PASSES = 400, 60  # few pictures are seen more often; cost: time against fit
SHIFT = 3  # pixels; unproven: more shifts teach more and cut more off
DECAY = 0.02  # of the weights; unproven
WARM = 0.15  # of the steps, until the rate is at its highest; unproven: too short a rise may diverge
PATIENCE = 4  # passes without a better one; cost: time against fit
ASKED_AT_ONCE = 256  # cost: memory
FEWEST = 80  # records of which an eighth can be held out to say when to stop; unproven: ten
SLOPES = np.geomspace(0.25, 4, 41)  # cost: the ends of the grid; which of them is chosen on held-out pictures


@contextmanager
def alone() -> Iterator[None]:
    """Holds the calling thread's share of torch to one thread: sums in one order, and fits can run side by side."""
    torch = torch_or_error("SmallCNN")
    before = torch.get_num_threads()
    torch.set_num_threads(1)
    try:
        yield
    finally:
        torch.set_num_threads(before)


def tensor_of(pictures: np.ndarray) -> Any:
    """Pictures (n, m, 32, 32, 3), 0 to 255, as a network takes them: (n, 3 m, 32, 32) float32."""
    torch = torch_or_error("SmallCNN")
    shaped = np.asarray(pictures, np.float32).transpose(0, 1, 4, 2, 3)
    whole = torch.from_numpy(
        (shaped.reshape(len(shaped), -1, *shaped.shape[3:]) - np.float32(GREY)) / np.float32(CONTRAST)
    )
    return whole.contiguous(memory_format=torch.channels_last)


@dataclass
class Training:
    """One training of a network, in place.

    Parameters
    ----------
    passes : int
        At most; more where the pictures are few.
    rate : float
        At its highest.
    """

    whole: Any
    passes: int
    rate: float
    seed: int
    mirrored: bool = False

    def run(self, pictures: np.ndarray, code: np.ndarray, validation: np.ndarray, truth: np.ndarray) -> None:
        """Train on pictures (n, m, 32, 32, 3) uint8 and codes (n,); those held out say when to stop."""
        torch = torch_or_error("SmallCNN")
        self.whole.to(memory_format=torch.channels_last)
        steps = max(1, math.ceil(len(code) / BATCH))
        passes = min(max(self.passes, math.ceil(FEWEST_STEPS / steps)), max(MOST_PASSES, self.passes))
        optimizer = torch.optim.AdamW(self.whole.parameters(), lr=self.rate, weight_decay=DECAY)
        best, best_at, kept = math.inf, 0, None
        random = np.random.default_rng([self.seed, 11])
        for at in range(passes):
            self.whole.train()
            for step, some in enumerate(np.array_split(random.permutation(len(code)), steps)):
                for group in optimizer.param_groups:
                    group["lr"] = self._rate((at * steps + step) / (passes * steps))
                said = self.whole(tensor_of(self._varied(pictures[some], random)))
                loss = torch.nn.functional.cross_entropy(said, torch.from_numpy(code[some]))
                optimizer.zero_grad(set_to_none=True)
                loss.backward()
                optimizer.step()
            if not len(truth):
                continue
            lost = self._judged(validation, truth)
            if lost < best:
                best, best_at, kept = lost, at, {n: v.clone() for n, v in self.whole.state_dict().items()}
            elif at - best_at >= PATIENCE:
                break
        if kept is not None:
            self.whole.load_state_dict(kept)
        self.whole.eval()

    def _rate(self, done: float) -> float:
        if done < WARM:
            return self.rate * (0.1 + 0.9 * done / WARM)
        return self.rate * (0.01 + 0.495 * (1 + math.cos(math.pi * (done - WARM) / (1 - WARM))))

    def _varied(self, pictures: np.ndarray, random: np.random.Generator) -> np.ndarray:
        """Each picture shifted, its edge repeated, and half of them mirrored where that does no harm."""
        n, _, side, _, _ = pictures.shape
        down, right = random.integers(-SHIFT, SHIFT + 1, size=(2, n, 1))
        turned = (random.random((n, 1)) < 0.5) & self.mirrored
        along = np.arange(side)
        rows = np.clip(along + down, 0, side - 1)
        columns = np.clip(np.where(turned, along[::-1], along) + right, 0, side - 1)
        moved = pictures.transpose(0, 2, 3, 1, 4)[np.arange(n)[:, None, None], rows[:, :, None], columns[:, None, :]]
        return moved.transpose(0, 3, 1, 2, 4)

    def _judged(self, pictures: np.ndarray, truth: np.ndarray) -> float:
        """The mean loss on the pictures held out; mirroring begins once they are told as well in the mirror."""
        right, lost = self._asked(pictures, truth)
        if not self.mirrored:
            turned, _ = self._asked(pictures[:, :, :, ::-1], truth)
            n, most = len(truth), np.bincount(truth).max() / len(truth)
            fair = right - 2 * math.sqrt(max(right * (1 - right), 0.01) / n)
            self.mirrored = fair > most and turned >= fair
        return lost

    def _asked(self, pictures: np.ndarray, truth: np.ndarray) -> tuple[float, float]:
        """The share of pictures told rightly, and the mean loss."""
        torch = torch_or_error("SmallCNN")
        self.whole.eval()
        right, lost = 0, 0.0
        with torch.no_grad():
            for at in range(0, len(truth), ASKED_AT_ONCE):
                said = self.whole(tensor_of(pictures[at : at + ASKED_AT_ONCE]))
                wanted = torch.from_numpy(truth[at : at + ASKED_AT_ONCE])
                right += int((said.argmax(dim=1) == wanted).sum())
                lost += float(torch.nn.functional.cross_entropy(said, wanted, reduction="sum"))
        return right / len(truth), lost / len(truth)


def held_out(count: int, seed: int) -> np.ndarray:
    """A mask of an eighth of the records, or of none where there are few."""
    order = np.random.default_rng([seed, 7]).permutation(count)
    return (order % 8 == 0) & (count >= FEWEST)


def slope_of(said: np.ndarray, code: np.ndarray) -> float:
    """What logits of records held out are multiplied by for the best log-odds; it moves no decision."""
    losses = []
    for slope in SLOPES:
        likelihood = probabilities(said * slope, said.shape[1])[np.arange(len(code)), code]
        losses.append(-np.log(np.maximum(likelihood, 1e-15)).sum())
    return float(SLOPES[int(np.argmin(losses))])
