"""The bodies of WeChat's and WeCom's calls: flat XML, or flat JSON. Entities are never expanded."""

from __future__ import annotations

import defusedxml.ElementTree as ElementTree
from defusedxml.common import DefusedXmlException

from gateway.channels.payloads import as_text, json_object
from shopdesk_schemas.problems import FieldProblem, InvalidInput


def fields_of(body: bytes) -> dict[str, str]:
    """The fields of a body by name. Raises `InvalidInput`."""
    if body.lstrip()[:1] == b"{":
        return {name: as_text(value) for name, value in json_object(body).items()}
    try:
        root = ElementTree.fromstring(body, forbid_dtd=True)
    except (ElementTree.ParseError, DefusedXmlException, ValueError, LookupError) as error:
        raise InvalidInput(errors=[FieldProblem(field="body", message="is not XML that can be read")]) from error
    return {child.tag: as_text((child.text or "").strip()) for child in root}
