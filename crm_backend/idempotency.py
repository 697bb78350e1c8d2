"""`Idempotency-Key`: a write that is sent twice happens once, and both get the same answer.

The answer is stored in the write's own transaction, so that there is never one without the other. A second request
under the same key waits for the first. The same key with another method, path or body is a 422: it is a mistake of the
caller. A write that failed leaves nothing behind and can be tried again under its key.

    router = APIRouter(prefix="/shopper/{conversation_id}/…", route_class=IdempotentRoute)

    @router.post("", dependencies=[Depends(once(shopper))])      # after the caller is known, before anything is done
"""

from __future__ import annotations

import hashlib
from collections.abc import Callable, Coroutine
from datetime import datetime
from typing import Annotated, Any, cast

from fastapi import Depends, Header, Request
from fastapi.concurrency import run_in_threadpool
from fastapi.routing import APIRoute
from pydantic import StringConstraints
from pydantic.json_schema import SkipJsonSchema
from sqlalchemy import Table, bindparam, delete, event, select, update
from sqlalchemy.orm import Session
from starlette.responses import Response

from crm_backend.changes.kind import Actor
from crm_backend.database.engine import WriteSession
from crm_backend.database.upsert import insert_unless_there
from crm_backend.dependencies import Writing, held_by
from crm_backend.encryption.columns import bound, identity_of
from crm_backend.encryption.keyring import current
from crm_backend.identity.machine_models import IdempotencyKey
from shopdesk_schemas.problems import FieldProblem, InvalidInput

HEADER = "Idempotency-Key"
CLEARED_AT_ONCE = 500
REPLAYED_HEADER = "Idempotent-Replayed"


class _Replay(Exception):
    """The answer is there already."""

    def __init__(self, response: Response) -> None:
        self.response = response


_ANSWER = "shopdesk_answer"

_KEYS = cast(Table, IdempotencyKey.__table__)
_KEEP = (
    update(_KEYS)
    .where(_KEYS.c.caller == bindparam("whose"), _KEYS.c.key == bindparam("which"))
    .values({name: bindparam(name) for name in ("status", "body", "media_type")})
)


class _Slot:
    """Where the answer to the present request will be kept."""

    def __init__(self, session: WriteSession, caller: str, key: str) -> None:
        self._session = session
        self._caller = caller
        self._key = key

    def keep(self, response: Response) -> None:
        """Keep it: written when the request's transaction commits, in the thread that commits."""
        row = identity_of(_KEYS.name, {"caller": self._caller, "key": self._key})
        self._session.info[_ANSWER] = {
            "whose": self._caller,
            "which": self._key,
            "status": response.status_code,
            "body": bound(bytes(response.body).decode(), row),
            "media_type": response.media_type or response.headers.get("content-type"),
        }


# First: the audit log, which writes then too, keeps all others waiting from its turn on.
@event.listens_for(WriteSession, "before_commit", insert=True)
def _write(session: Session) -> None:
    answer = session.info.pop(_ANSWER, None)
    if answer is not None:
        session.execute(_KEEP, answer)


class IdempotentRoute(APIRoute):
    """A route whose answer is kept when the request brought a key."""

    def get_route_handler(self) -> Callable[[Request], Coroutine[Any, Any, Response]]:
        """The handler, inside the request's transaction: it is committed after this returns."""
        handle = super().get_route_handler()

        async def kept(request: Request) -> Response:
            try:
                response = await handle(request)
            except _Replay as replay:
                return replay.response
            slot: _Slot | None = getattr(request.state, "idempotency", None)
            if slot is not None:
                slot.keep(response)
            return response

        return kept


async def _request_hash(request: Request) -> str:
    parts = (request.method.encode(), request.url.path.encode(), request.url.query.encode(), await request.body())
    digest = hashlib.sha256(b"".join(len(part).to_bytes(8) + part for part in parts)).hexdigest()
    return current().fingerprint(digest)


def once(caller: Callable[..., Any]) -> Callable[..., Coroutine[Any, Any, None]]:
    """The dependency: `caller` is the dependency that gives the Actor whose key it is."""

    async def idempotency(
        request: Request,
        session: Writing,
        actor: Actor = Depends(caller),
        key: Annotated[
            Annotated[str, StringConstraints(pattern=r"^[!-~]{1,200}$")] | SkipJsonSchema[None],
            Header(
                alias=HEADER,
                description="Of the caller's choice: under the same key the same request is done once.",
            ),
        ] = None,
    ) -> None:
        if key is not None:
            request_hash, now = await _request_hash(request), held_by(request).clock.wall()
            request.state.idempotency = await run_in_threadpool(
                _take, session, f"{actor.kind}:{actor.id}", key, request_hash, now
            )

    return idempotency


def _take(session: WriteSession, whose: str, key: str, request_hash: str, now: datetime) -> _Slot:
    """The place for the answer. Raises _Replay where there is one, and InvalidInput for another request's key."""
    new = insert_unless_there(session, IdempotencyKey, caller=whose, key=key, request_hash=request_hash, created_at=now)
    if not new:
        row = session.scalars(
            select(IdempotencyKey).where(IdempotencyKey.caller == whose, IdempotencyKey.key == key).with_for_update()
        ).one()
        if row.request_hash != request_hash:
            raise InvalidInput(
                errors=[FieldProblem(field=f"header.{HEADER}", message="was used for a request that was not this one")]
            )
        if row.status is not None:
            raise _Replay(
                Response(row.body, row.status, {REPLAYED_HEADER: "true"}, media_type=row.media_type)
                if row.body
                else Response(status_code=row.status, headers={REPLAYED_HEADER: "true"})
            )
    return _Slot(session, whose, key)


def forget(session: WriteSession, before: datetime) -> int:
    """Remove old answers, a bounded number at once; how many."""
    old = (
        select(IdempotencyKey.caller, IdempotencyKey.key)
        .where(IdempotencyKey.created_at < before)
        .order_by(IdempotencyKey.created_at)
        .limit(CLEARED_AT_ONCE)
        .with_for_update(skip_locked=True)
    )
    rows = session.execute(old).all()
    for caller, key in rows:
        session.execute(delete(IdempotencyKey).where(IdempotencyKey.caller == caller, IdempotencyKey.key == key))
    return len(rows)
