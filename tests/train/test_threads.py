from concurrent.futures import ThreadPoolExecutor
from threading import Barrier

from threadpoolctl import threadpool_info

from karat.train.threads import one_thread


def blas():
    return {pool["num_threads"] for pool in threadpool_info() if pool["user_api"] == "blas"}


def test_the_limit_holds_until_the_last_one_leaves():
    with one_thread():
        pass  # loads the libraries
    before, both, left = blas(), Barrier(2), Barrier(2)

    def stays():
        with one_thread():
            both.wait(10)
            left.wait(10)
            return blas()

    def leaves():
        with one_thread():
            both.wait(10)
        left.wait(10)

    with ThreadPoolExecutor(2) as pool:
        staying, leaving = pool.submit(stays), pool.submit(leaves)
        leaving.result(20)
        assert staying.result(20) == {1}
    assert blas() == before
