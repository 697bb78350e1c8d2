"""Segments as staff see and define them, and as they bear on how a shopper is served."""

from __future__ import annotations

import csv
import io
from collections.abc import Collection, Mapping
from datetime import datetime
from typing import Any

import numpy as np

from crm_backend.analytics import published, wording
from crm_backend.analytics import repository as runs
from crm_backend.analytics.segments import repository, rule_words
from crm_backend.analytics.segments.membership import rows
from crm_backend.analytics.segments.models import Segment, SegmentRule
from crm_backend.analytics.segments.rules import OPERATORS, TRAITS, Mask, Rule, mask, parse, traits_in
from crm_backend.analytics.segments.typical import LABELS, MEASURES
from crm_backend.analytics.traits.models import AFFINITY_KINDS
from crm_backend.audit import service as audit
from crm_backend.callers import Staff
from crm_backend.database.engine import ReadSession, WriteSession
from crm_backend.identity.access import Access
from crm_backend.policies.analytics import AnalyticsRules, SegmentUse
from crm_backend.policies.policy import Policies
from shopdesk_schemas.problems import Conflict, NotFound
from shopdesk_schemas.segments import (
    AffinityView,
    CustomerInsight,
    NewSegment,
    RuleLanguage,
    SegmentDefinition,
    SegmentHistory,
    SegmentList,
    SegmentOfCustomer,
    SegmentPeople,
    SegmentPerson,
    SegmentPoint,
    SegmentPreview,
    SegmentUseBody,
    SegmentView,
    ShopperSegments,
    TraitDefinition,
    TraitView,
)


def segment_list(session: ReadSession, policies: Policies, language: str) -> SegmentList:
    """All published segments, the shop's own that no run has computed yet among them."""
    run = published.run(session)
    own = repository.rules(session)
    found = [
        _view(session, one, own.get(one.key), policies.analytics, language) for one in repository.segments(session)
    ]
    return SegmentList(
        as_of=run.as_of if run else None,
        published_at=run.published_at if run else None,
        unrated=_traits_card(session).get("unrated", []),
        segments=[one for one in found if one.kind != "own" or one.key in own],
    )


def segment(session: ReadSession, policies: Policies, key: str, language: str) -> SegmentView:
    """One of them. Raises NotFound."""
    found, rule = repository.segment(session, key), repository.rule(session, key)
    if found is None or (found.kind == "own" and rule is None):
        raise NotFound
    return _view(session, found, rule, policies.analytics, language)


def history(session: ReadSession, key: str) -> SegmentHistory:
    """A segment over the runs that are remembered. Raises NotFound."""
    points = [
        SegmentPoint(
            as_of=run.as_of,
            size=one.size,
            share=one.share,
            spend_minor=one.spend_minor,
            entered=one.entered,
            left=one.left,
        )
        for run, one in repository.history(session, key)
    ]
    if not points:
        raise NotFound
    return SegmentHistory(key=key, points=points)


def people(session: ReadSession, key: str, limit: int, after: int) -> SegmentPeople:
    """Who is in it. Raises NotFound."""
    if repository.segment(session, key) is None:
        raise NotFound
    found = repository.people(session, key, limit + 1, after)
    return SegmentPeople(
        members=[
            SegmentPerson(
                source=customer.source,
                external_id=customer.external_id,
                since=member.since,
                orders=traits.orders,
                spend_minor=traits.spend_minor,
                recency_days=traits.recency_days,
            )
            for customer, member, traits in found[:limit]
        ],
        more=len(found) > limit,
    )


CSV_COLUMNS = (
    "source",
    "external_id",
    "since",
    "orders",
    "spend_minor",
    "currency",
    "last_order_at",
    "p_active",
    "churn_risk",
    "expected_spend_365_minor",
)


def members_csv(session: ReadSession, key: str) -> str:
    """All of them as CSV (RFC 4180); no names or addresses, only the shop's own ids. Raises NotFound."""
    if repository.segment(session, key) is None:
        raise NotFound
    out = io.StringIO()
    writer = csv.writer(out)
    writer.writerow(CSV_COLUMNS)
    for customer, member, traits in repository.people(session, key, None, 0):
        found = {"source": customer.source, "external_id": customer.external_id, "since": member.since}
        values = [found.get(name, getattr(traits, name, None)) for name in CSV_COLUMNS]
        writer.writerow([_cell(value) for value in values])
    return out.getvalue()


def _cell(value: Any) -> Any:
    if isinstance(value, datetime):
        return value.isoformat()
    # A spreadsheet takes a text that begins like this for a formula.
    return f"'{value}" if isinstance(value, str) and value[:1] in "=+-@\t\r" else value


def rule_language(session: ReadSession, language: str) -> RuleLanguage:
    """What rules may say, in words."""
    said = wording.words(language)["traits"]
    return RuleLanguage.model_validate(
        {
            "traits": [
                TraitDefinition.model_validate(
                    {
                        "trait": trait,
                        "kind": kind,
                        "operators": OPERATORS[kind],
                        "name": said[trait]["name"],
                        "definition": said[trait]["definition"],
                        "sources": wording.sources(trait, language),
                    }
                )
                for trait, kind in TRAITS.items()
            ],
            "likes": AFFINITY_KINDS,
            "segments": [one.key for one in repository.segments(session) if one.kind != "own"],
        }
    )


# --- The shop's own ---------------------------------------------------------------------------------------------


def preview(session: ReadSession, said: dict[str, Any], language: str) -> SegmentPreview:
    """How many a rule chooses of the customers as they are published. Raises InvalidRule."""
    rule = parse(said, "body.rule")
    chosen, _traits = _chosen(session, rule, ())
    size = int(chosen.sum())
    return SegmentPreview(
        size=size,
        share=size / len(chosen) if len(chosen) else 0.0,
        customers=len(chosen),
        rule_words=rule_words.lines(rule, _currency(session), language),
    )


def create(
    session: WriteSession, policies: Policies, agent: Staff, body: NewSegment, language: str, now: datetime
) -> SegmentView:
    """Define a segment and compute it at once. Raises InvalidRule, and Conflict where its key is taken."""
    parse(body.rule, "body.rule")
    if repository.rule(session, body.key) is not None:
        raise Conflict("There is a segment of this key.")
    rule = SegmentRule(key=body.key, created_by=agent.id, created_at=now, version=1)
    _write(rule, body, now)
    session.add(rule)
    session.flush()
    return _recomputed(session, policies, agent, rule, "segment.created", language, now)


def change(
    session: WriteSession,
    policies: Policies,
    agent: Staff,
    key: str,
    body: SegmentDefinition,
    language: str,
    now: datetime,
) -> SegmentView:
    """Define it anew, and compute it at once. Raises InvalidRule and NotFound."""
    parse(body.rule, "body.rule")
    rule = repository.rule(session, key)
    if rule is None:
        raise NotFound
    _write(rule, body, now)
    rule.version += 1
    return _recomputed(session, policies, agent, rule, "segment.changed", language, now)


def remove(session: WriteSession, agent: Staff, key: str, now: datetime) -> None:
    """Define it no more. Its history stays until it is too old. Raises NotFound."""
    rule = repository.rule(session, key)
    if rule is None:
        raise NotFound
    session.delete(rule)
    run_id = published.rows_run(session, repository.SEGMENTS)
    if run_id is not None:
        repository.remove(session, run_id, key)
    audit.note(session, agent.actor, now, "segment.removed", ("segment", key))


def _write(rule: SegmentRule, body: SegmentDefinition, now: datetime) -> None:
    rule.name = {str(language): text for language, text in body.name.items()}
    rule.description = {str(language): text for language, text in body.description.items()}
    rule.rule = body.rule
    rule.use = body.use.model_dump(mode="json")
    rule.updated_at = now


def _recomputed(
    session: WriteSession, policies: Policies, agent: Staff, rule: SegmentRule, what: str, language: str, now: datetime
) -> SegmentView:
    """One segment alone, over the published traits; one transaction, so that nobody reads half of it."""
    audit.note(session, agent.actor, now, what, ("segment", rule.key))
    step = published.step(session, repository.SEGMENTS)
    if step is None:
        return _view(session, _empty(rule.key), rule, policies.analytics, language)
    chosen, traits = _chosen(session, parse(rule.rule), (*MEASURES, *LABELS, "currency"))
    members = traits.loc[chosen, ["customer_id"]].assign(key=rule.key)
    before = repository.member_frame(session)
    written = rows(members, {rule.key: "own"}, traits, before[before["key"] == rule.key], step.run.as_of)
    repository.remove(session, step.rows_run_id, rule.key)
    for table, frame in written.items():
        runs.write(session, table, frame, step.rows_run_id)
    session.flush()
    found = repository.segment(session, rule.key)
    return _view(session, found or _empty(rule.key), rule, policies.analytics, language)


def _chosen(session: ReadSession, rule: Rule, also: tuple[str, ...]) -> tuple[Mask, Any]:
    traits = repository.trait_frame(session, {*traits_in(rule), *also})
    run = published.run(session)
    if run is None:
        return np.zeros(0, dtype=bool), traits
    likes, members = repository.affinity_frame(session), repository.member_frame(session)
    return mask(rule, traits, likes, members, run.as_of), traits


def _empty(key: str) -> Segment:
    return Segment(key=key, kind="own", size=0, share=0.0, spend_minor=0, currency=None, entered=0, left=0, typical={})


# --- For views ----------------------------------------------------------------------------------------------------


def _traits_card(session: ReadSession) -> Mapping[str, Any]:
    """What the analysis noted of itself when it computed the traits; empty before the first."""
    step = published.step(session, repository.TRAITS)
    return step.card if step is not None else {}


def _currency(session: ReadSession) -> str | None:
    """In which amounts are counted; None before the first analysis."""
    return _traits_card(session).get("currency")


def _view(
    session: ReadSession, found: Segment, rule: SegmentRule | None, rules: AnalyticsRules, language: str
) -> SegmentView:
    if rule is not None:
        name, sentence = _in(rule.name, language) or found.key, _in(rule.description, language)
    else:
        name = wording.segment_name(found.key, language)
        sentence = wording.segment_sentence(found.key, found.typical, found.currency, language)
    return SegmentView.model_validate(
        {
            "key": found.key,
            "kind": found.kind,
            "name": name,
            "sentence": sentence,
            "size": found.size,
            "share": found.share,
            "spend_minor": found.spend_minor,
            "currency": found.currency,
            "entered": found.entered,
            "left": found.left,
            "typical": found.typical,
            "rule": rule.rule if rule is not None else None,
            "rule_words": rule_words.lines(parse(rule.rule), _currency(session), language) if rule is not None else [],
            "use": _use(found.key, rule, rules),
        }
    )


def _in(words: Mapping[Any, str], language: str) -> str | None:
    return words.get(language) or next(iter(words.values()), None)


def _use(key: str, rule: SegmentRule | None, rules: AnalyticsRules) -> SegmentUseBody:
    if rule is not None:
        return SegmentUseBody.model_validate(rule.use)
    return SegmentUseBody.model_validate(rules.segments.get(key, SegmentUse()).model_dump())


def insight(session: ReadSession, ids: list[int], language: str) -> CustomerInsight | None:
    """What the analysis found about the person with these customers; None before it met them."""
    step = published.step(session, repository.TRAITS)
    if step is None or step.finished_at is None:
        return None
    traits = repository.traits(session, ids)
    if traits is None:
        return None
    said = wording.words(language)["traits"]
    own = repository.rules(session)
    return CustomerInsight(
        as_of=step.run.as_of,
        computed_at=step.finished_at,
        traits=[
            TraitView(
                trait=name,
                name=said[name]["name"],
                definition=said[name]["definition"],
                value=getattr(traits, name),
                sources=wording.sources(name, language),
            )
            for name in TRAITS
        ],
        affinities=[
            AffinityView(
                kind=one.kind,
                name=one.name,
                value=one.value,
                share=one.share,
                times=one.times,
                spend_minor=one.spend_minor,
                last_at=one.last_at,
            )
            for one in repository.affinities(session, traits.customer_id)
        ],
        segments=[
            SegmentOfCustomer(
                key=one.key,
                kind=one.key.partition("_")[0],
                name=(_in(own[one.key].name, language) if one.key in own else None)
                or wording.segment_name(one.key, language),
                since=one.since,
            )
            for one in repository.memberships(session, [traits.customer_id])
        ],
    )


def uses_of(
    session: ReadSession, customer_ids: Collection[int], rules: AnalyticsRules
) -> list[tuple[str, SegmentUseBody]]:
    """The segments of the person with these customers and what the desk makes of each, the one served first first."""
    described = repository.traits(session, list(customer_ids)) if customer_ids else None
    found = repository.memberships(session, [described.customer_id]) if described is not None else []
    own = repository.rules(session) if found else {}
    uses = [(one.key, _use(one.key, own.get(one.key), rules)) for one in found]
    return sorted(uses, key=lambda pair: (-pair[1].queue_priority, pair[0]))


def of_shopper(session: ReadSession, access: Access, policies: Policies, language: str) -> ShopperSegments:
    """How a shopper is served, by the segments that they are in. Raises NotFound for whoever is no known customer."""
    if access.level != "customer" or access.customer_id is None:
        raise NotFound
    # The one that is served first speaks.
    uses = uses_of(session, repository.whole_person(session, access.customer_id), policies.analytics)
    return ShopperSegments(
        keys=[key for key, _use in uses],
        queue_priority=max((use.queue_priority for _key, use in uses), default=0),
        greeting=next((text for _key, use in uses if (text := _in(use.greeting, language))), None),
        offer=next((text for _key, use in uses if (text := _in(use.offer, language))), None),
    )
