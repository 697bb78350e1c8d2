"""Receipts: what stands on them, who gets them, and links that open one for a while."""

from __future__ import annotations

from io import BytesIO

import pytest
from pypdf import PdfReader

from crm_backend.documents.fonts import typefaces
from crm_backend.documents.models import DocumentLink
from crm_backend.jobs import JOBS, run_job
from tests.crm import records
from tests.crm.conftest import Crm
from tests.crm.documents.conftest import text_of


def test_a_receipt_has_everything_of_the_order_in_english(shop: Crm) -> None:
    answer = shop.call.get("/shopper/c1/receipts/sd1", params={"language": "en"})
    assert answer.status_code == 200
    assert answer.headers["content-type"] == "application/pdf"
    assert "Receipt-SD-1.pdf" in answer.headers["content-disposition"]
    text = text_of(answer.content)
    for words in (
        "Test Shop", "help@example.org", "Receipt", "SD-1", "2 March 2026, 17:30", "林晓梅", "delivered",
        "Kettle", "colour: red", "KET-1", "1 returned", "CN¥100.00", "CN¥200.00", "Cup & <saucer>",
        "CN¥300.00", "-CN¥20.00", "CN¥10.00", "Total CN¥290.00", "Of which tax CN¥33.36",
        "UnionPay", "4242", "in 3 instalments", "CN¥250.00", "Gift card", "CN¥40.00",
        "to the way you paid", "4 March 2026, 10:00", "CN¥90.00", "Paid, less refunds CN¥200.00", "not a tax invoice",
    ):  # fmt: skip
        assert words in text, (words, text)


def test_a_receipt_in_chinese_reads_as_one(shop: Crm) -> None:
    text = text_of(shop.call.get("/shopper/c1/receipts/SD-1", params={"language": "zh"}).content)
    for words in (
        "测试小店", "购物凭证", "订单编号", "2026年3月2日 17:30", "林晓梅", "已签收", "电热水壶", "已退 1 件",
        "¥290.00", "其中含税", "分 3 期", "礼品卡", "原路退回", "实付金额（扣除退款）", "¥200.00", "不是发票",
    ):  # fmt: skip
        assert words in text, (words, text)
    assert "Receipt" not in text


def test_the_readers_language_is_the_conversations_when_none_is_asked_for(shop: Crm) -> None:
    shop.start("c1", language="zh")
    assert "购物凭证" in text_of(shop.call.get("/shopper/c1/receipts/SD-1").content)
    assert "Receipt" in text_of(shop.staff("GET", "/receipts/SD-1").content)


def test_another_shoppers_receipt_and_none_are_the_same_404(shop: Crm) -> None:
    foreign, missing = (shop.call.get(f"/shopper/c2/receipts/{number}") for number in ("SD-1", "SD-9"))
    assert foreign.status_code == missing.status_code == 404
    assert foreign.content == missing.content
    assert shop.call.get("/shopper/c1/receipts/SD-1").status_code == 200
    assert shop.call.get("/staff/receipts/SD-1").status_code == 403


def test_one_proved_order_shows_no_card(shop: Crm) -> None:
    assert shop.verify("c3", "SD-1", email="mina@example.org").status_code == 200
    text = text_of(shop.call.get("/shopper/c3/receipts/SD-1").content)
    assert "CN¥250.00" in text
    assert "4242" not in text
    assert "4242" in text_of(shop.call.get("/shopper/c1/receipts/SD-1").content)


def test_an_order_without_lines_prices_or_payments_says_so(shop: Crm) -> None:
    with shop.records() as session:
        mina = records.order(session, "SD-2", state="created", contact_email="a@example.org")
        assert mina.total_minor is None
    assert shop.verify("c3", "SD-2", email="a@example.org").status_code == 200
    text = text_of(shop.call.get("/shopper/c3/receipts/SD-2", params={"language": "en"}).content)
    assert "Order summary" in text
    assert "no lines" in text
    assert "No payment is on record" in text


def test_a_long_order_takes_several_pages_and_tax_beside_the_prices_is_added(shop: Crm) -> None:
    with shop.records() as session:
        order = records.order(
            session, "SD/3", state="delivered", contact_email="a@example.org",
            subtotal_minor=8000, tax_minor=800, total_minor=8800, contact_name="Zoë " + "Long-Name " * 15,
        )  # fmt: skip
        for number in range(1, 81):
            records.line(session, order, number, title=f"Thing {number} 物品", unit_price_minor=100, total_minor=100)
    assert shop.verify("c3", "SD/3", email="a@example.org").status_code == 200
    pdf = shop.call.get("/shopper/c3/receipts/SD/3", params={"language": "en"}).content
    assert len(PdfReader(BytesIO(pdf)).pages) > 2
    text = text_of(pdf)
    assert "Thing 80 物品" in text
    assert "Tax £8.00 Total £88.00" in text


def test_a_typeface_that_is_none_is_named(tmp_path_factory: pytest.TempPathFactory) -> None:
    font = tmp_path_factory.mktemp("fonts") / "no-font.ttf"
    font.write_bytes(b"not a font")
    with pytest.raises(ValueError, match="no-font"):
        typefaces(font)


# --- Links ------------------------------------------------------------------------------------------------------


def link(crm: Crm, conversation: str, order: str = "SD-1", **more: object) -> str:
    answer = crm.call.post(f"/shopper/{conversation}/document-links", json={"order": order, **more})
    assert answer.status_code == 201, answer.text
    path: str = answer.json()["path"]
    return path


def test_a_link_opens_its_document_until_it_expires(shop: Crm) -> None:
    path = link(shop, "c1", language="zh")
    opened = shop.call.get(path)
    assert opened.headers["content-type"] == "application/pdf"
    assert "购物凭证" in text_of(opened.content)
    assert "4242" in text_of(opened.content)
    with shop.records() as session:
        assert path.rpartition("/")[2] not in str([vars(row) for row in session.query(DocumentLink)])
    shop.wall.advance(minutes=16)
    gone = shop.call.get(path)
    assert gone.status_code == 404
    unknown = shop.call.get("/documents/doc_" + "A" * 43)
    assert gone.content == unknown.content
    for job in JOBS:
        if job.name == "forget_document_links":
            assert run_job(shop.app.state.resources, job)
    with shop.records() as session:
        assert session.query(DocumentLink).count() == 0


def test_nobody_makes_a_link_to_another_s_order(shop: Crm) -> None:
    foreign = shop.call.post("/shopper/c2/document-links", json={"order": "SD-1"})
    missing = shop.call.post("/shopper/c2/document-links", json={"order": "SD-9"})
    assert foreign.status_code == missing.status_code == 404
    assert foreign.content == missing.content
    assert link(shop, "c1")


def test_a_link_of_one_proved_order_opens_that_one_alone(shop: Crm) -> None:
    assert shop.verify("c3", "SD-1", email="mina@example.org").status_code == 200
    assert "4242" not in text_of(shop.call.get(link(shop, "c3")).content)
