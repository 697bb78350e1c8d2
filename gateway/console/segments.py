"""`/console/segments`: groups of customers, how they grow and shrink, and the shop's own ones."""

from __future__ import annotations

import json
import re
from typing import Annotated, Any, Literal

from fastapi import APIRouter, Form
from starlette.responses import Response

from gateway import locales
from gateway.clients.staff import StaffMember
from gateway.console import charts
from gateway.console.forms import Csrf
from gateway.console.rendering import Console, ConsoleRequest, Visitor, see_other
from gateway.console.segment_form import EXAMPLES, OWN_KEY, SegmentForm, problem_words
from gateway.console.segment_profile import typical
from gateway.errors import UpstreamRejected
from gateway.services import Services
from shopdesk_schemas.segments import NewSegment, RuleBody, SegmentPreview

KEY = re.compile(r"[a-z0-9_]{1,64}")
Words = Annotated[str, Form(max_length=300)]


router = APIRouter(prefix="/segments")


async def _form_page(
    console: Console,
    visitor: Visitor,
    form: SegmentForm,
    *,
    segment: str | None = None,
    preview: SegmentPreview | None = None,
) -> Response:
    language = await console.services.staff.rule_language(visitor.staff, console.language)
    return console.page(
        "segment_form.html",
        visitor,
        status=422 if form.problems else 200,
        form=form,
        problem_words=lambda one: problem_words(one, console.language),
        segment=segment,
        preview=preview,
        rules=language,
        examples=EXAMPLES,
    )


@router.get("")
async def list_segments(console: ConsoleRequest) -> Response:
    """All segments with their sizes."""
    visitor = await console.signed_in()
    found = await console.services.staff.segments(visitor.staff, console.language)
    groups = [
        (kind, ranked, charts.bars([one.size for one in ranked]))
        for kind in ("rfm", "cluster", "own")
        if (ranked := sorted((one for one in found.segments if one.kind == kind), key=lambda one: -one.size))
    ]
    return console.page("segments.html", visitor, found=found, groups=groups, leads=visitor.leads)


@router.get("/new")
async def new_segment(console: ConsoleRequest, example: str = "regulars_away") -> Response:
    """The form of a new segment, with an example's rule."""
    visitor = await console.lead()
    rule = EXAMPLES.get(example, EXAMPLES["regulars_away"])
    return await _form_page(console, visitor, SegmentForm(rule=json.dumps(rule, indent=2)))


@router.get("/{key}")
async def show_segment(console: ConsoleRequest, key: str) -> Response:
    """A segment: its course, what is typical of it, its rule."""
    visitor = await console.signed_in()
    if not KEY.fullmatch(key):
        return console.not_found(visitor)
    language = console.language
    segment = await console.services.staff.segment(visitor.staff, key, language)
    points = await _history(console.services, visitor.staff, key)
    traits = (await console.services.staff.rule_language(visitor.staff, language)).traits
    return console.page(
        "segment.html",
        visitor,
        segment=segment,
        points=points,
        chart=charts.line([(one.as_of, one.size) for one in points]) if points else None,
        typical=typical(segment, {one.trait: (one.name, one.definition) for one in traits}, language),
        leads=visitor.leads,
        rule=json.dumps(segment.rule, ensure_ascii=False, indent=2) if segment.rule is not None else None,
    )


@router.get("/{key}/members.csv")
async def members(console: ConsoleRequest, key: str) -> Response:
    """A segment's customers as a file."""
    visitor = await console.lead()
    if not KEY.fullmatch(key):
        return console.not_found(visitor)
    content = await console.services.staff.segment_members_csv(visitor.staff, key)
    await console.audit(visitor, "segment.members_csv", segment=key)
    # With a byte order mark: spreadsheets take the file for UTF-8 by it.
    return Response(
        b"\xef\xbb\xbf" + content,
        media_type="text/csv; charset=utf-8",
        headers={"Content-Disposition": f'attachment; filename="{key}.csv"'},
    )


@router.get("/{key}/edit")
async def edit_segment(console: ConsoleRequest, key: str) -> Response:
    """The form of a segment of the shop's own."""
    visitor = await console.lead()
    if not OWN_KEY.fullmatch(key):
        return console.not_found(visitor)
    # The words of a language that was never given come in the other one; those are not to be written twice.
    said = {code: await console.services.staff.segment(visitor.staff, key, code) for code in locales.LANGUAGES}
    english, chinese = said["en"], said["zh"]
    form = SegmentForm(
        key=key,
        name_en=english.name,
        name_zh=chinese.name if chinese.name != english.name else "",
        description_en=english.sentence or "",
        description_zh=(chinese.sentence or "") if chinese.sentence != english.sentence else "",
        greeting_en=english.use.greeting.get("en", ""),
        greeting_zh=english.use.greeting.get("zh", ""),
        offer_en=english.use.offer.get("en", ""),
        offer_zh=english.use.offer.get("zh", ""),
        rule=json.dumps(english.rule, ensure_ascii=False, indent=2),
        priority=str(english.use.queue_priority),
    )
    return await _form_page(console, visitor, form, segment=key)


@router.post("")
async def save_segment(
    console: ConsoleRequest,
    csrf: Csrf = "",
    act: Annotated[Literal["preview", "save", "remove"], Form()] = "preview",
    segment: Annotated[str, Form(max_length=64)] = "",
    key: Annotated[str, Form(max_length=64)] = "",
    name_en: Words = "",
    name_zh: Words = "",
    description_en: Words = "",
    description_zh: Words = "",
    greeting_en: Words = "",
    greeting_zh: Words = "",
    offer_en: Words = "",
    offer_zh: Words = "",
    rule: Annotated[str, Form(max_length=20_000)] = "",
    priority: Annotated[str, Form(max_length=10)] = "0",
) -> Response:
    """`segment` is the key of the one that is changed, empty for a new one."""
    visitor = await console.lead(csrf)
    if segment and not OWN_KEY.fullmatch(segment):
        return console.not_found(visitor)
    form = SegmentForm(
        key=key.strip(),
        name_en=name_en.strip(),
        name_zh=name_zh.strip(),
        description_en=description_en.strip(),
        description_zh=description_zh.strip(),
        greeting_en=greeting_en.strip(),
        greeting_zh=greeting_zh.strip(),
        offer_en=offer_en.strip(),
        offer_zh=offer_zh.strip(),
        rule=rule,
        priority=priority.strip(),
    )
    try:
        if act == "remove" and segment:
            await console.services.staff.remove_segment(visitor.staff, segment)
            await console.audit(visitor, "segment.remove", segment=segment)
            return see_other("/console/segments")
        if act == "preview":
            wanted = form.read_rule()
            preview = None
            if wanted is not None:
                language = console.language
                preview = await console.services.staff.preview_segment(visitor.staff, RuleBody(rule=wanted), language)
            return await _form_page(console, visitor, form, segment=segment or None, preview=preview)
        definition = form.read(new=not segment)
        if definition is None:
            return await _form_page(console, visitor, form, segment=segment or None)
        language = console.language
        if isinstance(definition, NewSegment):
            made = await console.services.staff.create_segment(visitor.staff, definition, language)
            await console.audit(visitor, "segment.create", segment=made.key)
        else:
            made = await console.services.staff.change_segment(visitor.staff, segment, definition, language)
            await console.audit(visitor, "segment.change", segment=made.key)
        return see_other(f"/console/segments/{made.key}")
    except UpstreamRejected as error:
        if not form.refused(error):
            raise
        return await _form_page(console, visitor, form, segment=segment or None)


async def _history(services: Services, staff: StaffMember, key: str) -> list[Any]:
    """Its points; none for a segment that no run has computed yet."""
    try:
        return list((await services.staff.segment_history(staff, key)).points)
    except UpstreamRejected as error:
        if error.status != 404:
            raise
        return []
