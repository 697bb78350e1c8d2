"""Signing in and out: password, second step, the shop's identity provider. Failures are counted and limited."""

from __future__ import annotations

import logging
from typing import Annotated, Final

from fastapi import APIRouter, Cookie, Form, Query, Request
from starlette.responses import Response

from gateway.audit.service import note
from gateway.console.access import SESSION_COOKIE, is_form_token
from gateway.console.models import Agent
from gateway.console.oidc import Oidc, OidcError
from gateway.console.rendering import ConsolePages, see_other
from gateway.dependencies import ClientAddress
from gateway.limits import RateLimit
from gateway.network import is_https
from gateway.services import Services

FORM_COOKIE: Final = "shopdesk_console_form"
"""A random value of a browser that is not signed in, to which the sign-in form's token is bound."""

SECOND_COOKIE: Final = "shopdesk_console_second"
OIDC_COOKIE: Final = "shopdesk_console_oidc"

_log = logging.getLogger("shopdesk.console")

SessionCookie = Annotated[str | None, Cookie(alias=SESSION_COOKIE, max_length=200)]
FormCookie = Annotated[str | None, Cookie(alias=FORM_COOKIE, max_length=200)]
Csrf = Annotated[str, Form(max_length=200)]


class Cookies:
    """Sets the console's cookies, always with the same attributes."""

    def __init__(self, services: Services) -> None:
        self._settings = services.settings

    def set(
        self, response: Response, request: Request, name: str, value: str, seconds: int | None, *, lax: bool = False
    ) -> None:
        """`lax`: it has to come along when another site sends the browser back here."""
        response.set_cookie(
            name, value, max_age=seconds, path="/console", httponly=True, samesite="lax" if lax else "strict",
            secure=self._settings.environment == "production" or is_https(request, self._settings.trusted_proxies),
        )  # fmt: skip


def signing_in_router(services: Services, pages: ConsolePages) -> APIRouter:
    """The routes. Their limits live as long as the program."""
    router = APIRouter()
    cookies = Cookies(services)
    attempts = services.settings.login_attempts
    failures_by_name = RateLimit(attempts, 900.0)
    failures_by_address = RateLimit(attempts, 900.0)

    def form_is_ours(token: str, csrf: str) -> bool:
        return is_form_token(services.tokens, token, csrf)

    def page(
        request: Request, form_token: str | None, *, template: str = "login.html", status: int = 200,
        problem: str | None = None, retry_after: int | None = None, username: str = "",
    ) -> Response:  # fmt: skip
        token = form_token or services.tokens.make()[0]
        response = pages.page(
            template, request, None, status=status, token=token, problem=problem, username=username,
            oidc=services.oidc is not None,
        )  # fmt: skip
        cookies.set(response, request, FORM_COOKIE, token, None)
        if retry_after is not None:
            response.headers["Retry-After"] = str(retry_after)
        return response

    async def let_in(request: Request, address: str | None, agent: Agent, how: str, response: Response) -> Response:
        async with services.database.write() as session:
            token = await services.accounts.sign_in(
                session, agent, address=address, browser=request.headers.get("user-agent")
            )
            note(session, services.clock, agent_id=agent.id, action="session.open", how=how)
        _log.info("signed in", extra={"fields": {"agent": agent.id}})
        cookies.set(response, request, SESSION_COOKIE, token, int(services.settings.console_session_hours * 3600))
        for name in (FORM_COOKIE, SECOND_COOKIE, OIDC_COOKIE):
            response.delete_cookie(name, path="/console")
        return response

    @router.get("/login")
    async def show_login(request: Request, form_token: FormCookie = None) -> Response:
        if await pages.visitor(request):
            return see_other("/console")
        return page(request, form_token)

    @router.post("/login")
    async def login(
        request: Request,
        address: ClientAddress,
        username: Annotated[str, Form(max_length=200)] = "",
        password: Annotated[str, Form(max_length=1000)] = "",
        csrf: Csrf = "",
        form_token: FormCookie = None,
    ) -> Response:
        if form_token is None or not form_is_ours(form_token, csrf):
            return page(request, None, status=403, problem="form_expired", username=username)
        name = services.tokens.keyed("login name", username.strip().lower())
        origin = address or "unknown"
        wait = max(failures_by_name.wait(name), failures_by_address.wait(origin))
        if wait:
            return page(
                request, form_token, status=429, problem="too_many_attempts", retry_after=wait, username=username
            )
        # Counted before the password is checked, so that parallel tries cannot slip past the limit.
        failures_by_name.take(name)
        failures_by_address.take(origin)
        async with services.database.read() as session:
            agent = await services.accounts.check(session, username, password)
        if agent is None:
            _log.warning("sign-in refused")
            return page(request, form_token, status=401, problem="wrong_credentials", username=username)
        failures_by_name.forget(name)
        failures_by_address.forget(origin)
        if agent.totp_since is not None:
            response = see_other("/console/login/code")
            cookies.set(response, request, SECOND_COOKIE, services.second_factor.pending(agent), 300)
            return response
        return await let_in(request, address, agent, "password", see_other("/console"))

    @router.get("/login/code")
    async def show_code(request: Request, form_token: FormCookie = None) -> Response:
        return page(request, form_token, template="login_code.html")

    @router.post("/login/code")
    async def code(
        request: Request,
        address: ClientAddress,
        digits: Annotated[str, Form(alias="code", max_length=100)] = "",
        csrf: Csrf = "",
        form_token: FormCookie = None,
        pending: Annotated[str | None, Cookie(alias=SECOND_COOKIE, max_length=300)] = None,
    ) -> Response:
        if form_token is None or not form_is_ours(form_token, csrf):
            return page(request, None, status=403, problem="form_expired")
        used = None
        async with services.database.write() as session:
            agent = await services.second_factor.pending_agent(session, pending)
            if agent is not None:
                key = services.tokens.keyed("login code", str(agent.id))
                if wait := failures_by_name.wait(key):
                    return page(
                        request, form_token, template="login_code.html", status=429, problem="too_many_attempts",
                        retry_after=wait,
                    )  # fmt: skip
                failures_by_name.take(key)
                used = await services.second_factor.check(session, agent.id, digits)
        if agent is None:
            return page(request, form_token, status=401, problem="second_step_over")
        if used is None:
            return page(request, form_token, template="login_code.html", status=401, problem="wrong_code")
        failures_by_name.forget(key)
        return await let_in(request, address, agent, f"password and {used}", see_other("/console"))

    @router.post("/logout")
    async def logout(request: Request, csrf: Csrf = "", session_token: SessionCookie = None) -> Response:
        if session_token is None or not form_is_ours(session_token, csrf):
            return pages.form_expired(request, await pages.visitor(request))
        visitor = await pages.visitor(request)
        async with services.database.write() as session:
            await services.accounts.sign_out(session, session_token)
            if visitor is not None:
                note(session, services.clock, agent_id=visitor.agent.id, action="session.close")
        response = see_other("/console/login")
        response.delete_cookie(SESSION_COOKIE, path="/console")
        return response

    def redirect_uri(request: Request) -> str:
        return str(services.settings.public_url or str(request.base_url)).rstrip("/") + "/console/oidc/callback"

    async def at_the_provider(request: Request, oidc: Oidc) -> Response:
        try:
            started = await oidc.start(redirect_uri(request))
        except OidcError as error:
            _log.warning("the identity provider cannot be asked", extra={"fields": {"why": str(error)}})
            return page(request, None, status=503, problem="oidc_away")
        response = see_other(started.address)
        cookies.set(response, request, OIDC_COOKIE, started.cookie, 600, lax=True)
        return response

    @router.get("/oidc/start")
    async def start_oidc(request: Request) -> Response:
        if services.oidc is None:
            return see_other("/console/login")
        return await at_the_provider(request, services.oidc)

    @router.get("/oidc/callback")
    async def finish_oidc(
        request: Request,
        address: ClientAddress,
        state: Annotated[str, Query(max_length=500)] = "",
        given: Annotated[str, Query(alias="code", max_length=2000)] = "",
        cookie: Annotated[str | None, Cookie(alias=OIDC_COOKIE, max_length=1000)] = None,
    ) -> Response:
        if services.oidc is None:
            return see_other("/console/login")
        try:
            claims = await services.oidc.finish(cookie, state, given, redirect_uri(request))
        except OidcError as error:
            _log.warning("sign-in at the provider refused", extra={"fields": {"why": str(error)}})
            return page(request, None, status=401, problem="oidc_refused")
        async with services.database.write() as session:
            agent = await services.oidc.agent(session, claims)
        if agent is None:
            return page(request, None, status=403, problem="oidc_unknown")
        # A page, not a redirect: strict cookies do not travel along a redirect that another site began.
        arrived = pages.page("arrived.html", request, None, token="")
        return await let_in(request, address, agent, "oidc", arrived)

    return router
