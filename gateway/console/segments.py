"""`/console/segments`: groups of customers, how they grow and shrink, and the shop's own ones."""

from __future__ import annotations

import json
import re
from dataclasses import dataclass, field
from typing import Annotated, Any, Literal

from fastapi import APIRouter, Form
from starlette.responses import Response

from gateway import locales
from gateway.clients.staff import StaffMember
from gateway.console import charts, figures
from gateway.console.forms import Csrf
from gateway.console.rendering import Console, ConsoleRequest, Visitor, see_other
from gateway.errors import UpstreamRejected
from gateway.services import Services
from shopdesk_schemas.problems import FieldProblem
from shopdesk_schemas.segments import NewSegment, RuleBody, SegmentDefinition, SegmentPreview, SegmentView

KEY = re.compile(r"[a-z0-9_]{1,64}")
OWN_KEY = re.compile(r"own_[a-z0-9_]{1,50}")
MEASURES_SHOWN = 6
TYPICAL_FROM = 0.2
"""Standard deviations of everybody's ranks from which a difference is worth a sentence."""

EXAMPLES: dict[str, dict[str, Any]] = {
    "regulars_away": {
        "all": [
            {"trait": "order_days", "is": "at_least", "value": 3},
            {"trait": "last_order_at", "is": "older_than_days", "value": 90},
        ]
    },
    "best_this_year": {
        "all": [
            {"trait": "monetary_score", "is": "equal", "value": 5},
            {"trait": "last_order_at", "is": "within_days", "value": 365},
        ]
    },
    "new_this_month": {"trait": "first_order_at", "is": "within_days", "value": 30},
    "bought_once": {
        "all": [
            {"trait": "order_days", "is": "equal", "value": 1},
            {"trait": "first_order_at", "is": "older_than_days", "value": 60},
        ]
    },
    "due_soon": {"trait": "next_order_on", "is": "in_next_days", "value": 14},
    "returns_often": {
        "all": [
            {"trait": "orders", "is": "at_least", "value": 3},
            {"trait": "return_rate", "is": "at_least", "value": 0.3},
        ]
    },
}
"""Rules to begin with; their names are `segment_example_…` of the locale files."""

Words = Annotated[str, Form(max_length=300)]


@dataclass
class SegmentForm:
    """What somebody wrote into the form, and what is wrong with it by field."""

    key: str = ""
    name_en: str = ""
    name_zh: str = ""
    description_en: str = ""
    description_zh: str = ""
    greeting_en: str = ""
    greeting_zh: str = ""
    offer_en: str = ""
    offer_zh: str = ""
    rule: str = ""
    priority: str = "0"
    problems: dict[str, list[str]] = field(default_factory=dict)
    rule_problems: list[FieldProblem] = field(default_factory=list)

    def read_rule(self) -> dict[str, Any] | None:
        """The rule, if it is a JSON object; notes the problem otherwise."""
        try:
            rule = json.loads(self.rule)
        except ValueError as error:
            where = f" ({error.lineno}:{error.colno})" if isinstance(error, json.JSONDecodeError) else ""
            self.problems["rule"] = ["problem_json", where]
            return None
        except RecursionError:
            self.problems["rule"] = ["problem_json", ""]
            return None
        if not isinstance(rule, dict):
            self.problems["rule"] = ["problem_json", ""]
            return None
        return rule

    def read(self, *, new: bool) -> SegmentDefinition | None:
        """The definition, if all is well; notes every problem otherwise."""
        rule = self.read_rule()
        if new and not self.key:
            self.key = f"own_{re.sub('[^a-z0-9]+', '_', self.name_en.lower()).strip('_')}"[:54].rstrip("_")
        if new and not OWN_KEY.fullmatch(self.key):
            self.problems["key"] = ["problem_key", ""]
        name = _words(self.name_en, self.name_zh)
        if not name:
            self.problems["name_en"] = ["problem_name", ""]
        priority = int(self.priority) if re.fullmatch(r"[0-9]{1,3}", self.priority) else -1
        if not 0 <= priority <= 100:
            self.problems["priority"] = ["problem_priority", ""]
        if self.problems or rule is None:
            return None
        common = {
            "name": name,
            "description": _words(self.description_en, self.description_zh),
            "rule": rule,
            "use": {
                "queue_priority": priority,
                "greeting": _words(self.greeting_en, self.greeting_zh),
                "offer": _words(self.offer_en, self.offer_zh),
            },
        }
        return NewSegment.model_validate({"key": self.key, **common}) if new else SegmentDefinition(**common)

    def refused(self, error: UpstreamRejected) -> bool:
        """Note what the CRM says is wrong; False when it is nothing about the form."""
        if error.status == 409:
            self.problems["key"] = ["problem_key_taken", ""]
            return True
        self.rule_problems = [one.model_copy(update={"field": one.field.removeprefix("body.")}) for one in error.errors]
        if error.status != 422 or not self.rule_problems:
            return False
        self.problems["rule"] = ["problem_rule", ""]
        return True


def _words(english: str, chinese: str) -> dict[str, str]:
    return {code: words for code, words in (("en", english), ("zh", chinese)) if words}


def _problem_words(problem: FieldProblem, language: str) -> str | None:
    """What is wrong, in the visitor's language; None for what has no words of ours."""
    pattern = locales.texts(language, "console").get(f"rule_problem_{problem.code}")
    try:
        return str(pattern).format(**problem.values or {}) if pattern is not None else None
    except (KeyError, IndexError):
        return None


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
        problem_words=lambda one: _problem_words(one, console.language),
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
        typical=_typical(segment, {one.trait: (one.name, one.definition) for one in traits}, language),
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


@dataclass(frozen=True)
class Measure:
    """A trait in which the segment's people differ from everybody."""

    name: str
    definition: str
    here: str
    everybody: str
    more: bool


@dataclass(frozen=True)
class Label:
    """A frequent value of a trait, with its shares."""

    name: str
    value: str
    here: float
    everybody: float


@dataclass(frozen=True)
class Typical:
    """What is typical of a segment."""

    measures: list[Measure]
    labels: list[Label]


def _typical(segment: SegmentView, named: dict[str, tuple[str, str]], language: str) -> Typical:
    unnamed = ("", "")
    measures = [
        Measure(
            name=named.get(one["trait"], unnamed)[0] or one["trait"],
            definition=named.get(one["trait"], unnamed)[1],
            here=figures.trait(one["trait"], one["median"], segment.currency, language),
            everybody=figures.trait(one["trait"], one["everybody"], segment.currency, language),
            more=one["difference"] > 0,
        )
        for one in segment.typical.get("measures", [])
        if abs(one["difference"]) >= TYPICAL_FROM
    ]
    labels = [
        Label(
            named.get(trait, (trait, ""))[0],
            figures.trait(trait, values[0]["value"], segment.currency, language),
            values[0]["share"],
            values[0]["everybody"],
        )
        for trait, values in segment.typical.get("labels", {}).items()
        if values
    ]
    return Typical(measures[:MEASURES_SHOWN], labels)
