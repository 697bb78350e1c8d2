"""The shop's rules as the console changes them: a section's fields and values, versions, and what a change does."""

from __future__ import annotations

from typing import Annotated, Final, Literal

from pydantic import AwareDatetime, Field

from shopdesk_schemas.content import Schema

MAX_TEXT: Final = 20_000
"""Characters of one value."""

Path = Annotated[str, Field(pattern=r"^[a-z][a-z0-9_]*(\.[a-z][a-z0-9_]*)+$", max_length=200)]
"""Section and keys with dots: `returns.terms.window_days`."""

Text = Annotated[str, Field(max_length=MAX_TEXT, pattern=r"^[^\x00]*$")]

FieldKind = Literal["yes_no", "whole", "number", "choice", "text", "yaml"]
"""`yaml`: a list, amounts by currency or the like, as policies.yml has it."""


class PolicyField(Schema):
    """One rule: what it may be and what it is."""

    path: Path
    kind: FieldKind
    description: str = Field(description="In English, as the schema has it; empty where it says nothing.")
    choices: list[str]
    least: float | None
    most: float | None
    optional: bool = Field(description="Whether it may be left empty.")
    text: str = Field(description="The value in force; empty: none.")
    file_text: str = Field(description="What holds without the console: the file's value, or what it leaves open.")
    changed: bool = Field(description="Whether the console's value holds.")
    told: bool = Field(description="Whether the assistant speaks of it (`GET /policies/explain`).")


class PolicySection(Schema):
    """A section in the list."""

    name: str
    changed: int = Field(description="Values that hold from the console.")


class PolicyValue(Schema):
    """A value that differs."""

    path: str
    before: str
    after: str


class PolicyVersion(Schema):
    """A version that was saved."""

    version: int
    note: str
    changes: list[PolicyValue] = Field(description="What it changed of the version before.")
    saved_by: str
    saved_at: AwareDatetime


class PolicyOverview(Schema):
    """All sections that can be changed, and every version."""

    sections: list[PolicySection]
    version: int = Field(description="The newest; 0: nothing was ever saved.")
    saved: list[PolicyVersion] = Field(description="The newest first.")
    unusable: str | None = Field(
        description="Why what was saved does not hold: the shop's file changed and the two do not fit any more."
    )


class PolicySectionView(Schema):
    """One section's rules."""

    name: str
    version: int
    fields: list[PolicyField]


class PolicyChange(Schema):
    """Values to put in force; null: the file's holds again."""

    version: int = Field(ge=0, le=2**31 - 1, description="That was read; another is a 409.")
    values: dict[Path, Text | None] = Field(min_length=1, max_length=500)
    note: str = Field(default="", max_length=500, pattern=r"^[^\x00]*$")


class PolicyRestore(Schema):
    """Put an earlier version in force again."""

    version: int = Field(ge=0, le=2**31 - 1, description="That was read; another is a 409.")
    restore: int = Field(ge=0, le=2**31 - 1, description="0: the shop's file alone.")


class PolicyPreview(Schema):
    """What a change would do."""

    changes: list[PolicyValue]
    open_offers: int = Field(description="Offers that somebody could confirm now.")
    void_offers: dict[str, int] = Field(description="Those that would be different, by kind of change: they are void.")
    open_returns: int = Field(description="Returns under way. They stay as they were agreed.")
    open_claims: int = Field(description="Claims under way; likewise.")
