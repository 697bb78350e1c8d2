"""What long work shows: one line a step, with a spinner and seconds on a terminal, plain lines in a log.

Standard library only, Python 3.8 or newer: the set-up scripts use it before anything is installed.
"""

from __future__ import annotations

import contextlib
import shutil
import sys
import threading
import time
from typing import Iterator, TextIO

_FRAMES = "⠋⠙⠹⠸⠼⠴⠦⠧⠇⠏"
_ASCII_FRAMES = "|/-\\"
_REMIND_SECONDS = 20.0


class Progress:
    """Shows steps that may run at once. Use as a context manager; `step` is safe to call from several threads."""

    def __init__(self, out: TextIO | None = None) -> None:
        self._out = out or sys.stdout
        self._live = self._out.isatty()
        encoding = (getattr(self._out, "encoding", None) or "ascii").lower()
        self._frames = _FRAMES if "utf" in encoding else _ASCII_FRAMES
        self._done_mark = "✓" if "utf" in encoding else "ok"
        self._fail_mark = "✗" if "utf" in encoding else "!!"
        self._lock = threading.Lock()
        self._running: dict[str, float] = {}
        self._reminded: dict[str, float] = {}
        self._notes: dict[str, str] = {}
        self._drawn = 0
        self._closing = threading.Event()
        self._thread: threading.Thread | None = None

    def __enter__(self) -> Progress:
        self._thread = threading.Thread(target=self._tick, daemon=True)
        self._thread.start()
        return self

    def __exit__(self, *_: object) -> None:
        self._closing.set()
        if self._thread is not None:
            self._thread.join()
        with self._lock:
            self._erase()

    def begin(self, name: str) -> None:
        """Shows `name` as running, until `finish`."""
        with self._lock:
            self._running[name] = self._reminded[name] = time.monotonic()
            self._notes.pop(name, None)
            if not self._live:
                self._print(f"  {name} …")

    def note(self, name: str, words: str) -> None:
        """What the running step `name` is waiting for, shown beside it."""
        with self._lock:
            self._notes[name] = words

    def finish(self, name: str, *, done: bool) -> None:
        """Shows how `name` ended and how long it took. Does nothing when it is not running."""
        with self._lock:
            started = self._running.pop(name, None)
            if started is not None:
                self._erase()
                mark = self._done_mark if done else self._fail_mark
                self._print(f"{mark} {name} ({time.monotonic() - started:.1f} s)")

    @contextlib.contextmanager
    def step(self, name: str) -> Iterator[None]:
        """Shows `name` as running until the block ends, then how long it took."""
        self.begin(name)
        done = False
        try:
            yield
            done = True
        finally:
            self.finish(name, done=done)

    def say(self, line: str) -> None:
        """A line of its own, above the running steps."""
        with self._lock:
            self._erase()
            self._print(line)

    def _tick(self) -> None:
        while not self._closing.wait(0.1):
            with self._lock:
                if self._live:
                    self._draw()
                else:
                    self._remind()

    def _remind(self) -> None:
        now = time.monotonic()
        for name in self._running:
            if now - self._reminded[name] >= _REMIND_SECONDS:
                self._reminded[name] = now
                self._print("  " + self._words(name, now))

    def _draw(self) -> None:
        self._erase()
        now = time.monotonic()
        width = shutil.get_terminal_size().columns
        frame = self._frames[int(now * 10) % len(self._frames)]
        for name in self._running:
            self._out.write(f"{frame} {self._words(name, now)}"[: width - 1] + "\n")
            self._drawn += 1
        self._out.flush()

    def _words(self, name: str, now: float) -> str:
        note = self._notes.get(name)
        return f"{name} … {now - self._running[name]:.0f} s" + (f" ({note})" if note else "")

    def _erase(self) -> None:
        if self._drawn:
            self._out.write(f"\x1b[{self._drawn}F\x1b[J")
            self._drawn = 0

    def _print(self, line: str) -> None:
        # A terminal that cannot write a mark should not stop set-up.
        encoding = getattr(self._out, "encoding", None) or "utf-8"
        self._out.write(line.encode(encoding, "replace").decode(encoding) + "\n")
        self._out.flush()
