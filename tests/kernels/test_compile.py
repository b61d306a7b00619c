import threading
import time

import numpy as np

from karat.kernels.compile import native


def test_a_function_in_machine_code_answers_as_before_and_is_kept_on_disk():
    def total(values):
        out = 0
        for value in values:
            out += value * value
        return out

    fast = native(total)
    assert fast(np.arange(5)) == total(np.arange(5)) == 30
    assert fast.py_func is total
    assert fast.targetoptions["nogil"]
    assert type(fast._cache).__name__ == "FunctionCache"


def test_it_runs_beside_other_threads():
    @native
    def spin(times):
        value = np.uint64(1)
        for _ in range(times):
            value ^= value << np.uint64(13)
            value ^= value >> np.uint64(7)
        return value

    spin(1)
    seen = []
    start = time.perf_counter()
    thread = threading.Thread(target=lambda: (spin(300_000_000), seen.append("kernel")))
    thread.start()
    while thread.is_alive() and time.perf_counter() - start < 0.05:
        time.sleep(0.001)
    seen.append("interpreter")  # this line runs while the kernel does
    thread.join()
    assert seen == ["interpreter", "kernel"]
