"""`/console/recommendations`: how lists are made and what came of them, the shop's rules, a customer's shelves."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from datetime import date
from typing import Annotated, Any, Literal, get_args

from fastapi import APIRouter, Form, Query
from starlette.responses import Response

from gateway import locales
from gateway.console import charts, figures, ways
from gateway.console.forms import Csrf, line, status_of
from gateway.console.rendering import Console, ConsoleRequest, Visitor, see_other
from gateway.console.tables import csv_file
from gateway.errors import UpstreamRejected
from shopdesk_schemas.problems import FieldProblem
from shopdesk_schemas.recommendations import (
    PersonalShelf,
    RecommendationReason,
    ShelfRules,
    ShelfRulesChange,
    ShelfRulesView,
    StaffRecommendations,
)

PERIODS = (7, 30, 90, 365)
SHELVES: tuple[PersonalShelf, ...] = get_args(PersonalShelf)
LISTS = ("pin", "bury", "exclude", "exclude_categories")
CAPS = ("per_category", "per_brand")
SCORES = ("ndcg", "ndcg_se", "hit_rate", "hit_rate_se", "coverage", "people")

Lines = Annotated[str, Form(max_length=200_000)]
Cap = Annotated[str, Form(max_length=4)]
Days = Annotated[int, Query(ge=1, le=366)]


@dataclass
class RulesForm:
    """What somebody wrote into the form, and what is wrong with it by field."""

    version: int
    values: dict[str, str]
    problems: dict[str, list[str]] = field(default_factory=dict)

    @classmethod
    def of(cls, rules: ShelfRulesView) -> RulesForm:
        """The rules in force, to be changed."""
        said = rules.model_dump()
        values = {name: "\n".join(said[name]) for name in LISTS} | {name: str(said[name]) for name in CAPS}
        return cls(rules.version, values)

    def read(self, words: Mapping[str, str]) -> ShelfRulesChange | None:
        """The rules, if all is well; notes every problem otherwise."""
        for name in CAPS:
            said = self.values[name].strip()
            if not (said.isascii() and said.isdecimal() and 1 <= int(said) <= 50):
                self.problems[name] = [words["problem_cap"]]
        lists = {name: [line.strip() for line in self.values[name].splitlines() if line.strip()] for name in LISTS}
        for name, said_lines in lists.items():
            if any(len(one) > 200 or "\0" in one for one in said_lines):
                self.problems[name] = [words["problem_long"]]
        if self.problems:
            return None
        return ShelfRulesChange(version=self.version, **lists, **{name: int(self.values[name]) for name in CAPS})

    def refused(self, errors: tuple[FieldProblem, ...]) -> bool:
        """Note what the CRM says is wrong; False when it is nothing about the form."""
        for one in errors:
            name = one.field.removeprefix("body.").partition(".")[0]
            if name in ShelfRules.model_fields:
                self.problems.setdefault(name, []).append(one.message)
        return bool(self.problems)


router = APIRouter(prefix="/recommendations")


@router.get("")
async def show(console: ConsoleRequest, days: Days = 30) -> Response:
    """How lists are made, and what came of them."""
    visitor = await console.signed_in()
    report = await console.services.staff.recommendation_report(visitor.staff, days)
    rules = await console.services.staff.recommendation_rules(visitor.staff)
    said, language = console.texts("recommendations"), console.language
    return console.page(
        "recommendations.html", visitor,
        r=said, way=lambda name: ways.in_words(name, said, language),
        report=report, rules=rules, days=days, periods=PERIODS, shelves=SHELVES,
        choices=list(_choices(report.model_card)), leads=visitor.leads,
        lengths=charts.bars([one.click_rate or 0.0 for one in report.arms]),
    )  # fmt: skip


@router.get("/arms.csv")
async def arms(console: ConsoleRequest, days: Days = 30) -> Response:
    """What came of each way of recommending, as a file."""
    return await _report_csv(console, days, "arms")


@router.get("/scores.csv")
async def scores(console: ConsoleRequest) -> Response:
    """What was compared when the ways were chosen, as a file."""
    return await _report_csv(console, 1, "scores")


async def _report_csv(console: Console, days: int, what: Literal["arms", "scores"]) -> Response:
    visitor = await console.signed_in()
    report = await console.services.staff.recommendation_report(visitor.staff, days)
    if what == "arms":
        heads = ["arm", "people", "shown", "clicked", "click_rate", "bought", "conversion_rate"]
        return csv_file(
            "recommendation-arms.csv", heads, [[getattr(one, name) for name in heads] for one in report.arms]
        )
    lines = [
        [shelf, one["name"], one["name"] == choice["chosen"], *(one.get(name) for name in SCORES)]
        for shelf, choice in _choices(report.model_card)
        for one in choice["candidates"]
    ]
    return csv_file("recommendation-scores.csv", ["shelf", "candidate", "chosen", *SCORES], lines)


@router.get("/rules")
async def edit_rules(console: ConsoleRequest) -> Response:
    """The form of the shop's rules."""
    visitor = await console.lead()
    rules = await console.services.staff.recommendation_rules(visitor.staff)
    return _rules_page(console, visitor, RulesForm.of(rules))


def _rules_page(console: Console, visitor: Visitor, form: RulesForm, *, stale: bool = False) -> Response:
    return console.page(
        "recommendation_rules.html", visitor, status=status_of("stale" if stale else "wrong" if form.problems else ""),
        r=console.texts("recommendations"), form=form, lists=LISTS, caps=CAPS, stale=stale,
    )  # fmt: skip


@router.post("/rules")
async def save_rules(
    console: ConsoleRequest,
    csrf: Csrf = "",
    act: Annotated[Literal["save", "withdraw"], Form()] = "save",
    version: Annotated[int, Form(ge=0, le=2**31)] = 0,
    pin: Lines = "",
    bury: Lines = "",
    exclude: Lines = "",
    exclude_categories: Lines = "",
    per_category: Cap = "",
    per_brand: Cap = "",
) -> Response:
    """Change the shop's rules, or withdraw them."""
    visitor = await console.lead(csrf)
    values = {"pin": pin, "bury": bury, "exclude": exclude, "exclude_categories": exclude_categories,
              "per_category": per_category, "per_brand": per_brand}  # fmt: skip
    form = RulesForm(version, values)
    try:
        if act == "withdraw":
            await console.services.staff.withdraw_recommendation_rules(visitor.staff, version)
            await console.audit(visitor, "recommendation_rules.withdraw")
            return see_other("/console/recommendations")
        wanted = form.read(console.texts("recommendations"))
        if wanted is None:
            return _rules_page(console, visitor, form)
        await console.services.staff.change_recommendation_rules(visitor.staff, wanted)
        await console.audit(visitor, "recommendation_rules.change")
        return see_other("/console/recommendations")
    except UpstreamRejected as error:
        if error.status == 409:
            return _rules_page(console, visitor, form, stale=True)
        if error.status == 422 and form.refused(tuple(error.errors)):
            return _rules_page(console, visitor, form)
        raise


@router.get("/customer")
async def customer(
    console: ConsoleRequest,
    customer: Annotated[str, Query(alias="id", max_length=200)] = "",
    source: Annotated[str, Query(max_length=100)] = "",
    form: Annotated[Literal["page", "csv"], Query()] = "page",
) -> Response:
    """A customer's shelves as they would be shown now; `form=csv` gives them as a file."""
    visitor = await console.signed_in()
    language = console.language
    wanted, system = line(customer), line(source)
    shelves: dict[PersonalShelf, StaffRecommendations] = {}
    problem = None
    try:
        for shelf in SHELVES if wanted else ():
            shelves[shelf] = await console.services.staff.customer_shelf(
                visitor.staff, wanted, system or None, shelf, language
            )
    except UpstreamRejected as error:
        if error.status not in {404, 409, 422}:
            raise
        problem = "customer_several" if error.status == 409 else "customer_unknown"
    said = {
        shelf: [(one, [_in_words(why, language) for why in one.reasons]) for one in found.items]
        for shelf, found in shelves.items()
    }
    if form == "csv" and shelves:
        await console.audit(visitor, "recommendations.customer_csv")
        lines = [
            [shelf, place, one.product, one.name, one.category, one.sku, "; ".join(why)]
            for shelf, rows in said.items()
            for place, (one, why) in enumerate(rows, 1)
        ]
        heads = ["shelf", "place", "product", "name", "category", "sku", "reasons"]
        return csv_file("recommendations-customer.csv", heads, lines)
    return console.page(
        "recommendations_customer.html", visitor, status=404 if problem else 200,
        r=console.texts("recommendations"), customer=wanted, source=system, shelves=said, problem=problem,
        arm=shelves[SHELVES[0]].arm if shelves and not problem else None,
        as_of=shelves[SHELVES[0]].as_of if shelves and not problem else None,
    )  # fmt: skip


def _choices(card: Mapping[str, Any]) -> Iterator[tuple[str, Mapping[str, Any]]]:
    """The shelves of a model card with what was compared; nothing of an empty card."""
    yield from card.get("shelves", {}).items()
    if "starters" in card:
        yield "starters", card["starters"]


def _in_words(why: RecommendationReason, language: str) -> str:
    """A reason as agents read it, with its counts."""
    texts = locales.texts(language, "recommendations")
    values: dict[str, Any] = {
        name: figures.day(_day(value), language) if name.endswith("_on") and value is not None else value
        for name, value in why.values.items()
    }
    if why.kind == "bought_before":
        words = texts["reason_bought_once" if values["times"] == 1 else "reason_bought_before"].format(**values)
        return str(words) + str(texts["reason_due"].format(**values) if values.get("due_on") else "")
    if why.kind == "often_bought_together":
        key = "reason_together" if "both" in values else "reason_together_plain"
        return str(texts[key].format(**values, who=texts.get(f"counted_{values.get('counted')}", "")))
    if why.kind == "similar_to":
        return str(texts["reason_similar"].format(**values))
    where = texts[f"scope_{values['scope']}"].format(key=values.get("key") or "")
    return str(texts["reason_popular"].format(**values, where=where))


def _day(value: object) -> date | None:
    try:
        return date.fromisoformat(str(value)[:10])
    except ValueError:
        return None
