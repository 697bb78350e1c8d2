"""The lock that lets the urgent in first."""

from __future__ import annotations

import asyncio

import pytest

from gateway.database.turnstile import Turnstile

pytestmark = pytest.mark.anyio


async def test_the_urgent_go_first_each_in_order_and_who_gives_up_holds_up_nobody() -> None:
    lock, order = Turnstile(), []

    async def pass_through(name: str, *, urgent: bool = False) -> None:
        await lock.acquire(urgent=urgent)
        order.append(name)
        await asyncio.sleep(0)
        lock.release()

    await lock.acquire()
    tasks = [
        asyncio.create_task(pass_through("first")),
        asyncio.create_task(pass_through("second")),
        asyncio.create_task(pass_through("gives up", urgent=True)),
        asyncio.create_task(pass_through("urgent", urgent=True)),
    ]
    await asyncio.sleep(0)
    tasks[2].cancel()
    await asyncio.sleep(0)
    lock.release()
    await asyncio.gather(*tasks, return_exceptions=True)
    assert order == ["urgent", "first", "second"]
    await asyncio.wait_for(lock.acquire(), 1)


async def test_who_is_cancelled_just_when_it_is_theirs_hands_it_on() -> None:
    lock = Turnstile()
    await lock.acquire()
    waiting = asyncio.create_task(lock.acquire())
    await asyncio.sleep(0)
    lock.release()
    waiting.cancel()
    await asyncio.gather(waiting, return_exceptions=True)
    if waiting.cancelled():
        await asyncio.wait_for(lock.acquire(), 1)
