"""docs/settings.md names every setting with its default and meaning, and nothing else."""

from __future__ import annotations

import re
import sys

import pytest

from tests.support.stack import ROOT

PAGE = (ROOT / "docs" / "settings.md").read_text("utf-8")
SOURCES = ("gateway", "actions", "crm_backend", "shopdesk", "shopdesk_schemas", "bot")
NAME = re.compile(r"\bSHOPDESK_[A-Z][A-Z0-9_]*[A-Z0-9]\b")


@pytest.fixture(scope="module")
def writer() -> object:
    sys.path.append(str(ROOT / "scripts"))
    try:
        import write_settings_page
    finally:
        sys.path.remove(str(ROOT / "scripts"))
    return write_settings_page


def test_the_page_is_what_the_settings_say(writer) -> None:  # type: ignore[no-untyped-def]
    assert writer.page() == PAGE, "run `.venv/bin/python scripts/write_settings_page.py`"


def test_every_setting_has_a_meaning(writer) -> None:  # type: ignore[no-untyped-def]
    assert [setting.name for setting in writer.settings() if not setting.meaning.endswith(".")] == []


def test_every_variable_that_the_code_names_is_on_the_page() -> None:
    listed = set(re.findall(r"^\| `(SHOPDESK_\w+)` \|", PAGE, re.MULTILINE))
    named = {
        name
        for folder in SOURCES
        for path in (ROOT / folder).rglob("*.py")
        if ".venv" not in path.parts
        for name in NAME.findall(path.read_text("utf-8"))
    }
    assert named - listed == set()
