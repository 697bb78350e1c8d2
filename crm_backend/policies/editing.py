"""Changing the shop's rules while it runs: what they are, what a change would do, saving and going back."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping
from datetime import datetime
from typing import Any

from sqlalchemy import func, select

from crm_backend.audit import service as audit
from crm_backend.callers import Staff
from crm_backend.changes import service as changes
from crm_backend.changes.models import Proposal
from crm_backend.database.engine import ReadSession, WriteSession
from crm_backend.database.locks import take_turns
from crm_backend.policies.in_force import PoliciesInForce
from crm_backend.policies.models import PolicyVersion
from crm_backend.policies.overlay import (
    SECTIONS,
    Rule,
    ValueProblems,
    as_text,
    laid_over,
    read_value,
    rules,
    value_at,
)
from crm_backend.policies.policy import Policies, PolicyError
from crm_backend.policies.service import explain
from crm_backend.returns.models import OPEN_STATES, Return
from crm_backend.shipments.claim_models import ShipmentClaim
from shopdesk_schemas.clock import Clock
from shopdesk_schemas.policy_editing import (
    PolicyChange,
    PolicyField,
    PolicyOverview,
    PolicyPreview,
    PolicyRestore,
    PolicySection,
    PolicySectionView,
    PolicyValue,
)
from shopdesk_schemas.policy_editing import PolicyVersion as VersionView
from shopdesk_schemas.problems import Conflict, FieldProblem, InvalidInput, NotFound

_SHOWN = 100
"""Versions that are listed."""


def overview(session: ReadSession, unusable: str | None) -> PolicyOverview:
    """All sections and versions. `unusable` says why the newest does not hold."""
    saved = session.scalars(select(PolicyVersion).order_by(PolicyVersion.version.desc()).limit(_SHOWN)).all()
    values = saved[0].values if saved else {}
    counted = Counter(path.split(".")[0] for path in values)
    return PolicyOverview(
        sections=[PolicySection(name=name, changed=counted[name]) for name in SECTIONS],
        version=saved[0].version if saved else 0,
        saved=[
            VersionView(
                version=one.version, note=one.note, saved_by=one.saved_by, saved_at=one.saved_at,
                changes=[PolicyValue(path=path, before=before, after=after)
                         for path, (before, after) in sorted(one.changes.items())],
            )
            for one in saved
        ],
        unusable=unusable,
    )  # fmt: skip


def section(session: ReadSession, held: PoliciesInForce, name: str) -> PolicySectionView:
    """One section's rules. Raises NotFound for one that cannot be changed here."""
    if name not in SECTIONS:
        raise NotFound
    policies = held.of(session)
    version, values = _newest(session)
    told = _told(policies)
    return PolicySectionView(
        name=name,
        version=version,
        fields=[
            _field(rule, policies, held.file, changed=rule.path in values and not held.now.unusable, told=told)
            for rule in rules().values()
            if rule.path.split(".")[0] == name
        ],
    )


def preview(session: WriteSession, held: PoliciesInForce, clock: Clock, wanted: PolicyChange) -> PolicyPreview:
    """What a change would do. Nothing of it stays. Raises InvalidInput that names the rules."""
    _version, values = _newest(session)
    before = held.of(session)
    after = _checked(held, _with(values, wanted))
    void = _different(session, clock, before, after)
    returns = select(func.count()).select_from(Return).where(Return.state.in_(OPEN_STATES))
    claims = select(func.count()).select_from(ShipmentClaim).where(ShipmentClaim.state == "open")
    return PolicyPreview(
        changes=_changes(before, after),
        open_offers=len(_open(session, clock.wall())),
        void_offers=dict(sorted(Counter(one.kind for one in void).items())),
        open_returns=session.scalar(returns) or 0,
        open_claims=session.scalar(claims) or 0,
    )


def save(session: WriteSession, held: PoliciesInForce, clock: Clock, agent: Staff, wanted: PolicyChange) -> None:
    """Let values hold. Raises Conflict when somebody saved meanwhile, and InvalidInput."""
    take_turns(session, ["policy_versions"])
    version, values = _newest(session)
    if wanted.version != version:
        raise Conflict("Somebody changed the policies meanwhile.")
    _store(session, held, clock, agent, version, _with(values, wanted), wanted.note.strip())


def restore(session: WriteSession, held: PoliciesInForce, clock: Clock, agent: Staff, wanted: PolicyRestore) -> None:
    """Let an earlier version, or the file alone, hold again. Raises Conflict, NotFound, InvalidInput."""
    take_turns(session, ["policy_versions"])
    version, _values = _newest(session)
    if wanted.version != version:
        raise Conflict("Somebody changed the policies meanwhile.")
    values: dict[str, Any] = {}
    if wanted.restore:
        found = session.scalars(select(PolicyVersion).where(PolicyVersion.version == wanted.restore)).one_or_none()
        if found is None:
            raise NotFound
        values = dict(found.values)
    _store(session, held, clock, agent, version, values, f"→ {wanted.restore}")


def _store(
    session: WriteSession,
    held: PoliciesInForce,
    clock: Clock,
    agent: Staff,
    version: int,
    values: dict[str, Any],
    note: str,
) -> None:
    before, after = held.of(session), _checked(held, values)
    now = clock.wall()
    void = _different(session, clock, before, after)
    for proposal in void:
        proposal.state, proposal.settled_at = "void", now
    changed = _changes(before, after)
    session.add(
        PolicyVersion(
            version=version + 1,
            values=values,
            changes={one.path: [one.before, one.after] for one in changed},
            note=note,
            saved_by=agent.id,
            saved_at=now,
        )
    )
    session.flush()
    details = {"rules": [one.path for one in changed], "void_offers": len(void)}
    audit.note(session, agent.actor, now, "policies.saved", ("policies", str(version + 1)), details)


def _newest(session: ReadSession) -> tuple[int, dict[str, Any]]:
    newest = session.scalars(select(PolicyVersion).order_by(PolicyVersion.version.desc()).limit(1)).first()
    return (newest.version, dict(newest.values)) if newest is not None else (0, {})


def _with(values: Mapping[str, Any], wanted: PolicyChange) -> dict[str, Any]:
    """The values with those that are wanted. Raises InvalidInput for a rule that there is not, and unreadable YAML."""
    made, problems = dict(values), list[FieldProblem]()
    for path, text in wanted.values.items():
        rule = rules().get(path)
        if rule is None:
            problems.append(FieldProblem(field=path, message="there is no such rule here", code="unknown"))
        elif text is None:
            made.pop(path, None)
        else:
            try:
                made[path] = read_value(rule, text)
            except ValueProblems as error:
                problems += error.problems
    if problems:
        raise InvalidInput(errors=_in_body(problems))
    return made


def _checked(held: PoliciesInForce, values: Mapping[str, Any]) -> Policies:
    try:
        after = laid_over(held.file, values)
        held.check(after)
    except ValueProblems as error:
        raise InvalidInput(errors=_in_body(error.problems)) from error
    except PolicyError as error:
        raise InvalidInput(errors=[FieldProblem(field="body.values", message=str(error))]) from error
    return after


def _in_body(problems: list[FieldProblem]) -> list[FieldProblem]:
    return [one.model_copy(update={"field": f"body.values.{one.field}"}) for one in problems]


def _changes(before: Policies, after: Policies) -> list[PolicyValue]:
    found = []
    for rule in rules().values():
        was, now = value_at(before, rule.path), value_at(after, rule.path)
        if was != now:
            found.append(PolicyValue(path=rule.path, before=as_text(rule, was), after=as_text(rule, now)))
    return found


def _field(rule: Rule, policies: Policies, file: Policies, *, changed: bool, told: frozenset[str]) -> PolicyField:
    return PolicyField(
        path=rule.path,
        kind=rule.kind,
        description=rule.description,
        choices=list(rule.choices),
        least=rule.least,
        most=rule.most,
        optional=rule.optional,
        text=as_text(rule, value_at(policies, rule.path)),
        file_text=as_text(rule, value_at(file, rule.path)),
        changed=changed,
        told=rule.path in told,
    )


def _told(policies: Policies) -> frozenset[str]:
    """Paths of what `GET /policies/explain` says."""
    found: set[str] = set()

    def walk(path: str, value: Any) -> None:
        found.add(path)
        if isinstance(value, dict):
            for name, inner in value.items():
                walk(f"{path}.{name}", inner)

    for name, value in explain(policies).model_dump(mode="json").items():
        walk("ordering.mode" if name == "ordering" else name, value)
    return frozenset(found)


def _open(session: ReadSession, now: datetime) -> list[Proposal]:
    # Locked: who confirms one meanwhile is waited for, and who confirms next finds it void.
    query = select(Proposal).where(Proposal.state == "open", Proposal.expires_at > now).order_by(Proposal.id)
    return list(session.scalars(query.with_for_update()))


def _different(session: WriteSession, clock: Clock, before: Policies, after: Policies) -> list[Proposal]:
    """Open offers that would not be made so any more: each is worked out by the old and by the new rules."""
    if before == after:
        return []
    return [
        proposal
        for proposal in _open(session, clock.wall())
        if changes.offered_again(session, proposal, before, clock)
        != changes.offered_again(session, proposal, after, clock)
    ]
