"""The CRM's `/staff` routes, which the console calls in the name of an agent whom it signed in.

The CRM checks the role again and writes its own audit log under the agent's name.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Literal
from urllib.parse import quote

from pydantic import BaseModel

from gateway.clients.upstream import Answer, Upstream, parse
from shopdesk_schemas.cases import CaseChange, CaseLoad, CaseOpening, CasePage, CaseState, CaseView
from shopdesk_schemas.changes import ProposalRequest, ProposalView
from shopdesk_schemas.customers import ConversationCustomer, ConversationOutcome, CustomerView
from shopdesk_schemas.delivery_risk import DeliveryRisk
from shopdesk_schemas.goodwill import GoodwillDecision, GoodwillPage, GoodwillState, GoodwillTerms, GoodwillView
from shopdesk_schemas.help import HelpAnswers, HelpPageChange, HelpPageList, HelpPageSource, HelpPageTrial
from shopdesk_schemas.other_names import (
    NameableProduct,
    Named,
    NameTrial,
    NameTrialOutcome,
    OtherNamesChange,
    OtherNamesList,
    OtherNamesView,
)
from shopdesk_schemas.policy_editing import (
    PolicyChange,
    PolicyOverview,
    PolicyPreview,
    PolicyRestore,
    PolicySectionView,
)
from shopdesk_schemas.quality import DataQuality
from shopdesk_schemas.recommendations import (
    PersonalShelf,
    RecommendationReport,
    ShelfRulesChange,
    ShelfRulesView,
    StaffRecommendations,
)
from shopdesk_schemas.segments import (
    NewSegment,
    RuleBody,
    RuleLanguage,
    SegmentDefinition,
    SegmentHistory,
    SegmentList,
    SegmentPreview,
    SegmentView,
)
from shopdesk_schemas.supply import ReorderList

SECONDS = 5.0
"""The longest that reading may take."""

CHANGE_SECONDS = 20.0
"""The longest that a change may take: more than the CRM's own wait for another writer (15 s on SQLite).

Given up sooner, an agent would read that nothing was done while the CRM goes on and does it.
"""

LIST_SECONDS = 30.0
"""The longest a list of everybody in a segment may take."""

STAFF_HEADER = "X-Shopdesk-Staff"

_PLAIN = re.compile(r"[A-Za-z0-9._@+-]{1,64}")


@dataclass(frozen=True)
class StaffMember:
    """In whose name the CRM is called."""

    id: str
    role: str

    @classmethod
    def of(cls, agent_id: int, username: str, role: str) -> StaffMember:
        """A user name as it is; one with other letters than the CRM takes by the agent's number."""
        return cls(username if _PLAIN.fullmatch(username) else f"agent-{agent_id}", role)


class StaffClient:
    """Calls for agents. Every one raises the errors of `Upstream.call`."""

    def __init__(self, upstream: Upstream) -> None:
        self._upstream = upstream

    async def data_quality(self, who: StaffMember, days: int) -> DataQuality:
        """What came in during so many days, what was cleaned and what was refused."""
        return parse(DataQuality, await self._get(who, "/data-quality", days=str(days)))

    # --- Segments ---------------------------------------------------------------------------------------------------

    async def segments(self, who: StaffMember, language: str) -> SegmentList:
        """All segments as they are published."""
        return parse(SegmentList, await self._get(who, "/segments", language=language))

    async def segment(self, who: StaffMember, key: str, language: str) -> SegmentView:
        """One of them."""
        return parse(SegmentView, await self._get(who, f"/segments/{_part(key)}", language=language))

    async def segment_history(self, who: StaffMember, key: str) -> SegmentHistory:
        """Its size in every run that is remembered."""
        return parse(SegmentHistory, await self._get(who, f"/segments/{_part(key)}/history"))

    async def segment_members_csv(self, who: StaffMember, key: str) -> bytes:
        """Everybody in it, as CSV."""
        path = f"/staff/segments/{_part(key)}/members.csv"
        return (await self._upstream.call("GET", path, headers=_as(who), seconds=LIST_SECONDS)).content

    async def rule_language(self, who: StaffMember, language: str) -> RuleLanguage:
        """What rules of segments may say."""
        return parse(RuleLanguage, await self._get(who, "/segment-traits", language=language))

    async def preview_segment(self, who: StaffMember, body: RuleBody, language: str) -> SegmentPreview:
        """How many a rule would choose, and the rule in words."""
        return parse(SegmentPreview, await self._send(who, "POST", "/segment-previews", body, language=language))

    async def create_segment(self, who: StaffMember, body: NewSegment, language: str) -> SegmentView:
        """Define a segment."""
        return parse(SegmentView, await self._send(who, "POST", "/segments", body, language=language))

    async def change_segment(self, who: StaffMember, key: str, body: SegmentDefinition, language: str) -> SegmentView:
        """Define it anew."""
        answer = await self._send(who, "PUT", f"/segments/{_part(key)}", body, language=language)
        return parse(SegmentView, answer)

    async def remove_segment(self, who: StaffMember, key: str) -> None:
        """Define it no more."""
        await self._send(who, "DELETE", f"/segments/{_part(key)}", None)

    # --- Recommendations, parcels and supply ------------------------------------------------------------------------

    async def recommendation_report(self, who: StaffMember, days: int) -> RecommendationReport:
        """What came of recommending in so many days, and the model card."""
        return parse(RecommendationReport, await self._get(who, "/recommendations/report", days=str(days)))

    async def recommendation_rules(self, who: StaffMember) -> ShelfRulesView:
        """The rules in force."""
        return parse(ShelfRulesView, await self._get(who, "/recommendations/rules"))

    async def change_recommendation_rules(self, who: StaffMember, body: ShelfRulesChange) -> ShelfRulesView:
        """Let other rules hold."""
        return parse(ShelfRulesView, await self._send(who, "PUT", "/recommendations/rules", body))

    async def withdraw_recommendation_rules(self, who: StaffMember, version: int) -> ShelfRulesView:
        """Go back to the rules of the shop's policies."""
        answer = await self._send(who, "DELETE", "/recommendations/rules", None, version=str(version))
        return parse(ShelfRulesView, answer)

    async def customer_shelf(
        self, who: StaffMember, external_id: str, source: str | None, shelf: PersonalShelf, language: str
    ) -> StaffRecommendations:
        """What a customer would be shown now, and why, with counts."""
        query = {"shelf": shelf, "language": language, **({"source": source} if source else {})}
        path = f"/recommendations/customers/{_part(external_id)}"
        return parse(StaffRecommendations, await self._get(who, path, **query))

    async def delivery_risk(self, who: StaffMember, at_least: float, limit: int) -> DeliveryRisk:
        """Parcels that will probably be late, and how good the forecasts are."""
        query = {"at_least": str(at_least), "limit": str(limit)}
        answer = await self._upstream.call(
            "GET", "/staff/delivery-risk", query=query, headers=_as(who), seconds=LIST_SECONDS
        )
        return parse(DeliveryRisk, answer)

    async def reorder(self, who: StaffMember, *, due: bool) -> ReorderList:
        """How long stock lasts, and what to order."""
        answer = await self._upstream.call(
            "GET", "/staff/reorder", query={"due": str(due).lower()}, headers=_as(who), seconds=LIST_SECONDS
        )
        return parse(ReorderList, answer)

    # --- Customers --------------------------------------------------------------------------------------------------

    async def conversation_customer(self, who: StaffMember, conversation_id: str) -> ConversationCustomer:
        """Who a conversation is verified as."""
        path = f"/conversations/{_part(conversation_id)}/customer"
        return parse(ConversationCustomer, await self._get(who, path))

    async def conversation_outcome(self, who: StaffMember, conversation_id: str) -> ConversationOutcome:
        """Whether what a conversation was about is solved, as far as the CRM knows."""
        path = f"/conversations/{_part(conversation_id)}/outcome"
        return parse(ConversationOutcome, await self._get(who, path))

    async def customer(self, who: StaffMember, external_id: str, source: str, language: str) -> CustomerView:
        """All that is known of one person."""
        path = f"/customers/{_part(external_id)}"
        return parse(CustomerView, await self._get(who, path, source=source, language=language))

    # --- Cases ------------------------------------------------------------------------------------------------------

    async def cases(
        self,
        who: StaffMember,
        states: list[CaseState],
        *,
        owner: str | None = None,
        unowned: bool = False,
        order_number: str | None = None,
        conversation: str | None = None,
        limit: int | None = None,
    ) -> CasePage:
        """Cases in these states, those due first at the top."""
        query = {"owner": owner, "order_number": order_number, "conversation": conversation}
        given: dict[str, str | list[str]] = {name: value for name, value in query.items() if value}
        if states:
            given["state"] = list(states)
        if unowned:
            given["unowned"] = "true"
        if limit is not None:
            given["limit"] = str(limit)
        answer = await self._upstream.call("GET", "/staff/cases", query=given, headers=_as(who), seconds=SECONDS)
        return parse(CasePage, answer)

    async def case_load(self, who: StaffMember) -> CaseLoad:
        """How much everybody has to see to."""
        return parse(CaseLoad, await self._get(who, "/cases/load"))

    async def case(self, who: StaffMember, case_id: str) -> CaseView:
        """One case."""
        return parse(CaseView, await self._get(who, f"/cases/{_part(case_id)}"))

    async def change_case(self, who: StaffMember, case_id: str, change: CaseChange) -> CaseView:
        """Hand over, put off, note or close a case."""
        # What is not to change is left out: null would mean "empty it".
        wanted = change.model_dump_json(exclude_unset=True).encode()
        answer = await self._send(who, "PATCH", f"/cases/{_part(case_id)}", wanted)
        return parse(CaseView, answer)

    async def open_case(self, who: StaffMember, opening: CaseOpening) -> CaseView:
        """A new case, the agent's own."""
        return parse(CaseView, await self._send(who, "POST", "/cases", opening))

    # --- Help pages -------------------------------------------------------------------------------------------------

    async def help_pages(self, who: StaffMember) -> HelpPageList:
        """All pages."""
        return parse(HelpPageList, await self._get(who, "/help/pages"))

    async def help_page(self, who: StaffMember, language: str, name: str, version: int | None) -> HelpPageSource:
        """A page as it is written, or as a version of the console was."""
        query = {"version": str(version)} if version is not None else {}
        return parse(HelpPageSource, await self._get(who, f"/help/pages/{_part(language)}/{_part(name)}", **query))

    async def save_help_page(self, who: StaffMember, language: str, name: str, body: HelpPageChange) -> HelpPageSource:
        """Let other words hold."""
        answer = await self._send(who, "PUT", f"/help/pages/{_part(language)}/{_part(name)}", body)
        return parse(HelpPageSource, answer)

    async def withdraw_help_page(self, who: StaffMember, language: str, name: str, version: int) -> HelpPageSource:
        """Let the shop's own file hold again."""
        path = f"/help/pages/{_part(language)}/{_part(name)}"
        return parse(HelpPageSource, await self._send(who, "DELETE", path, None, version=str(version)))

    async def try_help_page(self, who: StaffMember, body: HelpPageTrial) -> HelpAnswers:
        """What a question would be answered with a draft."""
        return parse(HelpAnswers, await self._send(who, "POST", "/help/trials", body))

    # --- Other names ------------------------------------------------------------------------------------------------

    async def other_names(self, who: StaffMember) -> OtherNamesList:
        """Everything that shoppers call otherwise than the catalogue."""
        return parse(OtherNamesList, await self._get(who, "/other-names"))

    async def nameable_product(
        self, who: StaffMember, reference: str, source: str | None, language: str
    ) -> NameableProduct:
        """A product by its id or a SKU, with what of it can be named."""
        query = {"reference": reference, "language": language, **({"source": source} if source else {})}
        return parse(NameableProduct, await self._get(who, "/other-names/product", **query))

    async def names_of(self, who: StaffMember, named: Named) -> OtherNamesView:
        """What a thing is called besides."""
        return parse(OtherNamesView, await self._get(who, "/other-names/one", **named.model_dump()))

    async def save_names(self, who: StaffMember, body: OtherNamesChange) -> OtherNamesView:
        """Let other names hold."""
        return parse(OtherNamesView, await self._send(who, "PUT", "/other-names", body))

    async def try_names(self, who: StaffMember, body: NameTrial) -> NameTrialOutcome:
        """What words find, as it is and with other names."""
        return parse(NameTrialOutcome, await self._send(who, "POST", "/other-names/trials", body))

    # --- Policies ---------------------------------------------------------------------------------------------------

    async def policies(self, who: StaffMember) -> PolicyOverview:
        """Sections and versions."""
        return parse(PolicyOverview, await self._get(who, "/policies"))

    async def policy_section(self, who: StaffMember, name: str) -> PolicySectionView:
        """One section's rules."""
        return parse(PolicySectionView, await self._get(who, f"/policies/{_part(name)}"))

    async def preview_policies(self, who: StaffMember, body: PolicyChange) -> PolicyPreview:
        """What a change would do."""
        return parse(PolicyPreview, await self._send(who, "POST", "/policies/previews", body))

    async def save_policies(self, who: StaffMember, body: PolicyChange) -> PolicyOverview:
        """Let other values hold."""
        return parse(PolicyOverview, await self._send(who, "PUT", "/policies", body))

    async def restore_policies(self, who: StaffMember, body: PolicyRestore) -> PolicyOverview:
        """Let an earlier version hold again."""
        return parse(PolicyOverview, await self._send(who, "POST", "/policies/restorations", body))

    # --- Goodwill ---------------------------------------------------------------------------------------------------

    async def goodwill_terms(self, who: StaffMember) -> GoodwillTerms:
        """What the agent may give."""
        return parse(GoodwillTerms, await self._get(who, "/goodwill/terms"))

    async def goodwill(
        self, who: StaffMember, *, states: Sequence[GoodwillState] = (), conversation: str | None = None
    ) -> GoodwillPage:
        """What was given and is asked for, the newest first."""
        query: dict[str, str | list[str]] = {}
        if states:
            query["state"] = list(states)
        if conversation:
            query["conversation"] = conversation
        answer = await self._upstream.call("GET", "/staff/goodwill", query=query, headers=_as(who), seconds=SECONDS)
        return parse(GoodwillPage, answer)

    async def decide_goodwill(self, who: StaffMember, goodwill_id: str, said: GoodwillDecision) -> GoodwillView:
        """A lead's yes or no."""
        return parse(GoodwillView, await self._send(who, "POST", f"/goodwill/{_part(goodwill_id)}/decision", said))

    # --- Changes ----------------------------------------------------------------------------------------------------

    async def propose(self, who: StaffMember, request: ProposalRequest) -> ProposalView:
        """What a change would mean."""
        return parse(ProposalView, await self._send(who, "POST", "/proposals", request))

    async def confirm(self, who: StaffMember, proposal_id: str) -> ProposalView:
        """Carry an offer out that an agent asked for."""
        return parse(ProposalView, await self._send(who, "POST", f"/proposals/{_part(proposal_id)}/confirm", None))

    async def forget_account(self, who: StaffMember, conversation_id: str) -> None:
        """Forget whose the account on a platform is that a conversation is held on."""
        await self._send(who, "DELETE", f"/conversations/{_part(conversation_id)}/account", None)

    async def _get(self, who: StaffMember, path: str, **query: str) -> Answer:
        return await self._upstream.call("GET", f"/staff{path}", query=query, headers=_as(who), seconds=SECONDS)

    async def _send(
        self,
        who: StaffMember,
        method: Literal["POST", "PUT", "PATCH", "DELETE"],
        path: str,
        body: BaseModel | bytes | None,
        **query: str,
    ) -> Answer:
        return await self._upstream.call(
            method, f"/staff{path}", body=body, query=query, headers=_as(who), seconds=CHANGE_SECONDS
        )


def _as(who: StaffMember) -> dict[str, str]:
    return {STAFF_HEADER: f"{who.id};{who.role}"}


def _part(value: str) -> str:
    return quote(value, safe="")
