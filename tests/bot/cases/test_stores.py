"""The tracker store on each database, and the locks.

PostgreSQL takes part when SHOPDESK_TEST_TRACKER_DATABASE_URL names an empty database, as the suite's run always does.
"""

import asyncio
import os
import uuid

import pytest
import sqlalchemy.exc
from rasa.shared.core.domain import Domain
from rasa.shared.core.events import ActionExecuted, SlotSet, UserUttered
from rasa.shared.core.slots import AnySlot
from runtime.lock_store import RedisTurnLockStore, TurnLockStore
from runtime.tracker_store import EventTrackerStore
from settings import BotSettings

POSTGRES = os.environ.get("SHOPDESK_TEST_TRACKER_DATABASE_URL")
STORES = ["sqlite", "postgresql"] if POSTGRES else ["sqlite"]


@pytest.fixture(params=STORES)
def store(request, tmp_path):
    url = POSTGRES if request.param == "postgresql" else None
    settings = BotSettings(home=tmp_path, tracker_database_url=url)
    opened = EventTrackerStore(settings.tracker_url)
    domain = Domain.empty()
    domain.slots.append(AnySlot("shoe", mappings=[{}]))
    opened.domain = domain
    yield opened
    opened.close()


@pytest.fixture
def sender():
    return f"chat-{uuid.uuid4()}:1"


def test_a_tracker_comes_back_as_it_was_saved(store, sender):
    async def scenario():
        tracker = await store.get_or_create_tracker(sender, append_action_listen=False)
        tracker.update(UserUttered("你好 🙂", {"name": "greet", "confidence": 0.5}, message_id="m1", metadata={"a": 1}))
        tracker.update(SlotSet("shoe", {"size": [42, 43]}))
        await store.save(tracker)
        again = await store.retrieve(sender)
        assert [event.as_dict() for event in again.events] == [event.as_dict() for event in tracker.events]
        assert again.get_slot("shoe") == {"size": [42, 43]}
        assert await store.retrieve("somebody-else:1") is None
        assert sender in await store.keys()

    asyncio.run(scenario())


def test_saving_adds_what_is_new(store, sender):
    async def scenario():
        tracker = await store.get_or_create_tracker(sender, append_action_listen=False)
        for count in range(3):
            tracker.update(ActionExecuted(f"action_{count}"))
            await store.save(tracker)
            await store.save(tracker)
        again = await store.retrieve(sender)
        assert [event.action_name for event in again.events] == ["action_0", "action_1", "action_2"]

    asyncio.run(scenario())


def test_a_save_that_fails_leaves_nothing(store, sender):
    async def scenario():
        tracker = await store.get_or_create_tracker(sender, append_action_listen=False)
        tracker.update(ActionExecuted("action_good"))
        tracker.update(SlotSet("shoe", object()))
        with pytest.raises(TypeError):
            await store.save(tracker)
        assert await store.retrieve(sender) is None

    asyncio.run(scenario())


def test_a_database_that_is_away_is_said_at_once(tmp_path):
    with pytest.raises(sqlalchemy.exc.OperationalError):
        EventTrackerStore("postgresql+psycopg2://nobody:x@127.0.0.1:9/none")
    (tmp_path / "file").touch()
    with pytest.raises((OSError, sqlalchemy.exc.OperationalError)):
        EventTrackerStore(f"sqlite:///{tmp_path / 'file' / 'trackers.sqlite3'}")


def test_the_other_programs_way_to_name_postgresql_is_understood():
    settings = BotSettings(tracker_database_url="postgresql+psycopg://u:p@db/trackers")
    assert settings.tracker_url == "postgresql+psycopg2://u:p@db/trackers"


def test_one_holder_at_a_time_in_the_order_of_asking():
    async def scenario():
        locks, held, order = TurnLockStore(lifetime=60), 0, []

        async def turn(number):
            nonlocal held
            async with locks.lock("chat:1"):
                held += 1
                assert held == 1
                await asyncio.sleep(0)
                order.append(number)
                held -= 1

        await asyncio.gather(*(turn(number) for number in range(10)))
        assert order == list(range(10))
        assert locks.conversation_locks == {}

    asyncio.run(scenario())


def test_a_lock_is_freed_by_whoever_fails_inside():
    async def scenario():
        locks = TurnLockStore(lifetime=60)
        with pytest.raises(ValueError, match="inside"):
            async with locks.lock("chat:1"):
                raise ValueError("inside")
        async with locks.lock("chat:1"):
            pass

    asyncio.run(scenario())


def test_redis_that_is_away_is_a_lock_that_cannot_be_had():
    from rasa.core.lock_store import LockError

    async def scenario():
        locks = RedisTurnLockStore("redis://127.0.0.1:9/0", lifetime=1)
        with pytest.raises(LockError):
            async with locks.lock("chat:1"):
                raise AssertionError("nobody gave the lock")
        await locks.close()

    asyncio.run(scenario())
