"""What reviewers asked for is done by a worker: compared in the bot's environment, published by training."""

from __future__ import annotations

import json
import subprocess
import sys
import textwrap
import threading
from collections.abc import Callable, Iterator
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest
from sqlalchemy import create_engine, select
from sqlalchemy.orm import Session

from gateway.conversations.models import Conversation, Turn
from gateway.migrations import migrate
from gateway.review.models import Correction, ReviewItem, ReviewJob, UnderstandingVersion
from shopdesk.review import following
from shopdesk.review.store import LOST, ReviewStore
from shopdesk.review.worker import Worker
from shopdesk.training import TrainingSettings, is_trained
from shopdesk_schemas.clock import Clock
from tests.bot.test_training import assistant
from tests.support.stack import ROOT

__all__ = ["assistant"]

NOW = datetime(2026, 3, 1, 9, tzinfo=UTC)
EXAMPLE = {"language": "zh", "intent": "track_order", "words": "快递到哪了"}
COMPARER = """
    import json, pathlib, sys
    asked = json.load(sys.stdin)
    pathlib.Path("asked.json").write_text(json.dumps(asked))
    if pathlib.Path("broken").exists():
        sys.exit("no memory")
    print(json.dumps({"accepted": True, "broken": []}))
"""


@pytest.fixture
def url(tmp_path: Path) -> str:
    migrate(f"sqlite+aiosqlite:///{tmp_path}/gateway.sqlite3")
    return f"sqlite:///{tmp_path}/gateway.sqlite3"


@pytest.fixture
def session(url: str) -> Iterator[Session]:
    engine = create_engine(url)
    with Session(engine, expire_on_commit=False) as opened:
        yield opened
    engine.dispose()


@pytest.fixture
def worker(url: str, assistant: Any, tmp_path: Path) -> Worker:
    (assistant.bot / "compare_examples.py").write_text(textwrap.dedent(COMPARER), encoding="utf-8")
    return Worker(ReviewStore(url, Clock(NOW)), TrainingSettings(home=tmp_path / "home"), assistant.root, 0.6)


def ask(session: Session, kind: str, examples: list[dict[str, str]], corrections: tuple[int, ...] = ()) -> None:
    session.add(ReviewJob(kind=kind, asked_at=NOW, examples=examples, corrections=list(corrections), agent_id=None))
    session.commit()


def said(session: Session, words: str, cause: str | None, state: str = "closed") -> str:
    """A message of a past conversation, with what a reviewer said of it."""
    number = str(session.query(Turn).count())
    session.add(Conversation(id=f"c{number}", locale="en", created_at=NOW, last_message_at=NOW))
    session.flush()
    session.add(
        Turn(id=f"t{number}", conversation_id=f"c{number}", first_seq=1, last_seq=1, state="answered", intent="greet",
             input={"kind": "text", "text": words}, next_try_at=NOW, received_at=NOW)
    )  # fmt: skip
    session.flush()
    if cause is not None:
        session.add(ReviewItem(turn_id=f"t{number}", conversation_id=f"c{number}", at=NOW, language="en", score=1.0,
                               signals=[], state=state, cause=cause))  # fmt: skip
    session.commit()
    return f"t{number}"


def jobs(session: Session) -> list[ReviewJob]:
    session.expire_all()
    return list(session.execute(select(ReviewJob).order_by(ReviewJob.id)).scalars())


def test_a_comparison_sees_the_change_and_past_messages(worker: Worker, session: Session) -> None:
    said(session, "hello", None)
    said(session, "hello again, I am ada@shop.test", "right")
    said(session, "what?", "understanding", "to_mend")
    assert worker.once() is None
    ask(session, "compare", [EXAMPLE])
    assert worker.store.is_asked()
    assert worker.once() == "job 1: done"
    assert not worker.store.is_asked()
    (job,) = jobs(session)
    assert (job.state, job.under_way, job.result) == ("done", None, {"accepted": True, "broken": []})
    asked = json.loads((worker.root / "bot/asked.json").read_text("utf-8"))
    assert (asked["before"], asked["after"], asked["corrections"]) == ([], [EXAMPLE], [EXAMPLE])
    assert asked["replay"] == [{"turn": "t0", "words": "hello"}]
    assert [one["words"] for one in asked["confirmed"]] == ["hello again, I am name@example.com"]


def test_a_worker_by_itself_knows_every_table_that_a_job_refers_to(session: Session, url: str) -> None:
    # These tests import tables that the command alone does not.
    ask(session, "compare", [EXAMPLE])
    claim = f"""
from shopdesk.review.store import ReviewStore
from shopdesk_schemas.clock import Clock
print(ReviewStore({url!r}, Clock(None)).claim().kind)
"""
    alone = subprocess.run([sys.executable, "-c", claim], cwd=ROOT, capture_output=True, text=True, check=False)
    assert (alone.stdout, alone.returncode) == ("compare\n", 0), alone.stderr


def test_publishing_trains_and_going_back_needs_no_training(worker: Worker, session: Session) -> None:
    turn = said(session, "快递到哪了", "understanding", "to_mend")
    session.add(Correction(conversation_id="c0", turn_id=turn, language="zh", words="快递到哪了", intent="track_order",
                           at=NOW))  # fmt: skip
    session.commit()
    ask(session, "publish", [EXAMPLE], (1,))
    assert worker.once() == "job 1: done"
    file = worker.settings.reviewed / "zh" / "reviewed.yml"
    assert "    - 快递到哪了" in file.read_text("utf-8")
    session.expire_all()
    assert session.get_one(Correction, 1).state == "published"
    assert session.get_one(ReviewItem, turn).state == "closed"
    ask(session, "publish", [])
    ask_again = worker.once()
    assert (ask_again, file.exists()) == ("job 2: done", False)
    trained = (worker.root / "bot/trainings.txt").read_text()
    ask(session, "publish", [EXAMPLE])
    session.commit()
    assert worker.once() == "job 3: done"
    assert (worker.root / "bot/trainings.txt").read_text() == trained == "xx"
    found = session.execute(select(UnderstandingVersion).order_by(UnderstandingVersion.id)).scalars().all()
    assert [one.examples for one in found] == [[EXAMPLE], [], [EXAMPLE]]
    model = (jobs(session)[-1].result or {})["model"]
    assert is_trained(worker.settings.models, model.removeprefix("shopdesk-").removesuffix(".tar.gz"))


def test_a_training_that_fails_changes_nothing(worker: Worker, session: Session) -> None:
    (worker.root / "bot/broken").touch()
    for kind in ("publish", "compare"):
        ask(session, kind, [EXAMPLE])
        assert str(worker.once()).endswith("failed")
    assert "contradict" in (jobs(session)[0].failure or "")
    assert not list(worker.settings.reviewed.rglob("*.yml"))
    assert session.execute(select(UnderstandingVersion)).first() is None


def test_a_job_whose_worker_died_is_taken_up_again(worker: Worker, session: Session) -> None:
    ask(session, "compare", [EXAMPLE])
    claimed = worker.store.claim()
    assert claimed is not None
    assert worker.once() is None
    (job,) = jobs(session)
    job.beat_at = NOW - LOST - timedelta(seconds=1)
    session.commit()
    assert worker.once() == "job 1: done"


def test_up_starts_a_worker_for_what_is_asked(
    worker: Worker, session: Session, url: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    started: list[list[str]] = []
    asked = threading.Event()
    popen: Callable[..., Any] = subprocess.Popen

    def start(argv: list[str], **options: Any) -> Any:
        started.append(argv)
        asked.set()
        return popen([sys.executable, "-c", "import time; time.sleep(60)"], **options)

    monkeypatch.setenv("SHOPDESK_GATEWAY_DATABASE_URL", url.replace("sqlite:", "sqlite+aiosqlite:"))
    monkeypatch.setattr(following.subprocess, "Popen", start)
    ask(session, "compare", [EXAMPLE])
    with following.reviewing({}, 0.01):
        assert asked.wait(30)
    assert started[0][1:] == ["-m", "shopdesk", "review-worker", "--once"]
