"""Errors as RFC 9457 problem documents.

    ShopdeskError                      the root of every program's tree; knows its status and stable type
    ├── InvalidInput        422        names the fields that were wrong
    ├── Unauthenticated     401
    ├── Forbidden           403
    ├── NotFound            404        the same bytes for "not yours" and "does not exist"
    ├── Conflict            409
    ├── TooManyRequests     429        carries Retry-After
    └── Unavailable         503        a part this one depends on is away

`type` is a relative reference under `/problems/` and stable: callers decide by it, never by the words.
"""

from __future__ import annotations

from typing import Any, ClassVar

from pydantic import BaseModel, Field


class FieldProblem(BaseModel):
    """One field that was wrong: a path such as `body.postcode`, and why."""

    field: str
    message: str
    """In English."""
    code: str | None = None
    """Why, for who says it in other languages; only where somebody does."""
    values: dict[str, str | int] | None = None
    """What the message names."""


class Problem(BaseModel):
    """The document itself (media type `application/problem+json`)."""

    type: str
    title: str
    status: int
    detail: str | None = None
    errors: list[FieldProblem] = Field(default_factory=list)


class ShopdeskError(Exception):
    """An error whose meaning a caller should learn. Subclasses set the class variables."""

    status: ClassVar[int] = 500
    type: ClassVar[str] = "/problems/internal-error"
    title: ClassVar[str] = "Something went wrong on our side"

    def __init__(self, detail: str | None = None, *, errors: list[FieldProblem] | None = None) -> None:
        super().__init__(detail or self.title)
        self.detail = detail
        self.errors = errors or []

    def problem(self) -> Problem:
        """The document to send."""
        return Problem(type=self.type, title=self.title, status=self.status, detail=self.detail, errors=self.errors)

    def headers(self) -> dict[str, str]:
        """Extra response headers, such as `Retry-After`."""
        return {}

    @classmethod
    def openapi(cls) -> dict[int | str, dict[str, Any]]:
        """The error for a route's `responses=`, so that the OpenAPI document names it."""
        return {
            cls.status: {
                "description": cls.title,
                "content": {"application/problem+json": {"schema": Problem.model_json_schema()}},
            }
        }


class InvalidInput(ShopdeskError):
    """The request was understood and is wrong; `errors` names the fields."""

    status = 422
    type = "/problems/invalid-input"
    title = "The request has fields that cannot be used"


class Unauthenticated(ShopdeskError):
    """No usable credential."""

    status = 401
    type = "/problems/unauthenticated"
    title = "A valid credential is needed"

    def headers(self) -> dict[str, str]:
        """RFC 9110 asks for a challenge."""
        return {"WWW-Authenticate": "Bearer"}


class Forbidden(ShopdeskError):
    """A known caller without the right."""

    status = 403
    type = "/problems/forbidden"
    title = "This is not allowed for this caller"


class NotFound(ShopdeskError):
    """Not there, or not yours: the caller cannot tell which."""

    status = 404
    type = "/problems/not-found"
    title = "There is no such thing here"


class Conflict(ShopdeskError):
    """The request does not fit what is there now."""

    status = 409
    type = "/problems/conflict"
    title = "The request does not fit the present state"


class TooManyRequests(ShopdeskError):
    """A limit was reached; `retry_after` is in whole seconds."""

    status = 429
    type = "/problems/too-many-requests"
    title = "Too many requests"

    def __init__(self, retry_after: int, detail: str | None = None) -> None:
        super().__init__(detail)
        self.retry_after = retry_after

    def headers(self) -> dict[str, str]:
        """Tells the caller when to come back, in seconds."""
        return {"Retry-After": str(self.retry_after)}


class Unavailable(ShopdeskError):
    """Something this program depends on does not answer."""

    status = 503
    type = "/problems/unavailable"
    title = "A part of the service is away for the moment"
