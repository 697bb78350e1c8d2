"""The action server: Rasa's webhook behind the service token, and health.

    POST /webhook   what Rasa calls for an action; `Server-Timing: crm;dur=…` tells the CRM's share
    GET  /healthz   I am up
    GET  /readyz    I can work: 200, or 503 naming what is missing

rasa-sdk's own app answers an error with the request in its body and logs it; here an error is a problem document and
a log line without a shopper's words.
"""

from __future__ import annotations

import asyncio
import hmac
import logging
import traceback
from pathlib import Path
from typing import Any

from rasa_sdk.executor import ActionExecutor
from rasa_sdk.interfaces import Action, ActionExecutionRejection, ActionNotFoundException
from sanic import HTTPResponse, Request, Sanic, json
from sanic.exceptions import MethodNotAllowed, NotFound, SanicException

from actions.account import ACTIONS as ACCOUNT
from actions.ahead import next_call
from actions.changes.asking import ActionAskChangeAnswer, ActionChangeDone
from actions.changes.form import ValidateChangeForm
from actions.comparisons import ACTIONS as COMPARISONS
from actions.complaints import ACTIONS as COMPLAINTS
from actions.crm_client import CrmClient, CrmError, crm_milliseconds, one_telling
from actions.delivery import ACTIONS as DELIVERY
from actions.desk import Desk, DeskAction
from actions.first_of_all import FirstOfAll
from actions.handoff import ActionHandoff
from actions.help import ActionAskPolicy, ActionContact
from actions.how_to_return import ACTIONS as HOW_TO_RETURN
from actions.images import ActionReceiveImage
from actions.more import ACTIONS as MORE
from actions.order_questions import ACTIONS as ORDER_QUESTIONS
from actions.payments import ACTIONS as PAYMENTS
from actions.products import ACTIONS as PRODUCTS
from actions.recommendations import ACTIONS as RECOMMENDATIONS
from actions.reservations import ACTIONS as RESERVATIONS
from actions.returns import ACTIONS as RETURNS
from actions.settings import ActionsSettings
from actions.shipments import (
    ActionAskIdentityProofs,
    ActionAskOrderReference,
    ActionTrackAnother,
    ActionTrackOrder,
    ValidateTrackOrderForm,
)
from actions.smalltalk import ActionAffirm, ActionGoodbye, ActionGreet, ActionSmallTalk, ActionStop
from actions.stores import ACTIONS as STORES
from actions.unclear import ActionClarify, ActionOutOfScope
from actions.where_goods_are import ACTIONS as WHERE_GOODS_ARE
from shopdesk_schemas.clock import Clock
from shopdesk_schemas.problems import InvalidInput, ShopdeskError, Unauthenticated, Unavailable
from shopdesk_schemas.problems import NotFound as NotFoundProblem

_PACKAGE = Path(__file__).resolve().parent
_PLACES = 6
"""How many places are logged of where an error came from."""

ACTIONS: tuple[type[DeskAction], ...] = (
    ValidateTrackOrderForm,
    ActionAskOrderReference,
    ActionAskIdentityProofs,
    ActionTrackOrder,
    ActionTrackAnother,
    ValidateChangeForm,
    ActionAskChangeAnswer,
    ActionChangeDone,
    ActionHandoff,
    ActionClarify,
    ActionContact,
    ActionOutOfScope,
    ActionReceiveImage,
    ActionGreet,
    ActionAffirm,
    ActionSmallTalk,
    ActionStop,
    ActionGoodbye,
    *PRODUCTS,
    *WHERE_GOODS_ARE,
    *MORE,
    *STORES,
    *RESERVATIONS,
    *RECOMMENDATIONS,
    *RETURNS,
    *HOW_TO_RETURN,
    *DELIVERY,
    *PAYMENTS,
    *ACCOUNT,
    *COMPARISONS,
    *COMPLAINTS,
    *ORDER_QUESTIONS,
    ActionAskPolicy,
)
_MEDIA_TYPE = "application/problem+json"
_log = logging.getLogger(__name__)


def build_executor(desk: Desk) -> ActionExecutor:
    """Rasa's executor with every action of the assistant."""
    executor = ActionExecutor()
    first_of_all: dict[str, Action] = {}
    for action in ACTIONS:
        first = FirstOfAll(desk, action(desk), first_of_all)
        first_of_all[first.name()] = first
        executor.register_action(first)
    return executor


def build_app(settings: ActionsSettings, *, crm: CrmClient | None = None, name: str = "actions") -> Sanic[Any, Any]:
    """The Sanic app; `crm` stands in for the client that the settings describe."""
    app: Sanic[Any, Any] = Sanic(name, configure_logging=False)
    app.config.KEEP_ALIVE_TIMEOUT = 60
    expected = f"Bearer {settings.service_token.get_secret_value()}".encode()
    state: dict[str, Any] = {}

    @app.before_server_start
    async def start(_app: Sanic[Any, Any]) -> None:
        # The client belongs to the event loop that serves.
        state["crm"] = crm or CrmClient(
            settings.crm_url, token=settings.service_token.get_secret_value(), seconds=settings.crm_seconds
        )
        state["executor"] = build_executor(Desk(state["crm"], Clock(settings.fixed_now()), settings.shown_at))

    @app.after_server_stop
    async def stop(_app: Sanic[Any, Any]) -> None:
        await state["crm"].close()

    @app.get("/healthz")
    async def healthz(_request: Request[Any, Any]) -> HTTPResponse:
        return json({"status": "ok"})

    @app.get("/readyz")
    async def readyz(_request: Request[Any, Any]) -> HTTPResponse:
        try:
            await asyncio.wait_for(state["crm"].ping(), settings.crm_seconds)
        except (CrmError, TimeoutError):
            return json({"status": "unavailable", "missing": ["crm"]}, 503)
        return json({"status": "ok"})

    @app.post("/webhook")
    async def webhook(request: Request[Any, Any]) -> HTTPResponse:
        given = (request.headers.get("Authorization") or "").encode()
        if not hmac.compare_digest(given, expected):
            return _problem(Unauthenticated())
        call = request.json
        if not isinstance(call, dict) or "tracker" not in call:
            return _problem(InvalidInput("The body is no action call."))
        return await _run(state["executor"], call)

    @app.exception(Exception)
    async def failed(_request: Request[Any, Any], error: Exception) -> HTTPResponse:
        if isinstance(error, NotFound):
            return _problem(NotFoundProblem())
        if isinstance(error, MethodNotAllowed | SanicException) and 400 <= error.status_code < 500:
            return _problem(InvalidInput("The request cannot be read."), error.status_code)
        # The error's words may hold a shopper's; where it happened does not.
        where = " < ".join(places_of(error))
        _log.error("request failed: %s at %s", type(error).__name__, where, exc_info=_log.isEnabledFor(logging.DEBUG))
        return _problem(ShopdeskError())

    return app


def places_of(error: BaseException) -> list[str]:
    """Where in the actions an error came from, the innermost first: `module:line`, without any of their values."""
    frames = traceback.extract_tb(error.__traceback__)
    own = [each for each in frames if _PACKAGE in Path(each.filename).parents]
    return [f"{Path(each.filename).relative_to(_PACKAGE)}:{each.lineno}" for each in reversed(own)][:_PLACES]


async def _run(executor: ActionExecutor, call: dict[str, Any]) -> HTTPResponse:
    durations: list[float] = []
    token = crm_milliseconds.set(durations)
    try:
        with one_telling():
            body = await _answer(executor, call)
    except ActionExecutionRejection as rejection:
        # Rasa reads status 400 with these two keys as "this action declines".
        return json({"error": "rejected", "action_name": rejection.action_name}, 400)
    except ActionNotFoundException:
        return _problem(NotFoundProblem("There is no such action."))
    except CrmError as error:
        where = " < ".join(places_of(error))
        _log.error("%s failed: %s at %s", call.get("next_action"), type(error).__name__, where)
        return _problem(Unavailable("The CRM did not answer as it should."))
    finally:
        crm_milliseconds.reset(token)
    return json(body, headers={"Server-Timing": f"crm;dur={sum(durations):.2f}"})


async def _answer(executor: ActionExecutor, call: dict[str, Any]) -> dict[str, Any] | None:
    """What the action did, and with a form's validation what comes of the action after it."""
    result = await executor.run(call)
    if result is None:
        return None
    following = next_call(call, result.events)
    body = result.model_dump()
    if following is None:
        return body
    then = await executor.run(following)
    return {**body, "ahead": {"action": following["next_action"], **then.model_dump()}} if then else body


def _problem(error: ShopdeskError, status: int | None = None) -> HTTPResponse:
    problem = error.problem()
    code = status or problem.status
    body = {**problem.model_dump(exclude_none=True), "status": code}
    return json(body, code, headers=error.headers(), content_type=_MEDIA_TYPE)
