"""Other names that the shop gives products and values of options: what shoppers call them."""

from __future__ import annotations

from typing import Annotated, Final, Literal

from pydantic import AfterValidator, AwareDatetime, Field

from shopdesk_schemas.content import Schema
from shopdesk_schemas.turn import Language

MAX_NAMES: Final = 30
"""Of one thing in one language."""

MAX_NAME: Final = 80
"""Characters of a name."""

PLAIN: Final = r"^[^\x00-\x1f]*$"

NamedKind = Literal["product", "option"]


def _clean(names: list[str]) -> list[str]:
    """Without blanks around, empty ones, and those said twice. Raises ValueError for one without a letter or digit."""
    clean = [" ".join(one.split()) for one in names]
    if dumb := [one for one in clean if one and not any(sign.isalnum() for sign in one)]:
        raise ValueError(f"{dumb[0]!r} has no letter or digit")
    by_form = {one.casefold(): one for one in reversed(clean) if one}
    return list(reversed(by_form.values()))


Names = Annotated[
    list[Annotated[str, Field(max_length=MAX_NAME, pattern=PLAIN)]],
    Field(max_length=MAX_NAMES),
    AfterValidator(_clean),
]


class Named(Schema):
    """What is named: a product by its namespace and id, or an option's value wherever the catalogue has it.

    An option and its value are said as the catalogue writes them, in any of its languages and in either case.
    """

    kind: NamedKind
    source: str = Field(default="", max_length=200, pattern=PLAIN, description="Of a product; empty for an option.")
    name: str = Field(min_length=1, max_length=200, pattern=PLAIN, description="The product's id, or the option.")
    value: str = Field(default="", max_length=200, pattern=PLAIN, description="The option's value.")


class NamesByLanguage(Schema):
    """Other names in each language."""

    en: Names = Field(default_factory=list)
    zh: Names = Field(default_factory=list)


class OtherNamesSaved(Schema):
    """A version of a thing's names."""

    version: int
    names: NamesByLanguage
    saved_by: str
    saved_at: AwareDatetime


class OtherNamesView(Schema):
    """What a thing is called besides."""

    named: Named
    label: str = Field(description="As the catalogue has it: the product's name, or `colour: navy`.")
    names: NamesByLanguage
    version: int = Field(description="0: nobody gave it names.")
    saved: list[OtherNamesSaved] = Field(description="The newest first.")


class OtherNamesEntry(Schema):
    """A thing that has other names."""

    named: Named
    label: str
    names: NamesByLanguage
    saved_by: str
    saved_at: AwareDatetime


class OtherNamesList(Schema):
    """Everything that has other names, the last changed first."""

    entries: list[OtherNamesEntry]


class OtherNamesChange(Schema):
    """Other names for a thing; none in any language takes them back."""

    named: Named
    version: int = Field(ge=0, le=2**31 - 1, description="That was read; another is a 409.")
    names: NamesByLanguage


class NameTrial(Schema):
    """Words put to the catalogue, as it is and as it would be with other names."""

    words: str = Field(min_length=1, max_length=500, pattern=r"^[^\x00]*$")
    language: Language
    named: Named | None = None
    names: NamesByLanguage | None = Field(default=None, description="Null: as it is only.")


class NameMatch(Schema):
    """A product that words find."""

    source: str
    external_id: str
    name: str
    options: list[str] = Field(description="Values of options that the words say, as the catalogue writes them.")
    whole: bool = Field(description="Whether everything said of goods is said of it.")


class NameTrialOutcome(Schema):
    """What words find, the best first."""

    before: list[NameMatch]
    after: list[NameMatch]


class OptionValue(Schema):
    """A value of one of a product's options, as the catalogue writes it."""

    option: str
    value: str
    names: list[str] = Field(description="What it is called besides, in every language.")


class NameableProduct(Schema):
    """A product with what of it can be given names."""

    source: str
    external_id: str
    name: str
    names: list[str]
    options: list[OptionValue]
