"""`/console/other-names`: what shoppers call goods and their options, tried with a message and given on the spot."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Annotated, Literal
from urllib.parse import urlencode

from fastapi import APIRouter, Form, Query
from pydantic import ValidationError
from starlette.responses import Response

from gateway.console.asked import Asked, FormTurnId, TurnId, asked_in
from gateway.console.forms import Csrf, EarlierVersion, Saved, Version, line, status_of
from gateway.console.rendering import Console, ConsoleRequest, Visitor, see_other
from gateway.errors import UpstreamRejected
from gateway.review import repository
from shopdesk_schemas.other_names import (
    MAX_NAME,
    MAX_NAMES,
    PLAIN,
    Named,
    NamedKind,
    NamesByLanguage,
    NameTrial,
    NameTrialOutcome,
    OtherNamesChange,
)
from shopdesk_schemas.turn import Language

_LONGEST = MAX_NAMES * (MAX_NAME + 2)
"""Characters of a form's field with names, one a line."""

Part = Annotated[str, Query(max_length=200, pattern=PLAIN)]
FormPart = Annotated[str, Form(max_length=200, pattern=PLAIN)]


@dataclass(frozen=True)
class Draft:
    """What somebody wrote, a name a line."""

    version: int
    en: str
    zh: str

    def names(self) -> NamesByLanguage:
        """Raises ValidationError."""
        return NamesByLanguage(en=self.en.splitlines(), zh=self.zh.splitlines())


router = APIRouter(prefix="/other-names")
"""The pages. Everybody reads, whoever writes tries names, leads give them."""


async def _trial(
    console: Console, visitor: Visitor, asked: Asked, named: Named | None = None, names: NamesByLanguage | None = None
) -> NameTrialOutcome | None:
    if not asked.words.strip() or not visitor.may_write:
        return None
    body = NameTrial(words=asked.words[:500], language=asked.language, named=named, names=names)
    return await console.services.staff.try_names(visitor.staff, body)


async def _taken(console: Console, turn_id: str) -> list[tuple[str, str]]:
    """What the assistant showed in its reply to a message: SKU or id, and title."""
    if not turn_id:
        return []
    async with console.services.database.read() as session:
        found = await repository.turn_of(session, turn_id)
        if found is None:
            return []
        messages = await repository.around(session, found[0])
    cards = [
        (str(card.get("sku") or ""), str(card.get("title") or ""))
        for one in messages
        if one.author == "assistant" and one.reply_to == found[0].last_seq
        for card in one.content.get("products") or []
    ]
    return list(dict.fromkeys(card for card in cards if card[0]))


async def _list_page(console: Console, visitor: Visitor, asked: Asked, *, unknown: str = "") -> Response:
    entries = (await console.services.staff.other_names(visitor.staff)).entries
    outcome = await _trial(console, visitor, asked)
    return console.page(
        "other_names.html", visitor, status=404 if unknown else 200, r=console.texts("other_names"), entries=entries,
        asked=asked, outcome=outcome, taken=await _taken(console, asked.turn_id), unknown=unknown, link=_link,
        product_link=_product_link, may_write=visitor.may_write,
    )  # fmt: skip


@router.get("")
async def show_all(console: ConsoleRequest, turn_id: TurnId = "") -> Response:
    """All other names; with a reviewed message, what its words found."""
    visitor = await console.signed_in()
    return await _list_page(console, visitor, await asked_in(console.services, turn_id, console.language))


@router.post("")
async def ask(
    console: ConsoleRequest,
    csrf: Csrf = "",
    question: Annotated[str, Form(max_length=500)] = "",
    language: Annotated[Language, Form()] = "en",
    turn_id: FormTurnId = "",
) -> Response:
    """Words in a form's body: shoppers' words stay out of addresses, and so out of logs."""
    visitor = await console.writer(csrf)
    return await _list_page(console, visitor, Asked(line(question), language, turn_id))


@router.get("/product")
async def product(console: ConsoleRequest, reference: Part = "", source: Part = "", turn_id: TurnId = "") -> Response:
    """What of a product can be named."""
    visitor = await console.signed_in()
    language = console.language
    asked = await asked_in(console.services, turn_id, language)
    if not reference.strip():
        return await _list_page(console, visitor, asked, unknown=reference or "-")
    try:
        found = await console.services.staff.nameable_product(
            visitor.staff, reference.strip(), source or None, language
        )
    except UpstreamRejected as error:
        if error.status != 404:
            raise
        return await _list_page(console, visitor, asked, unknown=reference)
    return console.page(
        "other_names_product.html", visitor, r=console.texts("other_names"), product=found, asked=asked, link=_link,
        named=Named(kind="product", source=found.source, name=found.external_id),
        of_option=lambda one: Named(kind="option", name=one.option, value=one.value),
    )  # fmt: skip


async def _editor(
    console: Console, visitor: Visitor, named: Named, asked: Asked, *, version: int | None = None,
    draft: Draft | None = None, problem: str = "", saved: bool = False, tried: NamesByLanguage | None = None,
) -> Response:  # fmt: skip
    view = await console.services.staff.names_of(visitor.staff, named)
    outcome = await _trial(console, visitor, asked, named, tried)
    earlier = next((one.names for one in view.saved if one.version == version), view.names)
    shown = draft or Draft(view.version, "\n".join(earlier.en), "\n".join(earlier.zh))
    return console.page(
        "other_names_edit.html", visitor, status=status_of(problem),
        r=console.texts("other_names"), view=view, named=named, asked=asked, outcome=outcome, draft=shown,
        problem=problem, saved=saved, tried=tried is not None, shown=version, link=_link, product_link=_product_link,
        longest=_LONGEST, may_write=visitor.may_write, leads=visitor.leads,
    )  # fmt: skip


@router.get("/edit")
async def edit(
    console: ConsoleRequest, kind: NamedKind, name: Part, source: Part = "", value: Part = "", turn_id: TurnId = "",
    version: EarlierVersion = None,
    saved: Saved = False,
) -> Response:  # fmt: skip
    """The names of one thing, or an earlier version of them."""
    visitor = await console.signed_in()
    if not name:
        return console.not_found(visitor)
    named = Named(kind=kind, source=source, name=name, value=value)
    asked = await asked_in(console.services, turn_id, console.language)
    return await _editor(console, visitor, named, asked, version=version, saved=saved)


@router.post("/edit")
async def change(
    console: ConsoleRequest, kind: Annotated[NamedKind, Form()], name: FormPart, source: FormPart = "",
    value: FormPart = "",
    csrf: Csrf = "",
    act: Annotated[Literal["try", "save", "withdraw"], Form()] = "try",
    version: Version = 0,
    en: Annotated[str, Form(max_length=2 * _LONGEST)] = "",
    zh: Annotated[str, Form(max_length=2 * _LONGEST)] = "",
    question: Annotated[str, Form(max_length=500)] = "",
    language: Annotated[Language, Form()] = "en",
    turn_id: FormTurnId = "",
) -> Response:  # fmt: skip
    """Try, save or withdraw the names of one thing."""
    visitor = await (console.writer(csrf) if act == "try" else console.lead(csrf))
    if not name:
        return console.not_found(visitor)
    named = Named(kind=kind, source=source, name=name, value=value)
    asked = Asked(line(question), language, turn_id)
    draft = Draft(version, "" if act == "withdraw" else en, "" if act == "withdraw" else zh)
    try:
        names = draft.names()
    except ValidationError:
        return await _editor(console, visitor, named, asked, draft=draft, problem="names")
    if act == "try":
        return await _editor(console, visitor, named, asked, draft=draft, tried=names)
    try:
        await console.services.staff.save_names(
            visitor.staff, OtherNamesChange(named=named, version=version, names=names)
        )
    except UpstreamRejected as error:
        if error.status != 409:
            raise
        return await _editor(console, visitor, named, asked, draft=draft, problem="stale")
    of = "/".join(part for part in (kind, source, name, value) if part)
    await console.audit(visitor, f"other_names.{act}", turn_id=turn_id, of=of)
    return see_other(_link(named, turn_id, saved="1"))


def _link(named: Named, turn_id: str = "", **more: str) -> str:
    query = {name: value for name, value in named.model_dump().items() if value}
    return "/console/other-names/edit?" + urlencode({**query, **({"turn": turn_id} if turn_id else {}), **more})


def _product_link(reference: str, turn_id: str = "", source: str = "") -> str:
    query = {"reference": reference, "source": source, "turn": turn_id}
    return "/console/other-names/product?" + urlencode({name: value for name, value in query.items() if value})
