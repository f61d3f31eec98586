"""Work beside a call to a model."""

import logging
import threading
from collections.abc import Iterator
from contextvars import ContextVar

import pytest

from summarizer.pipeline.meanwhile import meanwhile

SECRET = "Landfall"


class Work:
    """Steps that a test watches: it waits for one, or lets the next one go on."""

    def __init__(self, fault: Exception | None = None) -> None:
        self.fault, self.taken = fault, 0
        self.begun, self.may_end = threading.Event(), threading.Event()

    def steps(self) -> Iterator[None]:
        while True:
            self.begun.set()
            self.may_end.wait(10)
            if self.fault:
                raise self.fault
            self.taken += 1
            yield


def running() -> list[threading.Thread]:
    return [thread for thread in threading.enumerate() if thread.name == "meanwhile"]


def test_work_goes_on_beside_the_block():
    done = threading.Event()

    def steps() -> Iterator[None]:
        yield
        done.set()

    with meanwhile(steps()):
        assert done.wait(10)


def test_the_end_of_the_block_waits_for_the_running_step_and_ends_the_work():
    work = Work()
    with meanwhile(work.steps()):
        work.begun.wait(10)
        threading.Timer(0, work.may_end.set).start()
    assert work.taken > 0
    assert not running()


@pytest.mark.parametrize("error", [KeyboardInterrupt, ValueError])
def test_an_error_of_the_block_ends_the_work_and_is_raised(error):
    work = Work()
    work.may_end.set()
    with pytest.raises(error), meanwhile(work.steps()):
        raise error
    assert not running()


def test_a_fault_of_the_work_is_logged_without_its_words_and_the_block_goes_on(caplog):
    work = Work(ValueError(f"cannot read {SECRET}"))
    work.may_end.set()
    with caplog.at_level(logging.ERROR), meanwhile(work.steps()):
        pass
    (record,) = caplog.records
    assert "ValueError in steps, line" in record.getMessage()
    assert SECRET not in caplog.text


def test_the_work_has_the_context_of_the_block():
    of_request = ContextVar[str]("of_request")
    of_request.set("r1")
    seen = []

    def steps() -> Iterator[None]:
        seen.append(of_request.get())
        yield

    with meanwhile(steps()):
        pass
    assert seen == ["r1"]


def test_without_work_there_is_no_thread():
    before = threading.active_count()
    with meanwhile(None):
        assert threading.active_count() == before
