"""`product.review`: a customer's stars and words for what they bought. Kept at once; the shop looks before it shows."""

from __future__ import annotations

from pydantic import Field
from sqlalchemy import select

from crm_backend.account.access import customer_of
from crm_backend.account.models import Customer
from crm_backend.account.repository import own_customer
from crm_backend.changes.kind import ChangeKind, Details, Offer, Outcome, ProposalVoid, Refusal
from crm_backend.changes.unit import Unit, new_id
from crm_backend.database.engine import ReadSession
from crm_backend.identity.access import Access
from crm_backend.policies.changes import ChangeTerms
from crm_backend.products import repository as products
from crm_backend.products.models import Product
from crm_backend.reviews import repository
from crm_backend.reviews.models import Review
from shopdesk_schemas.account import ReviewList, ReviewView
from shopdesk_schemas.changes import OfferLine
from shopdesk_schemas.problems import NotFound

REVIEW = "product.review"
"""The kind of effect that hands a review to the shop's own system."""


class ReviewDetails(Details):
    """Of what, how many stars, and why."""

    sku: str = Field(min_length=1, max_length=100, description="Of any variant of the product.")
    rating: int = Field(ge=1, le=5)
    words: str | None = Field(default=None, max_length=4000, pattern=r"^[^\x00]*$")
    order: str | None = Field(default=None, min_length=1, max_length=100, description="Whose, for agents: an order.")


class WriteReview(ChangeKind[ReviewDetails]):
    """The kind."""

    name = REVIEW
    details = ReviewDetails
    terms = ChangeTerms(level="customer", no_confirmation=True)

    def offer(self, unit: Unit, details: ReviewDetails) -> Offer:
        """For what the customer bought alone."""
        customer = customer_of(unit, details.order)
        sold = products.find_variant(unit.session, details.sku)
        if sold is None:
            raise NotFound
        product = unit.session.get_one(Product, sold.variant.product_id)
        if not repository.has_bought(unit.session, customer.id, product.id):
            raise Refusal("review_needs_purchase", values={"title": product.name})
        return Offer(
            lines=[OfferLine(key="review_written", values={"title": product.name, "rating": details.rating})],
            plan={"customer_id": customer.id, "product_id": product.id},
        )

    def carry_out(self, unit: Unit, details: ReviewDetails, offer: Offer) -> Outcome:
        """Keep it in the place of an earlier one, and hand it to the shop."""
        held = select(Customer).where(Customer.id == offer.plan["customer_id"]).with_for_update()
        customer = unit.session.scalars(held).first()
        product = unit.session.get(Product, offer.plan["product_id"])
        if customer is None or product is None:
            raise ProposalVoid
        review = repository.find(unit.session, customer.id, product.id)
        if review is None:
            review = Review(
                public_id=new_id("review"), customer_id=customer.id, product_id=product.id, created_at=unit.now
            )
            unit.session.add(review)
        review.rating, review.words = details.rating, details.words or review.words
        review.state, review.changed_at = "pending", unit.now
        unit.session.flush()
        unit.effect(
            REVIEW,
            payload={
                "review": review.public_id,
                "source": customer.source,
                "customer": customer.external_id,
                "product": product.external_id,
                "rating": review.rating,
                "words": review.words,
            },
        )
        unit.audit("review.written", "review", review.public_id, {"rating": review.rating})
        return Outcome(values={"review": review.public_id, "rating": review.rating})


def own(session: ReadSession, access: Access) -> ReviewList:
    """What the shopper wrote. Raises NotFound for who is not verified as a customer."""
    customer = own_customer(session, access)
    if customer is None:
        raise NotFound
    return ReviewList(
        reviews=[
            ReviewView.model_validate(
                {
                    "id": review.public_id,
                    "product": product.external_id,
                    "title": product.name,
                    "rating": review.rating,
                    "words": review.words,
                    "state": review.state,
                    "changed_at": review.changed_at,
                }
            )
            for review, product in repository.of_customer(session, customer.id)
        ]
    )
