"""What the console's forms have in common: their fields, what was written into them, and what is done with it."""

from __future__ import annotations

from collections.abc import Awaitable, Callable
from typing import Annotated

from fastapi import Form, Query
from starlette.responses import Response

from gateway.console.models import Agent
from gateway.console.rendering import Console, Visitor, see_other
from gateway.database.engine import WriteSession
from shopdesk_schemas.problems import Conflict, InvalidInput, NotFound

Csrf = Annotated[str, Form(max_length=200)]
"""What binds the form to its session, for `Console.signed_in`."""

Version = Annotated[int, Form(ge=0, le=2**31 - 1)]
"""What the form was drawn from; 0: nothing was there."""

EarlierVersion = Annotated[int | None, Query(ge=1, le=2**31 - 1)]
Saved = Annotated[bool, Query()]

Act = Callable[[WriteSession, Agent], Awaitable[str | None]]
"""One change, in its transaction; says where to go on, if not where the form says."""


def line(written: str) -> str:
    """A field of one line, without what no database keeps and without space around it."""
    return written.replace("\0", "").strip()


def lines(written: str) -> str:
    """A field of several lines, ended as files end them."""
    return written.replace("\0", "").replace("\r\n", "\n")


def status_of(problem: str) -> int:
    """Of the page that shows a form again: `stale`, another problem, or none."""
    return {"": 200, "stale": 409}.get(problem, 422)


async def change(
    console: Console, csrf: str, back: str, act: Act, *, lead: bool = False,
    invalid: Callable[[Visitor], Awaitable[Response]] | None = None,
) -> Response:  # fmt: skip
    """Do one thing in a transaction and go on to `back`, or to where the thing done says.

    `lead`: only leads may; `invalid` is the page for what cannot be meant, where there is one that shows the form.
    """
    visitor = await (console.lead(csrf) if lead else console.writer(csrf))
    try:
        async with console.services.database.write() as session:
            target = await act(session, visitor.agent)
    except NotFound:
        return console.not_found(visitor)
    except InvalidInput:
        if invalid is not None:
            return await invalid(visitor)
        return console.message(visitor, 422, "form_problems_title", "form_problems_words")
    except Conflict:
        return console.message(visitor, 409, "conflict_title", "conflict")
    return see_other(target or back)
