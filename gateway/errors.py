"""The gateway's own errors.

ShopdeskError
├── PayloadTooLarge   413
├── UnreadableCall    400, of a platform
├── LeaseLost         409, the agent no longer holds the conversation
└── (UpstreamError, not sent to clients as such)
    ├── UpstreamUnavailable   no answer, or a 503/504: trying again later makes sense
    │   └── UpstreamSlow      nothing within the time allowed
    ├── UpstreamRejected      a 4xx: it was understood and refused; `problem_type` says which
    └── UpstreamFailed        an answer that is an error or makes no sense
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from shopdesk_schemas.problems import FieldProblem, ShopdeskError


class PayloadTooLarge(ShopdeskError):
    """The body is larger than anything we take."""

    status = 413
    type = "/problems/payload-too-large"
    title = "The request body is too large"


class UnreadableCall(ShopdeskError):
    """A platform's call is the platform's, and makes no sense."""

    status = 400
    type = "/problems/unreadable-call"
    title = "The call cannot be read"


class LeaseLost(ShopdeskError):
    """The agent does not hold the conversation (any more), so nothing was said or changed."""

    status = 409
    type = "/problems/lease-lost"
    title = "You no longer hold this conversation"


class UpstreamError(Exception):
    """A program that the gateway depends on did not do its part. `reason` is a word for logs and the record."""

    reason = "failed"


class UpstreamUnavailable(UpstreamError):
    """No answer: refused, timed out, or said that it is away."""

    reason = "unavailable"


class UpstreamSlow(UpstreamUnavailable):
    """No answer within the time allowed."""

    reason = "slow"


class UpstreamRejected(UpstreamError):
    """The request was refused (4xx)."""

    reason = "rejected"

    def __init__(
        self,
        status: int,
        problem_type: str | None,
        retry_after: int | None = None,
        errors: Sequence[FieldProblem] = (),
        rule: str | None = None,
        values: Mapping[str, Any] | None = None,
    ) -> None:
        super().__init__(f"{status} {problem_type}")
        self.status = status
        self.problem_type = problem_type
        self.retry_after = retry_after
        self.errors = errors
        self.rule = rule
        """Of the shop's, where that is why."""
        self.values = values or {}


class UpstreamFailed(UpstreamError):
    """An error, or an answer that cannot be used."""
