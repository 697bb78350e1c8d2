"""Where the shop's own site deals with accounts."""

from __future__ import annotations

from pydantic import Field

from crm_backend.policies.ordering import Address
from crm_backend.policies.section import Section


class Account(Section):
    """Told to who cannot sign in or wants to register."""

    register_url: Address | None = None
    sign_in_url: Address | None = None
    password_url: Address | None = Field(default=None, description="Where a forgotten password is set anew.")
