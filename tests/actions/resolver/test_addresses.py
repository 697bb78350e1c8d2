"""Known addresses, written ones, recipients and notes."""

from __future__ import annotations

import pytest

from actions.resolver import (
    AddressCandidate,
    Recipient,
    is_phone_in,
    parse_address,
    read_recipient,
    resolve_address,
    without_address,
)
from tests.actions.resolver.candidates import ADDRESSES, ORDERS, TODAY


@pytest.mark.parametrize(
    ("text", "key"),
    [
        ("my work address", "work"),
        ("the office please", "work"),
        ("寄到公司", "work"),
        ("改到我妈妈家", "mother"),
        ("默认地址", "home"),
        ("the one in Leeds", "work"),
        ("King Street", "work"),
        ("change the address to the one on my other order", "work"),
        ("另一单的地址", "work"),
    ],
)
def test_finds_a_known_address(text: str, key: str) -> None:
    result = resolve_address(text, ADDRESSES, orders=ORDERS[:2], current_order="A1001", country="GB", today=TODAY)
    assert (result.status, [address.key for address in result.candidates]) == ("one", [key])


def test_says_that_there_is_no_address_of_that_kind() -> None:
    result = resolve_address("my parents' place", ADDRESSES, today=TODAY)
    assert (result.status, result.asked_but_absent[0].kind) == ("none", "thing")


@pytest.mark.parametrize(
    ("text", "lines", "city", "postcode", "country"),
    [
        ("send it to 221b Baker Street, London NW1 6XE", ("221b Baker Street",), "London", "NW1 6XE", "GB"),
        ("I moved to 5 Oak Avenue, Bristol BS1 4ST please", ("5 Oak Avenue",), "Bristol", "BS1 4ST", "GB"),
        ("742 Evergreen Terrace, Springfield, IL 62704", ("742 Evergreen Terrace",), "Springfield", "62704", "US"),
        (
            "ship to 742 Evergreen Terrace Springfield IL 62704",
            ("742 Evergreen Terrace",),
            "Springfield",
            "62704",
            "US",
        ),
        ("Apt 4B, 350 Fifth Avenue, New York, NY 10118", ("Apt 4B", "350 Fifth Avenue"), "New York", "10118", "US"),
        ("Hauptstraße 5, 10115 Berlin, Germany", ("Hauptstraße 5",), "Berlin", "10115", "DE"),
        ("12 rue de Rivoli, 75001 Paris, France", ("12 rue de Rivoli",), "Paris", "75001", "FR"),
        ("Keizersgracht 100, 1015 AA Amsterdam", ("Keizersgracht 100",), "Amsterdam", "1015 AA", "NL"),
    ],
)
def test_reads_a_written_address(text: str, lines: tuple[str, ...], city: str, postcode: str, country: str) -> None:
    address = parse_address(text, country="GB")
    assert address is not None
    assert (tuple(address.lines), address.city, address.postcode, address.country) == (lines, city, postcode, country)


def test_reads_chinese_addresses_from_large_to_small() -> None:
    address = parse_address("地址改成浙江省杭州市西湖区文三路478号华星大厦3楼，王小明，13812345678")
    assert address is not None
    assert (address.region, address.city, address.district) == ("浙江省", "杭州市", "西湖区")
    assert (tuple(address.lines), address.recipient, address.phone) == (
        ("文三路478号华星大厦3楼",),
        "王小明",
        "13812345678",
    )
    short = parse_address("上海市浦东新区张江路100号5栋201室 李雷 13912345678")
    assert short is not None
    assert (short.city, short.district, short.recipient) == ("上海市", "浦东新区", "李雷")


def test_a_recipient_and_phone_before_the_street() -> None:
    address = parse_address("please deliver to Tom Smith, 5 High Street, Cambridge, CB2 1TN, phone 07700 900123")
    assert address is not None
    assert (address.recipient, tuple(address.lines), address.phone) == ("Tom Smith", ("5 High Street",), "07700 900123")


@pytest.mark.parametrize(
    "text", ["the address is wrong", "hello", "where is my order 1002", "我要改地址", "change it please"]
)
def test_does_not_take_other_words_for_an_address(text: str) -> None:
    assert parse_address(text, country="GB") is None


@pytest.mark.parametrize(
    ("text", "recipient"),
    [
        ("change the recipient to Mary Jones, phone 07700 900456", Recipient("Mary Jones", "07700 900456")),
        ("收件人改成李四，电话13812345678", Recipient("李四", "13812345678")),
        ("delivery note: leave with the neighbour", Recipient(note="leave with the neighbour")),
        ("放门口就行", Recipient(note="放门口就行")),
        ("the name should be Tom O'Neil", Recipient("Tom O'Neil")),
        ("备注：送货前打电话", Recipient(note="送货前打电话")),
        ("收件人也改成我老公 李强", Recipient("李强")),
        ("the recipient should be my husband Tom Hall", Recipient("Tom Hall")),
        ("收件人改成我老公", Recipient()),
    ],
)
def test_reads_who_receives_it(text: str, recipient: Recipient) -> None:
    assert read_recipient(text) == recipient


@pytest.mark.parametrize(
    ("text", "lines", "city", "postcode"),
    [
        ("the address on my latest order to 12 Rose Lane, Leeds LS1 4AB", ("12 Rose Lane",), "Leeds", "LS1 4AB"),
        ("address for GP005057 to Flat 3, 9 King St, Derby, DE1 2LQ", ("Flat 3", "9 King St"), "Derby", "DE1 2LQ"),
        ("deliver to my sister instead, Anna Smith, 7 Mill Rd, Ely CB7 2AZ", ("7 Mill Rd",), "Ely", "CB7 2AZ"),
        ("地址写错了，应该是朝阳区建国路93号院5号楼，不是6号楼", ("建国路93号院5号楼",), "", ""),
        ("寄到我新家 上海市浦东新区张江路88弄3号602 王小明 13800138000", ("张江路88弄3号602",), "上海市", ""),
    ],
)  # fmt: skip
def test_an_address_begins_after_the_sentence_around_it(
    text: str, lines: tuple[str, ...], city: str, postcode: str
) -> None:
    address = parse_address(text, country="GB")
    assert address is not None
    assert (address.lines, address.city, address.postcode) == (lines, city, postcode)


def test_a_postcode_in_a_sentence_is_no_street() -> None:
    assert parse_address("sorry postcode is LS1 4BA", country="GB") is None


def test_a_street_and_a_town_are_no_address_of_the_book_unless_it_has_that_door() -> None:
    new = resolve_address("change it to 12 Mill Lane, Leeds", ADDRESSES, country="GB", today=TODAY)
    assert (new.status, new.first.source, new.first.city) == ("unclear", "typed", "Leeds")
    known = next(each for each in ADDRESSES if each.lines and each.city and each.postcode)
    again = resolve_address(f"send it to {known.lines[0]}, {known.city}", ADDRESSES, country="GB", today=TODAY)
    assert (again.status, again.first.key) == ("one", known.key)
    chinese = parse_address("那单改地址到上海市徐汇区漕溪北路200号")
    assert chinese is not None
    assert (chinese.city, chinese.district) == ("上海市", "徐汇区")


@pytest.mark.parametrize(
    ("text", "rest"),
    [
        ("two mugs to 12 Mill Lane, York YO1 7AB please", "two mugs to address please"),
        ("来两个杯子，寄到上海市徐汇区漕溪北路200号", "来两个杯子，寄到 地址"),
        ("two mugs please", "two mugs please"),
    ],
)
def test_words_without_an_address(text: str, rest: str) -> None:
    assert without_address(text) == rest


@pytest.mark.parametrize("text", ["改成12 Mill Lane, York YO1 7AB", "没发货那单改地址到12 Mill Lane, York, YO1 7AB"])
def test_a_latin_address_in_a_chinese_sentence(text: str) -> None:
    read = parse_address(text, country="GB")
    assert read is not None
    assert (read.lines, read.city, read.postcode) == (("12 Mill Lane",), "York", "YO1 7AB")


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("收货人也改 改成我老公 赵海 07700900123", Recipient("赵海", "07700900123")),
        ("收件人也改啊 Mary", Recipient("Mary")),
        ("收件人换成我妈 叫Ruth 电话是07700900999 不改地址", Recipient("Ruth", "07700900999")),
        ("收件人换一下", Recipient()),
        ("收件人能改吗", Recipient()),
        ("对 备注办吧", Recipient()),
        ("备注怎么没了 备注：放门卫", Recipient("", "", "放门卫")),
        ("备注别忘了 礼盒包装", Recipient("", "", "礼盒包装")),
        ("her names Tess", Recipient("Tess")),
        ("recipient is omar haddad", Recipient("Omar Haddad")),
        ("recipient is still wrong", Recipient()),
        ("put her name on it", Recipient()),
        ("and Bo Lin as the recipient", Recipient("Bo Lin")),
        (
            "recipient of the rug order to 'Bo Lin', tell the driver to leave with neighbour at no. 12",
            Recipient("Bo Lin", "", "leave with neighbour at no. 12"),
        ),
    ],
)
def test_the_sentence_around_a_recipient_is_none_of_it(text: str, expected: Recipient) -> None:
    assert read_recipient(text) == expected


@pytest.mark.parametrize(
    ("text", "number", "phone"),
    [
        ("电话换一个换成07911123456", "07911123456", True),
        ("my mobile is 0049 30 123456", "004930123456", False),
        ("change order 100200300 please", "100200300", False),
    ],
)
def test_a_phone_number_is_none_of_an_order(text: str, number: str, phone: bool) -> None:
    assert is_phone_in(text, number) is phone


@pytest.mark.parametrize(
    ("text", "line", "city", "postcode", "country"),
    [
        ("地址没改啊 12 Oak Street Manchester M1 4BT", "12 Oak Street", "Manchester", "M1 4BT", "GB"),
        ("germany. 12 Lindenstr, Berlin 10969", "12 Lindenstr", "Berlin", "10969", "DE"),
        ("to my cousin in france: 8 rue des Lilas, Lyon 69003", "8 rue des Lilas", "Lyon", "69003", "FR"),
    ],
)
def test_a_written_address_without_the_sentence_around_it(
    text: str, line: str, city: str, postcode: str, country: str
) -> None:
    found = parse_address(text, country="GB")
    assert found is not None
    assert (found.lines, found.city, found.postcode, found.country) == ((line,), city, postcode, country)


def test_a_place_where_it_is_not_to_go_is_not_meant() -> None:
    result = resolve_address("deliver it to the office, not home", ADDRESSES, today=TODAY)
    assert [address.key for address in result.candidates] == ["work"]


CALLED = [
    AddressCandidate("own", ("8 Alder Row",), "Leeds", postcode="LS6 2AB", label="家", is_default=True),
    AddressCandidate("office", ("40 Canal Wharf",), "Leeds", postcode="LS11 5DP", label="公司"),
    AddressCandidate("theirs", ("3 Beacon Hill",), "York", postcode="YO1 7JN", label="父母家"),
]


@pytest.mark.parametrize(
    ("text", "key"),
    [
        ("改寄到父母家", "theirs"),
        ("把地毯那单送到父母家的地址", "theirs"),
        ("寄去我爸妈家", "theirs"),
        ("send it to my parents' home", "theirs"),
        ("ship it to my mum's house", "theirs"),
        ("寄到我家", "own"),
        ("送回家里", "own"),
        ("把家具那单改到公司", "office"),
        ("在你们家买的灯送到公司", "office"),
    ],
)
def test_a_home_is_not_mistaken_for_another_one(text: str, key: str) -> None:
    result = resolve_address(text, CALLED, today=TODAY)
    assert (result.status, [address.key for address in result.candidates]) == ("one", [key]), text


@pytest.mark.parametrize(
    "text", ["寄到爷爷家", "送到我女朋友家", "ship it to my brother's house", "to my sister's place"]
)
def test_somebody_elses_home_is_none_of_the_book(text: str) -> None:
    result = resolve_address(text, CALLED, today=TODAY)
    assert (result.status, result.asked_but_absent[0].kind) == ("none", "thing"), text
