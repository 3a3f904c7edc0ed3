"""Progress of a collection: a bar for who watches, a plain line now and then for who reads logs."""

import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager

from mailaudit.cli.console import current_language, is_terminal, note
from mailaudit.errors import N_

LINE_EVERY_S = 15.0

WITH_TIME_LEFT = N_("{rate} mailboxes/s, {left} left")
LINE_WITH_TIME_LEFT = N_("{label}: {done} of {total} mailboxes, {rate}/s, {left} left")

OnProgress = Callable[[int, int], None]


@contextmanager
def progress(label: str) -> Iterator[OnProgress]:
    """Shows (done, total) as it is called: mailboxes done, rate, time left."""
    if is_terminal():
        with _bar(label) as on_progress:
            yield on_progress
    else:
        yield _Lines(label)


@contextmanager
def _bar(label: str) -> Iterator[OnProgress]:
    from rich.console import Console
    from rich.progress import BarColumn, Progress, TextColumn

    gettext, number = current_language().gettext, current_language().number
    columns = (
        TextColumn("{task.description}", markup=False),
        BarColumn(),
        TextColumn("{task.fields[stored]}", markup=False),
        TextColumn("{task.fields[speed]}", markup=False),
    )
    with Progress(*columns, console=Console(stderr=True)) as bar:
        task = bar.add_task(label, total=None, stored="", speed="")
        rate = _Rate()

        def on_progress(done: int, total: int) -> None:
            per_second = rate.after(done)
            speed = ""
            if per_second > 0:
                # With all done the bar stays above what comes next: no time is left of it.
                message = N_("{rate} mailboxes/s") if done == total else WITH_TIME_LEFT
                speed = gettext(message).format(
                    rate=number(round(per_second)), left=_duration((total - done) / per_second)
                )
            stored = f"{number(done)}/{number(total)}"
            bar.update(task, completed=done, total=total, stored=stored, speed=speed)

        yield on_progress


class _Rate:
    """Mailboxes a second since the first call; what an earlier run had done does not count."""

    def __init__(self) -> None:
        self._since = time.monotonic()
        self._first: int | None = None

    def after(self, done: int) -> float:
        if self._first is None:
            self._first = done
        return (done - self._first) / max(time.monotonic() - self._since, 0.001)


class _Lines:
    """One plain line at the start, every LINE_EVERY_S, and at the end."""

    def __init__(self, label: str) -> None:
        self._label = label
        self._rate = _Rate()
        self._last: float | None = None

    def __call__(self, done: int, total: int) -> None:
        rate = self._rate.after(done)
        now = time.monotonic()
        if self._last is not None and now - self._last < LINE_EVERY_S and done < total:
            return
        self._last = now
        if rate > 0:
            note(
                N_("{label}: {done} of {total} mailboxes, {rate}/s")
                if done == total
                else LINE_WITH_TIME_LEFT,
                label=self._label,
                done=done,
                total=total,
                rate=round(rate),
                left=_duration((total - done) / rate),
            )
        else:
            note(
                N_("{label}: {done} of {total} mailboxes"),
                label=self._label,
                done=done,
                total=total,
            )


def _duration(seconds: float) -> str:
    minutes, second = divmod(round(seconds), 60)
    hours, minute = divmod(minutes, 60)
    return f"{hours}:{minute:02d}:{second:02d}" if hours else f"{minute}:{second:02d}"


class UnitLines:
    """A line every LINE_EVERY_S on how many units' files are made."""

    def __init__(self) -> None:
        self._last = time.monotonic()

    def __call__(self, done: int, total: int) -> None:
        if time.monotonic() - self._last >= LINE_EVERY_S:
            self._last = time.monotonic()
            note(N_("{done} of {total} units …"), done=done, total=total)
