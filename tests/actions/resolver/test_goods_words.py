"""General words for goods are found within a question that has no spaces, and beside others."""

from __future__ import annotations

from actions.resolver.goods_words import goods_words


def test_words_for_goods() -> None:
    assert goods_words("墨镜偏光的有几款") == ["墨镜"]
    assert "hiking boots" in goods_words("are the hiking boots waterproof?")
    assert goods_words("what is the total?") == []
