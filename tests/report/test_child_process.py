"""Drawing in a process apart: what ends it is an error with a message."""

import os
import signal
import subprocess
import sys
import threading
import time
from concurrent.futures import ThreadPoolExecutor

import pytest

from mailaudit.errors import DrawingError
from mailaudit.report.child_process import draw_in_child


def abort() -> None:
    os.abort()


def its_manager() -> threading.Thread:
    """The thread by which this process talks with the one that is kept for drawing."""
    (found,) = (one for one in threading.enumerate() if "Manager" in type(one).__name__)
    return found


def test_process_that_aborts_is_an_error_and_the_next_drawing_works() -> None:
    """As Typst and V8 do without memory."""
    with pytest.raises(DrawingError, match="too little free memory"):
        draw_in_child(abort)
    assert draw_in_child(os.getpid) != os.getpid()


@pytest.mark.skipif(sys.platform == "win32", reason="there is no SIGKILL")
def test_process_that_the_system_kills_is_an_error() -> None:
    """As Linux does where no memory is left, in the middle of a drawing."""
    pid = draw_in_child(os.getpid)
    with ThreadPoolExecutor(1) as threads:
        drawing = threads.submit(draw_in_child, time.sleep, 600)
        os.kill(pid, signal.Signals["SIGKILL"])
        with pytest.raises(DrawingError):
            drawing.result()


@pytest.mark.skipif(sys.platform == "win32", reason="there is no SIGKILL")
def test_process_that_the_system_kills_between_two_drawings_is_an_error() -> None:
    """The executor knows that it is broken before it is given anything."""
    pid = draw_in_child(os.getpid)
    os.kill(pid, signal.Signals["SIGKILL"])
    its_manager().join()
    with pytest.raises(DrawingError):
        draw_in_child(os.getpid)
    assert draw_in_child(os.getpid) != pid


def test_nothing_of_a_process_that_ended_is_left_at_work() -> None:
    """A thread that still closes pipes while this process exits makes that end with a traceback."""
    draw_in_child(os.getpid)
    manager = its_manager()
    with pytest.raises(DrawingError):
        draw_in_child(abort)
    assert not manager.is_alive()


def test_process_is_kept_and_errors_come_back() -> None:
    """A second drawing need not start it again, and what it raises is what was raised."""
    assert draw_in_child(os.getpid) == draw_in_child(os.getpid)
    with pytest.raises(ValueError, match="invalid literal"):
        draw_in_child(int, "x")


INTERRUPTED_WHILE_IT_STARTS = """
import os, signal, time
from mailaudit.report.child_process import new_process, result_of, started
signal.signal(signal.SIGINT, lambda *_: None)
with new_process() as process:
    pid = started(process, os.getpid)
    while not pid.done():
        os.killpg(0, signal.SIGINT)
        time.sleep(0.01)
    print(result_of(pid) != os.getpid())
"""


@pytest.mark.skipif(sys.platform == "win32", reason="Ctrl-C is a signal to a group on POSIX only")
def test_ctrl_c_is_not_for_the_process_apart() -> None:
    """A terminal sends it to both; the second one neither ends nor prints a traceback."""
    ran = subprocess.run(
        [sys.executable, "-c", INTERRUPTED_WHILE_IT_STARTS],
        capture_output=True,
        text=True,
        start_new_session=True,
    )
    assert (ran.stdout, ran.stderr) == ("True\n", "")
