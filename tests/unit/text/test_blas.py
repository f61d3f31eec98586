from concurrent.futures import ThreadPoolExecutor

import numpy as np
from threadpoolctl import threadpool_info, threadpool_limits

from summarizer.text.blas import one_thread


def threads() -> set[int]:
    """Threads of numpy's BLAS; another one may be loaded since the first product."""
    pools = [one for one in threadpool_info() if one["user_api"] == "blas"]
    return {pool["num_threads"] for pool in pools if "numpy" in pool["filepath"]}


def test_blas_has_one_thread_until_the_last_of_its_users_is_done():
    assert np.ones(1).size
    with threadpool_limits(2, user_api="blas"):
        first, second = one_thread(), one_thread()
        first.__enter__()
        second.__enter__()
        first.__exit__(None, None, None)
        assert threads() == {1}
        second.__exit__(None, None, None)
        assert threads() == {2}


def test_every_thread_gets_one_whichever_came_first():
    def inside() -> set[int]:
        with one_thread():
            return threads()

    with threadpool_limits(2, user_api="blas"):
        with ThreadPoolExecutor(1) as first, ThreadPoolExecutor(1) as second:
            assert [each.submit(inside).result() for each in (first, second)] == [{1}, {1}]
        assert inside() == {1}
        assert threads() == {2}


def test_the_last_user_ends_it_though_another_thread_began_it():
    with threadpool_limits(2, user_api="blas"), ThreadPoolExecutor(1) as other:
        first, last = one_thread(), one_thread()
        first.__enter__()
        other.submit(last.__enter__).result()
        first.__exit__(None, None, None)
        assert threads() == {1}
        other.submit(last.__exit__, None, None, None).result()
        assert threads() == {2}
