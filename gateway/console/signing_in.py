"""Signing in and out: password, second step, the shop's identity provider. Failures are counted and limited."""

from __future__ import annotations

import logging
from typing import Annotated, Final

from fastapi import APIRouter, Cookie, Form, Query
from starlette.responses import Response

from gateway.audit.service import note
from gateway.console.access import SESSION_COOKIE, is_form_token
from gateway.console.forms import Csrf
from gateway.console.models import Agent
from gateway.console.oidc import Oidc, OidcError
from gateway.console.rendering import Console, ConsoleRequest, see_other
from gateway.dependencies import ClientAddress

FORM_COOKIE: Final = "shopdesk_console_form"
"""A random value of a browser that is not signed in, to which the sign-in form's token is bound."""

SECOND_COOKIE: Final = "shopdesk_console_second"
OIDC_COOKIE: Final = "shopdesk_console_oidc"

_log = logging.getLogger("shopdesk.console")

SessionCookie = Annotated[str | None, Cookie(alias=SESSION_COOKIE, max_length=200)]
FormCookie = Annotated[str | None, Cookie(alias=FORM_COOKIE, max_length=200)]

router = APIRouter()


def _form_is_ours(console: Console, token: str, csrf: str) -> bool:
    return is_form_token(console.services.tokens, token, csrf)


def _page(
    console: Console, form_token: str | None, *, template: str = "login.html", status: int = 200,
    problem: str | None = None, retry_after: int | None = None, username: str = "",
) -> Response:  # fmt: skip
    token = form_token or console.services.tokens.make()[0]
    response = console.page(
        template, None, status=status, token=token, problem=problem, username=username,
        oidc=console.services.oidc is not None,
    )  # fmt: skip
    console.set_cookie(response, FORM_COOKIE, token, None)
    if retry_after is not None:
        response.headers["Retry-After"] = str(retry_after)
    return response


async def _let_in(console: Console, address: str | None, agent: Agent, how: str, response: Response) -> Response:
    async with console.services.database.write() as session:
        token = await console.services.accounts.sign_in(
            session, agent, address=address, browser=console.request.headers.get("user-agent")
        )
        note(session, console.services.clock, agent_id=agent.id, action="session.open", how=how)
    _log.info("signed in", extra={"fields": {"agent": agent.id}})
    console.set_cookie(response, SESSION_COOKIE, token, int(console.services.settings.console_session_hours * 3600))
    for name in (FORM_COOKIE, SECOND_COOKIE, OIDC_COOKIE):
        response.delete_cookie(name, path="/console")
    return response


@router.get("/login")
async def show_login(console: ConsoleRequest, form_token: FormCookie = None) -> Response:
    """The sign-in form."""
    if await console.visitor():
        return see_other("/console")
    return _page(console, form_token)


@router.post("/login")
async def login(
    console: ConsoleRequest,
    address: ClientAddress,
    username: Annotated[str, Form(max_length=200)] = "",
    password: Annotated[str, Form(max_length=1000)] = "",
    csrf: Csrf = "",
    form_token: FormCookie = None,
) -> Response:
    """Check user name and password."""
    if form_token is None or not _form_is_ours(console, form_token, csrf):
        return _page(console, None, status=403, problem="form_expired", username=username)
    name = console.services.tokens.keyed("login name", username.strip().lower())
    origin = address or "unknown"
    wait = max(
        console.services.login_failures_by_name.wait(name), console.services.login_failures_by_address.wait(origin)
    )
    if wait:
        return _page(console, form_token, status=429, problem="too_many_attempts", retry_after=wait, username=username)
    # Counted before the password is checked, so that parallel tries cannot slip past the limit.
    console.services.login_failures_by_name.take(name)
    console.services.login_failures_by_address.take(origin)
    async with console.services.database.read() as session:
        agent = await console.services.accounts.check(session, username, password)
    if agent is None:
        _log.warning("sign-in refused")
        return _page(console, form_token, status=401, problem="wrong_credentials", username=username)
    console.services.login_failures_by_name.forget(name)
    console.services.login_failures_by_address.forget(origin)
    if agent.totp_since is not None:
        response = see_other("/console/login/code")
        console.set_cookie(response, SECOND_COOKIE, console.services.second_factor.pending(agent), 300)
        return response
    return await _let_in(console, address, agent, "password", see_other("/console"))


@router.get("/login/code")
async def show_code(console: ConsoleRequest, form_token: FormCookie = None) -> Response:
    """The form of the second step."""
    return _page(console, form_token, template="login_code.html")


@router.post("/login/code")
async def code(
    console: ConsoleRequest,
    address: ClientAddress,
    digits: Annotated[str, Form(alias="code", max_length=100)] = "",
    csrf: Csrf = "",
    form_token: FormCookie = None,
    pending: Annotated[str | None, Cookie(alias=SECOND_COOKIE, max_length=300)] = None,
) -> Response:
    """Check the code of the second step."""
    if form_token is None or not _form_is_ours(console, form_token, csrf):
        return _page(console, None, status=403, problem="form_expired")
    used = None
    async with console.services.database.write() as session:
        agent = await console.services.second_factor.pending_agent(session, pending)
        if agent is not None:
            key = console.services.tokens.keyed("login code", str(agent.id))
            if wait := console.services.login_failures_by_name.wait(key):
                return _page(
                    console, form_token, template="login_code.html", status=429, problem="too_many_attempts",
                    retry_after=wait,
                )  # fmt: skip
            console.services.login_failures_by_name.take(key)
            used = await console.services.second_factor.check(session, agent.id, digits)
    if agent is None:
        return _page(console, form_token, status=401, problem="second_step_over")
    if used is None:
        return _page(console, form_token, template="login_code.html", status=401, problem="wrong_code")
    console.services.login_failures_by_name.forget(key)
    return await _let_in(console, address, agent, f"password and {used}", see_other("/console"))


@router.post("/logout")
async def logout(console: ConsoleRequest, csrf: Csrf = "", session_token: SessionCookie = None) -> Response:
    """End this session."""
    if session_token is None or not _form_is_ours(console, session_token, csrf):
        return console.form_expired(await console.visitor())
    visitor = await console.visitor()
    async with console.services.database.write() as session:
        await console.services.accounts.sign_out(session, session_token)
        if visitor is not None:
            note(session, console.services.clock, agent_id=visitor.agent.id, action="session.close")
    response = see_other("/console/login")
    response.delete_cookie(SESSION_COOKIE, path="/console")
    return response


def _redirect_uri(console: Console) -> str:
    return (
        str(console.services.settings.public_url or str(console.request.base_url)).rstrip("/")
        + "/console/oidc/callback"
    )


async def _at_the_provider(console: Console, oidc: Oidc) -> Response:
    try:
        started = await oidc.start(_redirect_uri(console))
    except OidcError as error:
        _log.warning("the identity provider cannot be asked", extra={"fields": {"why": str(error)}})
        return _page(console, None, status=503, problem="oidc_away")
    response = see_other(started.address)
    console.set_cookie(response, OIDC_COOKIE, started.cookie, 600, lax=True)
    return response


@router.get("/oidc/start")
async def start_oidc(console: ConsoleRequest) -> Response:
    """Send the browser to the identity provider."""
    if console.services.oidc is None:
        return see_other("/console/login")
    return await _at_the_provider(console, console.services.oidc)


@router.get("/oidc/callback")
async def finish_oidc(
    console: ConsoleRequest,
    address: ClientAddress,
    state: Annotated[str, Query(max_length=500)] = "",
    given: Annotated[str, Query(alias="code", max_length=2000)] = "",
    cookie: Annotated[str | None, Cookie(alias=OIDC_COOKIE, max_length=1000)] = None,
) -> Response:
    """Let in whom the identity provider sent back."""
    if console.services.oidc is None:
        return see_other("/console/login")
    try:
        claims = await console.services.oidc.finish(cookie, state, given, _redirect_uri(console))
    except OidcError as error:
        _log.warning("sign-in at the provider refused", extra={"fields": {"why": str(error)}})
        return _page(console, None, status=401, problem="oidc_refused")
    async with console.services.database.write() as session:
        agent = await console.services.oidc.agent(session, claims)
    if agent is None:
        return _page(console, None, status=403, problem="oidc_unknown")
    # A page, not a redirect: strict cookies do not travel along a redirect that another site began.
    arrived = console.page("arrived.html", None, token="")
    return await _let_in(console, address, agent, "oidc", arrived)
