"""The shop's rules of recommending: those of `policies.yml`, until a lead changes them in the console.

What was changed in the console holds for the rules of `ShelfRules`; everything else, such as arms and the holdout,
is always the policies'.
"""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime
from typing import Any

from sqlalchemy import select

from crm_backend.audit import service as audit
from crm_backend.callers import Staff
from crm_backend.database.engine import ReadSession, WriteSession
from crm_backend.database.locks import take_turns
from crm_backend.policies.policy import Policies
from crm_backend.policies.recommendations import RecommendationRules
from crm_backend.recommendations import repository
from crm_backend.recommendations.models import RecommendationRuleSet
from shopdesk_schemas.problems import Conflict, FieldProblem, InvalidInput
from shopdesk_schemas.recommendations import ShelfRules, ShelfRulesChange, ShelfRulesView

_SUBJECT = ("recommendation_rules", "1")
PRODUCTS = ("pin", "bury", "exclude")


def in_force(policies: Policies, changed: Mapping[str, Any] | None) -> RecommendationRules:
    """The policies' rules with what was changed in the console."""
    return policies.recommendations.model_copy(update=dict(changed)) if changed else policies.recommendations


def view(session: ReadSession, policies: Policies) -> ShelfRulesView:
    """The rules that hold now."""
    stored = _stored(session)
    rules = in_force(policies, stored.rules if stored is not None and not stored.withdrawn else None)
    return ShelfRulesView(
        **rules.model_dump(include=set(ShelfRules.model_fields)),
        version=stored.version if stored is not None else 0,
        changed_by=stored.changed_by if stored is not None else None,
        changed_at=stored.changed_at if stored is not None else None,
    )


def change(
    session: WriteSession, policies: Policies, agent: Staff, wanted: ShelfRulesChange, now: datetime
) -> ShelfRulesView:
    """Let other rules hold, at once. Raises Conflict when somebody changed them meanwhile, and InvalidInput."""
    rules = ShelfRules(**wanted.model_dump(exclude={"version"}))
    _check(session, rules)
    before = view(session, policies).model_dump(include=set(ShelfRules.model_fields))
    _write(session, agent, wanted.version, rules.model_dump(), now, withdrawn=False)
    changed = {name: value for name, value in rules.model_dump().items() if value != before[name]}
    audit.note(session, agent.actor, now, "recommendation_rules.changed", _SUBJECT, changed)
    return view(session, policies)


def withdraw(session: WriteSession, policies: Policies, agent: Staff, version: int, now: datetime) -> ShelfRulesView:
    """Let the policies' rules hold again. Raises Conflict when somebody changed them meanwhile."""
    _write(session, agent, version, {}, now, withdrawn=True)
    audit.note(session, agent.actor, now, "recommendation_rules.withdrawn", _SUBJECT)
    return view(session, policies)


def _stored(session: ReadSession) -> RecommendationRuleSet | None:
    return session.scalars(select(RecommendationRuleSet)).first()


def _write(
    session: WriteSession, agent: Staff, version: int, rules: dict[str, Any], now: datetime, *, withdrawn: bool
) -> None:
    take_turns(session, ["recommendation_rules"])
    stored = _stored(session)
    if version != (stored.version if stored is not None else 0):
        raise Conflict("Somebody changed the rules meanwhile.")
    if stored is None:
        stored = RecommendationRuleSet(place=1)
        session.add(stored)
    stored.rules, stored.withdrawn, stored.version = rules, withdrawn, version + 1
    stored.changed_by, stored.changed_at = agent.id, now
    session.flush()


def _check(session: ReadSession, rules: ShelfRules) -> None:
    """Raises InvalidInput for what is named twice, in two rules, or is in no catalogue."""
    problems = []
    seen: dict[str, str] = {}
    for name in PRODUCTS:
        named: list[str] = getattr(rules, name)
        known = repository.ids_of(session, named) if named else {}
        for product in named:
            if product in seen:
                where = "" if seen[product] == name else f" (in {seen[product]} too)"
                problems.append(FieldProblem(field=f"body.{name}", message=f"{product}: is named twice{where}"))
            elif product not in known:
                problems.append(FieldProblem(field=f"body.{name}", message=f"{product}: no such product"))
            seen.setdefault(product, name)
    categories = [one.casefold() for one in rules.exclude_categories]
    if len(set(categories)) < len(categories):
        problems.append(FieldProblem(field="body.exclude_categories", message="is named twice"))
    if problems:
        raise InvalidInput(errors=problems[:20])
