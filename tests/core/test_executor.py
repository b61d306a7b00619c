import os
import signal
import threading
import time

import numpy as np
import pytest

from karat.core.errors import InputError, MachineError, OptionError
from karat.core.executor import TimeUp, each, each_apart, in_order
from karat.train.boosted_trees import BoostedTrees
from karat.train.linear import Linear


def test_the_same_bits_for_any_number_of_workers():
    random = np.random.default_rng(0)
    x = random.normal(size=(600, 8)).astype(np.float32)
    y = (x[:, 0] + random.normal(size=600) > 0).astype(int)

    def fit(job):
        learner, seed = job
        take = np.random.default_rng(seed).permutation(600)[:400]
        return learner.fit(x[take], y[take], seed).predict(x)

    jobs = [(learner, seed) for seed in range(4) for learner in (BoostedTrees(trees=10), Linear())]
    one, two, three = (each(jobs, fit, workers) for workers in (1, 2, 3))
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

    assert each(range(5), fit, 3, progress) == [0, 10, 20, 30, 40]
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
        each(range(50), fit, workers)
    assert len(begun) < 10


def test_no_jobs_and_no_workers():
    assert each([], str, 2) == []
    with pytest.raises(OptionError, match="--workers is"):
        each([1], str, 0)


def read(shared, item):
    if item == 2 and shared == "broken":
        raise InputError("line 3 is cut", "Look at the file")
    if item == 2 and shared == "killed":
        os.kill(os.getpid(), signal.SIGKILL)
    return shared, item, os.getpid()


def test_processes_answer_in_order_and_share_what_is_sent_once():
    ticks = []
    answers = each_apart("plan", range(6), read, 2, lambda done, every: ticks.append((done, every)))
    assert [answer[:2] for answer in answers] == [("plan", item) for item in range(6)]
    assert os.getpid() not in {answer[2] for answer in answers}
    assert ticks == [(done, 6) for done in range(1, 7)]
    assert {answer[2] for answer in each_apart("plan", range(6), read)} == {os.getpid()}


def test_an_error_of_a_process_is_raised_here_as_it_was():
    with pytest.raises(InputError, match="line 3 is cut"):
        each_apart("broken", range(6), read, 2)


def test_a_process_that_is_killed_is_an_error_with_a_cure():
    with pytest.raises(MachineError, match="--workers 1"):
        each_apart("killed", range(6), read, 2)


@pytest.mark.parametrize("workers", [1, 3])
def test_answers_in_order_are_made_as_they_are_taken(workers):
    begun = []
    answers = in_order(range(50), lambda item: begun.append(item) or item * 2, workers)
    assert [next(answers) for _ in range(3)] == [0, 2, 4]
    assert len(begun) <= 3 + workers + 1
    assert list(answers) == [item * 2 for item in range(3, 50)]


def waited(_, seconds):
    """Ends after so many seconds."""
    time.sleep(seconds)
    return seconds


@pytest.mark.parametrize("workers", [1, 2])
def test_processes_end_at_a_moment_whatever_they_do_and_what_was_done_stays(workers):
    began = time.perf_counter()
    with pytest.raises(TimeUp) as up:
        each_apart(None, [0.0, 0.01, 300.0, 300.0], waited, workers, until=began + 8)
    assert up.value.answers == {0: 0.0, 1: 0.01}
    assert 8 <= time.perf_counter() - began < 16
    assert each_apart(None, [0.0, 0.01], waited, workers, until=began + 300) == [0.0, 0.01]
    with pytest.raises(TimeUp):
        each_apart(None, [0.0], waited, workers, until=began)
