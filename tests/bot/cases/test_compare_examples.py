"""Comparing two models: what a change mends, what it breaks, and what does not count."""

import json

import compare_examples
import pytest

GREET = ["hello", "hi there", "good morning", "hey", "hello hello", "hi shop", "你好", "你好啊"]
TRACK = [
    "where is my parcel",
    "track my order",
    "where is the parcel now",
    "parcel status",
    "my order please track",
    "快递到哪了",
]
RETURN = ["i want to return the mug", "return it", "send it back please", "return the shoes", "give it back to you"]


@pytest.fixture
def small(monkeypatch):
    """A shop of three intents, without encoders."""
    pairs = [(words, "greet") for words in GREET] + [(words, "track_order") for words in TRACK]
    pairs += [(words, "return_items") for words in RETURN]
    monkeypatch.setattr(compare_examples, "training_examples", lambda: list(pairs))
    monkeypatch.setattr(compare_examples, "packaged_encoders", dict)


def job(**more):
    return {"before": [], "after": [], "corrections": [], "confirmed": [], "replay": [], "sure": 0.5, **more}


def example(words, intent):
    return {"words": words, "intent": intent}


def test_what_is_learnt_is_mended(small, tmp_path):
    sets = tmp_path / "en.yml"
    sets.write_text("greet:\n- hello you\ntrack_order:\n- where is the order\n- parcel status\n", encoding="utf-8")
    learnt = [example("zum zum", "track_order"), example("zum the zum", "track_order")]
    found = compare_examples.compare(
        job(after=learnt, corrections=learnt, replay=[{"turn": "t1", "words": "send it back"}]), [sets]
    )
    assert found["accepted"] is True
    assert found["mended"] == {"messages": 2, "before": 0, "after": 2}
    # A message that was trained on says nothing.
    assert [one["messages"] for one in found["sets"]] == [2, 0]
    assert found["replay"] == {"messages": 1, "changed": 0}


def test_what_worked_and_would_not_is_named(small):
    wrong = [
        example(words, "greet") for words in ("track the order", "track my parcel", "track this order", "track it")
    ]
    confirmed = [{"turn": "t1", "words": "track the order now", "intent": "track_order"}]
    replay = [{"turn": "t2", "words": "track the order today"}, {"turn": "t3", "words": "return the mug"}]
    found = compare_examples.compare(job(after=wrong * 6, confirmed=confirmed, replay=replay), [])
    assert found["accepted"] is False
    assert {(one["kind"], one["turn"], one["before"]) for one in found["broken"]} >= {
        ("confirmed", "t1", "track_order"),
        ("replay", "t2", "track_order"),
    }
    # Nobody's words go into the record.
    assert "today" not in json.dumps(found)
