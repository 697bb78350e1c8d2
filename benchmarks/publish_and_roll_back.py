"""A correction's whole way with the assistant running: reviewed, compared, published, understood, rolled back.

    .venv/bin/python benchmarks/publish_and_roll_back.py [--words "…" --intent track_order --language en]

Starts the whole desk (`shopdesk up`) on a home and a store of models of its own, with this checkout's trained model. A
shopper says the words; a lead marks in the console what they meant, has it compared, publishes it; the running Rasa
loads the new model and is asked the same words and others; then the lead goes back, and it understands as before. Every
step goes through the gateway's own pages; trainings are those of `shopdesk review-worker`, which `up` starts. Takes
some minutes of processor time, which is why no test does it.
"""

from __future__ import annotations

import argparse
import re
import shutil
import sys
import tempfile
import time
from pathlib import Path
from typing import Any

import httpx
from sqlalchemy import create_engine, select
from sqlalchemy.orm import Session

ROOT = Path(__file__).resolve().parent.parent
sys.path.insert(0, str(ROOT))

from gateway.conversations.models import Turn  # noqa: E402
from gateway.review.models import ReviewJob  # noqa: E402
from shopdesk.training import TrainingSettings  # noqa: E402
from tests.support.stack import DEMO_NOW, MODELS, Stack, running_stack  # noqa: E402

WAIT_SECONDS = 1800.0
UNRELATED = ("where is my order?", "are you a robot?", "我的订单到哪了？", "I want to return a mug")
"""What has to be understood the same all the way through."""


class Lead:
    """A lead in the console, by its forms."""

    def __init__(self, stack: Stack) -> None:
        self._stack = stack
        added = stack.shopdesk("agent", "add", "lea", "--role", "lead", "--generate")
        made = re.search(r"Password: (\S+)", added.stdout)
        if made is None:
            raise RuntimeError(added.stdout + added.stderr)
        self._http = httpx.Client(base_url=stack.url, timeout=60.0)
        self._csrf = self._form("/console/login")
        self.post("/console/login", username="lea", password=made[1])
        self._csrf = self._form("/console/review")

    def post(self, path: str, **fields: str) -> None:
        """Send a form; anything but the redirect after it is an error."""
        answer = self._http.post(path, data={"csrf": self._csrf, **fields})
        if answer.status_code != 303:
            raise RuntimeError(f"{path}: {answer.status_code}")

    def _form(self, path: str) -> str:
        found = re.search(r'name="csrf" value="([0-9a-f]{64})"', self._http.get(path).text)
        if found is None:
            raise RuntimeError(f"{path} has no form")
        return found[1]


class Desk:
    """The running desk and what its database says."""

    def __init__(self, stack: Stack) -> None:
        self.stack = stack
        self._engine = create_engine(f"sqlite:///{stack.home}/gateway.sqlite3")

    def understood(self, words: str, language: str) -> Turn:
        """Say it in a new conversation; the turn as it was understood."""
        with self.stack.chat() as shopper:
            shopper.open(language)
            shopper.say(words)
            with Session(self._engine, expire_on_commit=False) as session:
                query = select(Turn).where(Turn.conversation_id == shopper.conversation_id).order_by(Turn.first_seq)
                return session.scalars(query).all()[-1]

    def job(self) -> ReviewJob:
        """The newest job, once it has ended."""
        until = time.monotonic() + WAIT_SECONDS
        while time.monotonic() < until:
            with Session(self._engine, expire_on_commit=False) as session:
                newest = session.scalars(select(ReviewJob).order_by(ReviewJob.id.desc()).limit(1)).one()
            if newest.state in {"done", "failed"}:
                if newest.failure:
                    raise RuntimeError(newest.failure)
                return newest
            time.sleep(1)
        raise RuntimeError("the job did not end")

    def until(self, words: str, language: str, *, intent: str | None) -> float:
        """Ask until it is understood so; how many seconds that took."""
        began = time.monotonic()
        while time.monotonic() - began < WAIT_SECONDS:
            now = self.understood(words, language).intent
            if now == intent:
                return time.monotonic() - began
            time.sleep(1)
        raise RuntimeError(f"not understood as {intent}")


def main() -> None:
    """Does it and prints each step."""
    parser = argparse.ArgumentParser(description=(__doc__ or "").splitlines()[0])
    parser.add_argument("--words", default="the postie still owes me a box")
    parser.add_argument("--intent", default="track_order")
    parser.add_argument("--language", default="en")
    wanted = parser.parse_args()
    with tempfile.TemporaryDirectory() as scratch:
        home, models = Path(scratch) / "home", Path(scratch) / "models"
        shutil.copytree(MODELS, models)
        with running_stack(home, SHOPDESK_NOW=DEMO_NOW, SHOPDESK_BOT_MODELS=str(models)) as stack:
            run(Desk(stack), Lead(stack), TrainingSettings(home=home), wanted)


def run(desk: Desk, lead: Lead, settings: TrainingSettings, wanted: argparse.Namespace) -> None:
    """All steps. Raises RuntimeError at the first that is not as it ought to be."""
    words, language = wanted.words, wanted.language
    before = desk.understood(words, language)
    others = {one: desk.understood(one, "en").intent for one in UNRELATED}
    told("said", f"{words!r} is understood as {before.intent} ({before.confidence or 0:.2f})")
    if before.intent == wanted.intent:
        raise RuntimeError("that is understood already: choose other words")
    lead.post(f"/console/review/turns/{before.id}", cause="understanding", intent=wanted.intent, words=words)
    began = time.monotonic()
    lead.post("/console/review/jobs", kind="compare")
    compared: dict[str, Any] = desk.job().result or {}
    sets = ", ".join(f"{one['name']} {one['before']} → {one['after']} of {one['messages']}" for one in compared["sets"])
    told("compared", f"{time.monotonic() - began:.0f} s; accepted: {compared['accepted']}; right: {sets}")
    began = time.monotonic()
    lead.post("/console/review/jobs", kind="publish")
    published: dict[str, Any] = desk.job().result or {}
    told("published", f"{time.monotonic() - began:.0f} s; {published['model'][:20]}…")
    seconds = desk.until(words, language, intent=wanted.intent)
    after = desk.understood(words, language)
    told("serving", f"{seconds:.0f} s later the running bot says {after.intent} ({after.confidence or 0:.2f})")
    same(desk, others)
    began = time.monotonic()
    lead.post("/console/review/roll-back", version="0")
    desk.job()
    told("rolled back", f"{time.monotonic() - began:.0f} s")
    seconds = desk.until(words, language, intent=before.intent)
    again = desk.understood(words, language)
    told("serving", f"{seconds:.0f} s later the running bot says {again.intent} ({again.confidence or 0:.2f})")
    same(desk, others)
    if list(settings.reviewed.rglob("*.yml")):
        raise RuntimeError("examples are left")


def same(desk: Desk, others: dict[str, str | None]) -> None:
    """What has nothing to do with it is understood as it was."""
    now = {one: desk.understood(one, "en").intent for one in others}
    if now != others:
        raise RuntimeError(f"other messages changed: {others} → {now}")
    told("unrelated", f"{len(now)} other messages as before")


def told(step: str, what: str) -> None:
    """One line of the outcome."""
    print(f"{step:12} {what}", flush=True)


if __name__ == "__main__":
    main()
