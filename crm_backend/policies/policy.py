"""The shop's rules: what `policies.yml` may say, checked when the program starts.

Each topic has its own section and class; a topic that comes later adds one. What the console changes while the program
runs lies over it (`in_force.py`). Durations carry their unit in their
name. A value that cannot be used is an error naming file, line and field, and nothing starts.
"""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date
from pathlib import Path
from typing import Annotated, Any, Literal, Self

from pydantic import AfterValidator, Field, ValidationError, model_validator

from crm_backend.policies.account import Account
from crm_backend.policies.analytics import AnalyticsRules
from crm_backend.policies.cancellation import Cancellation
from crm_backend.policies.cases import CaseRules
from crm_backend.policies.changes import ChangeRules
from crm_backend.policies.claims import Claims
from crm_backend.policies.codes import Codes
from crm_backend.policies.document import Document, DocumentError, read_document
from crm_backend.policies.documents import Documents, Invoices
from crm_backend.policies.goodwill import GoodwillRules
from crm_backend.policies.help import HelpRules
from crm_backend.policies.loyalty import LoyaltyRules
from crm_backend.policies.modification import Fulfilment, Modification
from crm_backend.policies.ordering import Ordering
from crm_backend.policies.payments import Payments
from crm_backend.policies.privacy import PrivacyRules
from crm_backend.policies.products import ProductRules
from crm_backend.policies.recommendations import RecommendationRules
from crm_backend.policies.returns import Returns
from crm_backend.policies.section import Country, Language, Section, Text, TimeOfDay, Zone, not_repeated
from crm_backend.policies.shipping import Shipping
from crm_backend.policies.stores import StoreRules
from crm_backend.policies.supply import SupplyRules
from crm_backend.policies.unify import UnifyRules
from shopdesk_schemas.crm import ProofKind, ProofMethod, Weekday

FILE_NAME = "policies.yml"


class PolicyError(ValueError):
    """The shop's policies cannot be used; the message has one line for each thing that is wrong."""


class Hours(Section):
    """When people answer."""

    timezone: Zone
    weekly: dict[Weekday, list[tuple[TimeOfDay, TimeOfDay]]]
    closed_on: list[date] = Field(default=[])

    @model_validator(mode="after")
    def _opens_before_it_closes(self) -> Self:
        for weekday, spans in self.weekly.items():
            if any(opens >= closes for opens, closes in spans):
                raise ValueError(f"{weekday} closes before it opens")
        return self


class Support(Section):
    """How to reach the shop's people."""

    email: Annotated[str, Field(pattern=r"^[^@\s]+@[^@\s]+$")] | None = None
    phone: Text | None = None
    hours: Hours | None = None


class Shop(Section):
    """Who the shop is."""

    name: dict[Language, Text] = Field(description="In each of the shop's languages.")
    languages: Annotated[list[Language], Field(min_length=1), AfterValidator(not_repeated)]
    default_language: Language
    country: Country = Field(description="Assumed where an address names none.")
    timezone: Zone
    currency: Annotated[str, Field(pattern=r"^[A-Z]{3}$", description="ISO 4217.")]
    support: Support = Support()

    @model_validator(mode="after")
    def _has_a_name_in_each_language(self) -> Self:
        if self.default_language not in self.languages:
            raise ValueError("default_language is not one of languages")
        if missing := [language for language in self.languages if language not in self.name]:
            raise ValueError(f"name lacks {', '.join(missing)}")
        return self


class Limit(Section):
    """At most `failures` failed tries within `minutes`."""

    failures: int = Field(ge=1, le=10_000)
    minutes: int = Field(ge=1, le=7 * 24 * 60)
    proofs: Annotated[list[ProofMethod], Field(min_length=1), AfterValidator(not_repeated)] | None = Field(
        default=None, description="Holds for these proofs only; for all when not given."
    )

    def holds_for(self, proof: ProofMethod) -> bool:
        """Whether a try with this proof falls under the limit."""
        return self.proofs is None or proof in self.proofs


class Limits(Section):
    """How often one may fail: each list holds limits that apply together."""

    conversation: Annotated[list[Limit], Field(min_length=1)]
    address: Annotated[list[Limit], Field(min_length=1)] = Field(description="By the client's network address.")
    reference: Annotated[list[Limit], Field(min_length=1)] = Field(
        description="By number asked about and proof given; without a number by the name, and by the e-mail address "
        "with it."
    )

    def longest_minutes(self) -> int:
        """The length of the longest window: older tries matter to nobody."""
        return max(limit.minutes for limit in (*self.conversation, *self.address, *self.reference))


class Levels(Section):
    """What each way of verifying opens: that one order, or the customer's whole record."""

    postcode: Literal["order", "customer"] = "order"
    email: Literal["order", "customer"] = "order"
    phone_last4: Literal["order", "customer"] = "order"
    name_postcode: Literal["order", "customer"] = "order"
    identity_token: Literal["customer"] = "customer"  # noqa: S105 - a level

    def of_proof(self, proof: ProofMethod) -> Literal["order", "customer"]:
        """The level that a reference with this proof opens, or a name with it and no number."""
        levels: dict[ProofMethod, Literal["order", "customer"]] = {
            "postcode": self.postcode,
            "email": self.email,
            "phone_last4": self.phone_last4,
            "name_postcode": self.name_postcode,
        }
        return levels[proof]

    def of_name(self, proof: ProofKind) -> Literal["order", "customer"]:
        """The level that a full name opens without a number; with an e-mail address no more than a number with it."""
        both = {self.name_postcode, self.email} if proof == "email" else {self.name_postcode}
        return "order" if "order" in both else "customer"


class Verification(Section):
    """How a shopper shows who they are."""

    references: Annotated[
        list[Literal["order_number", "tracking_number"]], Field(min_length=1), AfterValidator(not_repeated)
    ]
    proofs: Annotated[list[ProofKind], Field(min_length=1), AfterValidator(not_repeated)] = Field(
        description="In the order in which to ask for them."
    )
    name_and_postcode: bool = Field(
        default=False,
        description="Whether a full name serves without an order number where only one person is meant: with a "
        "postcode (of an order in that name, or of the address book of the customer who is called so), or, where "
        "`email` is one of `proofs`, with an e-mail address (the customer's or the order's). It opens what "
        "`levels.name_postcode` says; with an e-mail address no more than `levels.email` either.",
    )
    levels: Levels = Levels()
    countries_without_postcode: Annotated[list[Country], AfterValidator(not_repeated)] = Field(
        default=[], description="Where a postcode names so many households that it proves nothing."
    )
    expires_after_minutes: int = Field(ge=1, le=24 * 60, description="How long a proof opens the record.")
    identity_token_expires_after_minutes: int = Field(ge=1, le=24 * 60, description="How long a sign-in opens it.")
    identity_token_max_age_minutes: int = Field(ge=1, le=24 * 60, description="Older tokens of the shop are refused.")
    chat_account_days: int = Field(
        default=180,
        ge=0,
        le=3650,
        description="How long an account on a messaging platform that was verified as a customer's is known to be "
        "theirs; 0: every conversation is verified anew.",
    )
    limits: Limits


class Policies(Section):
    """The whole file."""

    shop: Shop
    verification: Verification
    changes: ChangeRules = Field(default={}, description="By kind of change, such as `order.cancel`.")
    cancellation: Cancellation = Cancellation()
    modification: Modification = Modification()
    fulfilment: Fulfilment = Fulfilment()
    returns: Returns = Returns()
    claims: Claims = Claims()
    payments: Payments = Payments()
    goodwill: GoodwillRules = GoodwillRules()
    products: ProductRules = ProductRules()
    recommendations: RecommendationRules = RecommendationRules()
    stores: StoreRules = StoreRules()
    supply: SupplyRules = SupplyRules()
    loyalty: LoyaltyRules = LoyaltyRules()
    codes: Codes = Codes()
    cases: CaseRules = CaseRules()
    unify: UnifyRules = UnifyRules()
    privacy: PrivacyRules = PrivacyRules()
    analytics: AnalyticsRules = AnalyticsRules()
    documents: Documents = Documents()
    shipping: Shipping = Shipping()
    invoices: Invoices = Invoices()
    ordering: Ordering = Ordering()
    account: Account = Account()
    help: HelpRules = HelpRules()


def load_policies(shop: Path) -> Policies:
    """Read and check `policies.yml` in the shop's directory. Raises PolicyError with file, line and field."""
    path = shop / FILE_NAME
    try:
        document = read_document(path)
    except FileNotFoundError:
        raise PolicyError(
            f"{path} does not exist: the shop's directory (SHOPDESK_SHOP) must have a {FILE_NAME}"
        ) from None
    except OSError as error:
        raise PolicyError(f"{path} cannot be read: {error.strerror}") from error
    except DocumentError as error:
        raise PolicyError(f"{path}:{error.line}: {error}") from error
    return check_policies(document, str(path))


def check_policies(document: Document, name: str) -> Policies:
    """`document` as `Policies`. Raises PolicyError that names `name`, line and field of all that is wrong."""
    try:
        return Policies.model_validate(document.content)
    except ValidationError as error:
        raise PolicyError("\n".join(_complaints(error, document, name))) from error


def _complaints(error: ValidationError, document: Document, name: str) -> Iterable[str]:
    for problem in sorted(error.errors(), key=lambda one: document.line(one["loc"])):
        location: tuple[Any, ...] = problem["loc"]
        field = ".".join(str(part) for part in location) or "the document"
        yield f"{name}:{document.line(location)}: {field}: {_words(problem['type'], problem['msg'])}"


def _words(kind: str, message: str) -> str:
    if kind == "extra_forbidden":
        return "there is no such setting"
    if kind == "missing":
        return "is missing"
    return message.removeprefix("Value error, ")
