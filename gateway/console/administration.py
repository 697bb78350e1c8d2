"""`/console/account`, `/console/agents`, `/console/audit`: one's own sign-in, everybody's, and what was done."""

from __future__ import annotations

import io
from typing import Annotated, Any, Final
from urllib.parse import urlencode

import segno
from fastapi import APIRouter, Form, Query
from markupsafe import Markup
from sqlalchemy import select
from starlette.responses import Response

from gateway.audit.models import AuditEntry
from gateway.audit.service import note
from gateway.console.accounts import by_username, check_password, generate_password
from gateway.console.forms import Csrf
from gateway.console.models import ROLES, Agent
from gateway.console.rendering import Console, ConsoleRequest, Visitor, see_other
from gateway.database.engine import WriteSession
from gateway.services import Services
from shopdesk_schemas.problems import Conflict, InvalidInput, NotFound

AUDIT_PAGE: Final = 100
MAX_CAPACITY: Final = 100
MAX_CASE_CAPACITY: Final = 500


router = APIRouter()
"""The pages. Only administrators see and change others' accounts; leads see the audit log too."""


# --- One's own --------------------------------------------------------------------------------------------------------


async def _account_page(
    console: Console, visitor: Visitor, *, problem: str | None = None, codes: list[str] | None = None,
    done: str | None = None,
) -> Response:  # fmt: skip
    async with console.services.database.read() as session:
        agent = await session.get_one(Agent, visitor.agent.id)
        open_sessions = await console.services.accounts.sessions(session, agent.id)
    address = console.services.second_factor.address(agent) if agent.totp_since is None else None
    return console.page(
        "account.html", visitor, status=422 if problem else 200, problem=problem, done=done, codes=codes,
        own=agent, qr=_qr(address) if address else None, secret=address.split("secret=")[1].split("&")[0]
        if address else None,
        sessions=[
            (one, console.services.accounts.reference(one), console.services.accounts.is_current(one, visitor.token))
            for one in open_sessions
        ],
    )  # fmt: skip


@router.get("/account")
async def account(console: ConsoleRequest) -> Response:
    """One's own account: password, second step, open sessions."""
    return await _account_page(console, await console.signed_in())


@router.post("/account")
async def change_account(
    console: ConsoleRequest, csrf: Csrf = "", act: Annotated[str, Form(max_length=20)] = "",
    reference: Annotated[str, Form(max_length=40)] = "", code: Annotated[str, Form(max_length=40)] = "",
    password: Annotated[str, Form(max_length=1000)] = "", new: Annotated[str, Form(max_length=1000)] = "",
) -> Response:  # fmt: skip
    """One change of one's own account; `act` says which."""
    visitor = await console.signed_in(csrf)
    own = visitor.agent
    # What would let a thief of the open page stay asks for the password again.
    if act in {"totp_begin", "totp_remove", "password"} and not await console.services.accounts.password_fits(
        own, password
    ):
        return await _account_page(console, visitor, problem="wrong_password")
    codes: list[str] | None = None
    try:
        async with console.services.database.write() as session:
            agent = await session.get_one(Agent, own.id)
            if act == "revoke":
                await console.services.accounts.revoke(session, own.id, reference)
            elif act == "totp_begin":
                console.services.second_factor.begin(agent)
            elif act == "totp_remove":
                console.services.second_factor.remove(agent)
            elif act == "totp_confirm":
                codes = await console.services.second_factor.confirm(session, own.id, code)
            elif act == "password":
                await console.services.accounts.set_password(session, own.username, new)
            else:
                raise NotFound
            if act != "totp_confirm" or codes is not None:
                note(session, console.services.clock, agent_id=own.id, action=f"account.{act}")
    except NotFound:
        return console.not_found(visitor)
    except InvalidInput:
        return await _account_page(console, visitor, problem="password_rule")
    if act == "totp_confirm":
        problem = "wrong_code" if codes is None else None
        return await _account_page(console, visitor, problem=problem, codes=codes)
    return see_other("/console/account")


# --- Everybody's ------------------------------------------------------------------------------------------------------


async def _agents_page(
    console: Console, visitor: Visitor, *, problem: str | None = None, made: tuple[str, str] | None = None
) -> Response:
    async with console.services.database.read() as session:
        agents = await console.services.accounts.all(session)
        counts = {one.id: len(await console.services.accounts.sessions(session, one.id)) for one in agents}
    return console.page(
        "agents.html", visitor, status=422 if problem else 200, agents=agents, counts=counts, roles=ROLES,
        problem=problem, made=made, max_capacity=MAX_CAPACITY,
        max_case_capacity=MAX_CASE_CAPACITY,
    )  # fmt: skip


@router.get("/agents")
async def list_agents(console: ConsoleRequest) -> Response:
    """Everybody's accounts, for administrators."""
    visitor = await console.admin()
    return await _agents_page(console, visitor)


@router.post("/agents")
async def change_agent(
    console: ConsoleRequest, csrf: Csrf = "", act: Annotated[str, Form(max_length=20)] = "",
    username: Annotated[str, Form(max_length=200)] = "", display_name: Annotated[str, Form(max_length=200)] = "",
    role: Annotated[str, Form(max_length=20)] = "", capacity: Annotated[int, Form(ge=0, le=MAX_CAPACITY)] = 5,
    case_capacity: Annotated[int, Form(ge=0, le=MAX_CASE_CAPACITY)] = 20,
) -> Response:  # fmt: skip
    """One change of somebody's account; `act` says which."""
    visitor = await console.admin(csrf)
    password: str | None = None
    try:
        async with console.services.database.write() as session:
            accounts = console.services.accounts
            if act == "add":
                password = generate_password()
                agent = await accounts.add(
                    session, username=username, display_name=display_name, role=role,  # type: ignore[arg-type]
                    password=password,
                )  # fmt: skip
                agent.capacity, agent.case_capacity = capacity, case_capacity
            elif act == "password":
                password = generate_password()
                check_password(password)
                agent = await accounts.set_password(session, username, password)
            else:
                agent = await _changed(session, console.services, visitor, act, username, role)
                if act == "change":
                    agent.capacity, agent.case_capacity = capacity, case_capacity
            changed: dict[str, Any] = {}
            if act in {"add", "change"}:
                changed = {"role": role, "capacity": capacity, "case_capacity": case_capacity}
            note(
                session, console.services.clock, agent_id=visitor.agent.id, action=f"agent.{act}", agent=agent.id,
                **changed,
            )  # fmt: skip
    except NotFound:
        return console.not_found(visitor)
    except InvalidInput:
        return await _agents_page(console, visitor, problem="agent_problem")
    except Conflict:
        return await _agents_page(console, visitor, problem="agent_conflict")
    if password is not None:
        return await _agents_page(console, visitor, made=(agent.username, password))
    return see_other("/console/agents")


# --- What was done ----------------------------------------------------------------------------------------------------


@router.get("/audit")
async def audit(
    console: ConsoleRequest, agent: Annotated[int | None, Query()] = None,
    action: Annotated[str, Query(max_length=64)] = "", conversation: Annotated[str, Query(max_length=64)] = "",
    before: Annotated[int | None, Query(ge=1, le=2**62)] = None,
) -> Response:  # fmt: skip
    """What was done, newest first."""
    visitor = await console.lead()
    query = select(AuditEntry).order_by(AuditEntry.id.desc()).limit(AUDIT_PAGE + 1)
    if agent is not None:
        query = query.where(AuditEntry.agent_id == agent)
    if action:
        query = query.where(AuditEntry.action == action.replace("\0", ""))
    if conversation:
        query = query.where(AuditEntry.conversation_id == conversation.replace("\0", ""))
    if before is not None:
        query = query.where(AuditEntry.id < before)
    async with console.services.database.read() as session:
        entries = (await session.execute(query)).scalars().all()
        agents = await console.services.accounts.all(session)
    given: dict[str, Any] = {"agent": agent, "action": action, "conversation": conversation}
    kept = {name: value for name, value in given.items() if value}
    more = entries[AUDIT_PAGE - 1].id if len(entries) > AUDIT_PAGE else None
    return console.page(
        "audit.html", visitor, entries=entries[:AUDIT_PAGE], agents=agents,
        names={one.id: one.display_name for one in agents}, given=given,
        next_page="/console/audit?" + urlencode(kept | {"before": more}) if more else None,
        first_page="/console/audit?" + urlencode(kept) if before else None,
    )  # fmt: skip


async def _changed(
    session: WriteSession, services: Services, visitor: Visitor, act: str, username: str, role: str
) -> Agent:
    """One change of an account. An administrator cannot lock themselves out. `NotFound`, `Conflict`, `InvalidInput`."""
    agent = await by_username(session, username.strip().lower())
    if agent is None:
        raise NotFound
    if agent.id == visitor.agent.id and act in {"disable", "change"} and (act == "disable" or role != "admin"):
        raise Conflict("Administrators cannot take their own rights away.")
    if act == "disable" or act == "enable":
        return await services.accounts.set_active(session, agent.username, active=act == "enable")
    if act == "sign_out":
        await services.accounts.sign_out_everywhere(session, agent)
    elif act == "totp_remove":
        services.second_factor.remove(agent)
    elif act == "oidc_remove":
        agent.oidc_subject = None
    elif act == "change":
        if role not in ROLES:
            raise InvalidInput
        agent.role = role
    else:
        raise NotFound
    return agent


def _qr(address: str) -> Markup:
    """The address as a picture that an app scans: SVG without anything inline."""
    buffer = io.BytesIO()
    segno.make(address, error="m").save(
        buffer, kind="svg", scale=5, border=3, xmldecl=False, svgns=False, light="#fff", svgclass="qr"
    )
    return Markup(buffer.getvalue().decode())  # noqa: S704 - made here, of digits and letters
