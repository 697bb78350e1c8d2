"""Questions answered from the shop's pages and policies."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest

from crm_backend.pages.documents import parse_page
from crm_backend.pages.service import Pages
from tests.crm.conftest import Crm, policies_with

ENGRAVING = """---
url: https://shop.test/engraving
---
# Engraving

## What can be engraved
<!-- also: monogram -->
Mugs and **lamps**, up to 20 [letters](/letters).

## How long engraving takes
Two more days.
"""
CARE = """# 保养

## 羊毛围巾怎么洗
羊毛围巾请用冷水手洗，平铺晾干。

## 皮具保养
皮包每三个月上一次油。
"""


@pytest.fixture
def pages(tmp_path: Path) -> Pages:
    for language, name, text in (("en", "engraving", ENGRAVING), ("zh", "care", CARE)):
        folder = tmp_path / "shop" / "pages" / language
        folder.mkdir(parents=True)
        (folder / f"{name}.md").write_text(text, encoding="utf-8")
    return Pages(tmp_path / "shop", policies_with())


@pytest.fixture
def shop(sqlite_crm: Crm, pages: Pages) -> Crm:
    sqlite_crm.app.state.resources = replace(sqlite_crm.app.state.resources, pages=pages)
    return sqlite_crm


def _ask(crm: Crm, question: str, language: str = "en") -> list[dict[str, Any]]:
    answer = crm.call.get("/help/answers", params={"q": question, "language": language})
    assert answer.status_code == 200, answer.text
    return list(answer.json()["answers"])


def test_the_section_that_answers_is_quoted_with_its_title(shop: Crm) -> None:
    best = _ask(shop, "Can lamps be engraved?")[0]
    assert (best["title"], best["text"]) == ("What can be engraved", "Mugs and lamps, up to 20 letters.")
    assert (best["page_title"], best["url"]) == ("Engraving", "https://shop.test/engraving")
    assert _ask(shop, "do you do a monogram?")[0]["title"] == "What can be engraved"
    assert _ask(shop, "羊毛围巾要怎么洗？", "zh")[0]["title"] == "羊毛围巾怎么洗"
    assert _ask(shop, "皮包怎么保养", "zh")[0]["title"] == "皮具保养"


def test_what_no_page_has_is_no_answer(shop: Crm) -> None:
    for question, language in (
        ("Who won the football yesterday?", "en"), ("昨天的足球赛谁赢了", "zh"), ("???", "en"), ("the", "en")
    ):  # fmt: skip
        assert _ask(shop, question, language) == []


def test_a_page_in_the_other_language_answers_where_none_in_the_reader_s_does(shop: Crm) -> None:
    assert [one["language"] for one in _ask(shop, "engraved lamps", "zh")][:1] == ["en"]


def test_a_page_is_shown_without_marks(shop: Crm) -> None:
    page = shop.call.get("/help/pages/en/engraving").json()
    assert [one["title"] for one in page["sections"]] == ["What can be engraved", "How long engraving takes"]
    for path in ("en/nothing", "zh/engraving"):
        assert shop.call.get(f"/help/pages/{path}").status_code == 404
    assert shop.call.get("/help/pages/fr/engraving").status_code == 422
    assert shop.call.get("/help/pages/en/..%2Fsecret").status_code in (404, 422)


def test_the_policies_answer_without_a_page(shop: Crm) -> None:
    assert _ask(shop, "can an order be cancelled?")[0]["page"] == "rules"


@pytest.mark.parametrize("text", ["", "# Only a title", "---\nurl: x\n---\n", "## \n\n", "<!-- open"])
def test_a_page_without_words_has_no_section(text: str) -> None:
    assert all(section.paragraphs for section in parse_page(text, name="x", language="en").sections)
