"""Values of the shop's policies that were saved in the console: every version, the newest in force over the file."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from sqlalchemy.orm import Mapped, mapped_column

from crm_backend.database.base import Identified, Model


class PolicyVersion(Identified, Model):
    """All values that differ from the file, as somebody saved them. Rows are only added."""

    __tablename__ = "policy_versions"

    version: Mapped[int] = mapped_column(unique=True)
    """From 1 on: two who save at once cannot both store the same one."""
    values: Mapped[dict[str, Any]]
    """By path, such as `returns.terms.window_days`. Empty: the file alone holds."""
    changes: Mapped[dict[str, Any]]
    """{path: [before, after]} of the version before, as the console shows them."""
    note: Mapped[str]
    saved_by: Mapped[str]
    saved_at: Mapped[datetime]
