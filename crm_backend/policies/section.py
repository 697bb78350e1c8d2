"""What the sections of `policies.yml` are made of: their base class and the types that several use."""

from __future__ import annotations

import re
from typing import Annotated
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

from pydantic import AfterValidator, BaseModel, ConfigDict, Field


class Section(BaseModel):
    """Base of every section of the file."""

    # Unknown keys are slips of the pen; silently ignored, a limit would not hold.
    model_config = ConfigDict(extra="forbid", frozen=True)


def _known_zone(name: str) -> str:
    try:
        ZoneInfo(name)
    except (ZoneInfoNotFoundError, ValueError, OSError) as error:
        raise ValueError("not an IANA time zone such as Europe/London") from error
    return name


def not_repeated[T](values: list[T]) -> list[T]:
    """Validator: the list names nothing twice."""
    if len(set(values)) != len(values):
        raise ValueError("names something twice")
    return values


def _time_of_day(text: str) -> str:
    if not re.fullmatch(r"(?:[01][0-9]|2[0-3]):[0-5][0-9]|24:00", text):
        raise ValueError("not a time of day such as 09:00")
    return text


Country = Annotated[str, Field(pattern=r"^[A-Z]{2}$", description="ISO 3166-1 alpha-2.")]
Zone = Annotated[str, AfterValidator(_known_zone)]
TimeOfDay = Annotated[str, AfterValidator(_time_of_day)]
Language = Annotated[str, Field(pattern=r"^[a-z]{2}$")]
Text = Annotated[str, Field(min_length=1, max_length=200)]
