import threading
import time

import numpy as np
import pytest

from karat.core.errors import OptionError
from karat.train.boosted_trees import BoostedTrees
from karat.train.linear import Linear
from karat.train.parallel import run_fits


def test_the_same_bits_for_any_number_of_workers():
    random = np.random.default_rng(0)
    x = random.normal(size=(600, 8)).astype(np.float32)
    y = (x[:, 0] + random.normal(size=600) > 0).astype(int)

    def fit(job):
        learner, seed = job
        take = np.random.default_rng(seed).permutation(600)[:400]
        return learner.fit(x[take], y[take], seed).predict(x)

    jobs = [(learner, seed) for seed in range(4) for learner in (BoostedTrees(trees=10), Linear())]
    one, two, three = (run_fits(jobs, fit, workers) for workers in (1, 2, 3))
    for a, b, c in zip(one, two, three, strict=True):
        assert np.array_equal(a, b)
        assert np.array_equal(a, c)


def test_results_stand_in_the_order_of_the_jobs_and_progress_is_told_here():
    told = []
    here = threading.get_ident()

    def fit(job):
        time.sleep(0.01 * (5 - job))
        return job * 10

    def progress(done, every):
        told.append((done, every, threading.get_ident() == here))

    assert run_fits(range(5), fit, 3, progress) == [0, 10, 20, 30, 40]
    assert told == [(done, 5, True) for done in range(1, 6)]


@pytest.mark.parametrize("workers", [1, 2])
def test_a_failed_job_fails_the_rest_and_starts_no_more(workers):
    begun = []

    def fit(job):
        begun.append(job)
        if job == 1:
            raise ValueError("job 1")
        time.sleep(0.01)

    with pytest.raises(ValueError, match="job 1"):
        run_fits(range(50), fit, workers)
    assert len(begun) < 10


def test_no_jobs_and_no_workers():
    assert run_fits([], str, 2) == []
    with pytest.raises(OptionError, match="--workers is"):
        run_fits([1], str, 0)
