"""Which language a message is in."""

import pytest
from channels.language import choose_language


@pytest.mark.parametrize(
    ("text", "conversation", "expected"),
    [
        ("where is my order?", None, "en"),
        ("我的订单到哪了？", None, "zh"),
        ("where is my order?", "zh", "en"),
        ("我的订单到哪了？", "en", "zh"),
        ("yes", "zh", "zh"),
        ("no thanks", "zh", "en"),
        # No words of any language: the conversation's.
        ("UK-10442-A", "zh", "zh"),
        ("1Z999AA10123456784", "en", "en"),
        ("SW1A 1AA", "zh", "zh"),
        ("li.wei@example.com", "zh", "zh"),
        ("https://shop.example.com/orders/where-is-my-order", "zh", "zh"),
        ("13800138000", "zh", "zh"),
        ("🙂", "zh", "zh"),
        ("???", None, "en"),
        # A single name or brand in a Chinese conversation is not a change of language; a sentence is.
        ("DHL", "zh", "zh"),
        ("ok", "zh", "zh"),
        ("Jane Smith", "zh", "zh"),
        ("Ada Byron，268 Sunset Drive Columbus，43119", "zh", "zh"),
        ("Ada Byron, 12 Elm Street Leeds, LS6 2AB", "zh", "zh"),
        ("ada byron，268 sunset drive columbus，43119", "zh", "zh"),
        ("Ada Byron, 12 Elm Street Leeds, LS6 2AB", "en", "en"),
        ("My Parcel Is Late, Order 1234", "zh", "en"),
        ("hello", "zh", "en"),
        ("thanks", "zh", "en"),
        ("parcel lost somewhere yesterday", "zh", "en"),
        ("hello", None, "en"),
        # Mixed: grammar decides.
        ("我的 order 到哪了", "en", "zh"),
        ("请问 Stoneware Coffee Mug Blue 发货了吗", None, "zh"),
        ("what does 七天无理由 mean?", "zh", "en"),
        ("I want to return the 羊毛围巾", "zh", "en"),
        ("帮我查一下 UK10442 的 tracking", "en", "zh"),
        ("订单号 is UK10442", "zh", "zh"),
        ("那个rug的order能cancel吗", "zh", "zh"),
        ("how do i say 我的 in the order", "zh", "en"),
        ("ＷＨＥＲＥ ＩＳ ＭＹ ＯＲＤＥＲ", "zh", "en"),
        ("where’s my parcel", "zh", "en"),
        # Pinyin is Chinese; names and English words made of its syllables are not.
        ("wo de kuaidi dao nale", "en", "zh"),
        ("wo de baoguo zai nali", None, "zh"),
        ("dingdan 489434 fahuo le ma", "en", "zh"),
        ("nihao", None, "zh"),
        ("Li Wei", "en", "en"),
        ("Wang Hao", "en", "en"),
        ("send me a fan", "en", "en"),
        ("can he sing", "en", "en"),
        ("banana", None, "en"),
    ],
)
def test_the_words_decide(text, conversation, expected):
    assert choose_language(text, conversation) == expected


def test_the_conversation_follows_the_shopper(run_with_bot):
    async def scenario(bot):
        assert (await bot.say("m1", "你好"))["language"] == "zh"
        assert (await bot.say("m2", "我的订单到哪了"))["replies"][0]["text"] == "请问是哪一笔订单？"
        assert (await bot.say("m3", "A200"))["replies"][0]["text"] == "订单A200的状态：shipped。"
        assert (await bot.say("m4", "hello"))["language"] == "en"
        assert (await bot.tracker()).get_slot("language") == "en"
        # The gateway's word counts where the message has none.
        assert (await bot.say("m5", kind="button", payload="/greet", label="Hello", language="zh"))["language"] == "zh"

    run_with_bot(scenario)
