"""Why a turn did not come to an answer, as RFC 9457 problem documents (as `shopdesk_schemas/problems.py` words them).

    TurnProblem
    ├── InvalidTurn      422  the request names a wrong field or an intent this model does not know
    ├── Unauthenticated  401
    ├── TurnFailed       502  an action or a response failed; the tracker is as before the turn
    ├── NotReady         503  the tracker store or the lock is away
    └── TurnTimedOut     504  an action took too long; the tracker is as before the turn

After a 502, 503 or 504 the same message id may be sent again.
"""

from __future__ import annotations

from typing import Any, Dict, List, Optional

MEDIA_TYPE = "application/problem+json"


class TurnProblem(Exception):
    """A turn that ends in a problem document. `detail` and `errors` never hold a shopper's words."""

    status = 500
    type = "/problems/internal-error"
    title = "Something went wrong on our side"

    def __init__(self, detail: Optional[str] = None, errors: Optional[List[Dict[str, str]]] = None) -> None:
        super().__init__(detail or self.title)
        self.detail = detail
        self.errors = errors or []

    def document(self) -> Dict[str, Any]:
        """The problem document."""
        document: Dict[str, Any] = {"type": self.type, "title": self.title, "status": self.status}
        if self.detail:
            document["detail"] = self.detail
        if self.errors:
            document["errors"] = self.errors
        return document


class InvalidTurn(TurnProblem):
    """The request was understood and is wrong; `errors` names the fields."""

    status = 422
    type = "/problems/invalid-input"
    title = "The request has fields that cannot be used"


class Unauthenticated(TurnProblem):
    """No usable service token."""

    status = 401
    type = "/problems/unauthenticated"
    title = "A valid credential is needed"


class TurnFailed(TurnProblem):
    """An action failed, a response is missing, or nothing was said."""

    status = 502
    type = "/problems/turn-failed"
    title = "The assistant could not finish this turn"


class NotReady(TurnProblem):
    """Something the bot depends on does not answer."""

    status = 503
    type = "/problems/unavailable"
    title = "A part of the service is away for the moment"


class TurnTimedOut(TurnProblem):
    """An action did not answer in time."""

    status = 504
    type = "/problems/turn-timed-out"
    title = "The assistant did not finish this turn in time"
