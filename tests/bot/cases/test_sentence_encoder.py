"""The sentence encoder: what is made of the packaged weights, and what it says of sentences."""

import numpy as np
import pytest
from components import encoder_conversion
from components.encoder_conversion import EncoderUnusable, packaged_encoder, provide_encoder, read_safetensors
from components.intent_model import SENTENCE, IntentModel, read, sentence
from components.sentence_encoder import MAXIMUM_TOKENS, SentenceEncoder, WordPiece
from scipy.special import erf

SENTENCES = [
    "where is my order 12345",
    "it says delivered but i never got it, can you check please",
    "hi",
    "what time do you open on bank holidays",
]


@pytest.fixture(scope="module")
def folder(tmp_path_factory):
    target = tmp_path_factory.mktemp("encoder")
    provide_encoder(None, target)
    return target


@pytest.fixture(scope="module")
def encoder(folder):
    return SentenceEncoder(folder)


def full_precision(weights, ids):
    """The same network in plain NumPy, from its definition."""

    def dense(x, name):
        return x @ weights[f"{name}.weight"].T + weights[f"{name}.bias"]

    def normalised(x, name):
        x = x - x.mean(-1, keepdims=True)
        x = x / np.sqrt((x**2).mean(-1, keepdims=True) + 1e-12)
        return x * weights[f"{name}.weight"] + weights[f"{name}.bias"]

    words = weights["embeddings.word_embeddings.weight"][ids]
    x = words + weights["embeddings.position_embeddings.weight"][: len(ids)]
    x = normalised(x + weights["embeddings.token_type_embeddings.weight"][0], "embeddings.LayerNorm")
    for layer in (f"encoder.layer.{i}" for i in range(6)):
        parts = (dense(x, f"{layer}.attention.self.{part}") for part in ("query", "key", "value"))
        query, key, value = (part.reshape(len(ids), 12, 32).transpose(1, 0, 2) for part in parts)
        scores = np.exp(query @ key.transpose(0, 2, 1) / np.sqrt(32))
        mixed = (scores / scores.sum(-1, keepdims=True) @ value).transpose(1, 0, 2).reshape(len(ids), 384)
        x = normalised(x + dense(mixed, f"{layer}.attention.output.dense"), f"{layer}.attention.output.LayerNorm")
        inner = dense(x, f"{layer}.intermediate.dense")
        inner = inner * (1 + erf(inner / np.sqrt(2))) / 2
        x = normalised(x + dense(inner, f"{layer}.output.dense"), f"{layer}.output.LayerNorm")
    mean = x.mean(0)
    return mean / np.linalg.norm(mean)


def test_eight_bits_keep_the_meaning(encoder):
    source = packaged_encoder()
    weights = read_safetensors(source / "model.safetensors")
    tokens = WordPiece((source / "vocab.txt").read_text(encoding="utf-8").split("\n"))
    cosines = [float(encoder(text) @ full_precision(weights, tokens(text))) for text in SENTENCES]
    assert min(cosines) > 0.97
    assert np.mean(cosines) > 0.985


def test_sentences_that_mean_the_same_lie_closer(encoder):
    parcel, package, hours = (encoder(text) for text in ("where is my parcel", "track my package", "when do you open"))
    assert parcel @ package > 2 * abs(parcel @ hours)
    assert np.linalg.norm(parcel) == pytest.approx(1.0, abs=1e-5)


def test_conversion_is_deterministic_and_small(folder, tmp_path):
    provide_encoder(None, tmp_path)
    assert (tmp_path / "model.onnx").read_bytes() == (folder / "model.onnx").read_bytes()
    assert (folder / "model.onnx").stat().st_size < 30_000_000


def test_another_encoder_is_taken_as_it_is(folder, tmp_path, encoder):
    provide_encoder(folder, tmp_path / "own")
    assert np.array_equal(SentenceEncoder(tmp_path / "own")("hello"), encoder("hello"))
    with pytest.raises(EncoderUnusable, match=r"model\.onnx"):
        provide_encoder(tmp_path, tmp_path / "none")


def test_weights_with_another_checksum_are_refused(monkeypatch):
    monkeypatch.setattr(encoder_conversion, "SHA256", "0" * 64)
    with pytest.raises(EncoderUnusable, match="SHA-256"):
        packaged_encoder()


def test_tokens_are_the_longest_pieces():
    tokens = WordPiece(["[UNK]", "[CLS]", "[SEP]", "parcel", "##s", "par", "creme", "!"])
    assert tokens("Parcels!") == [1, 3, 4, 7, 2]
    assert tokens("CRÈME xyz") == [1, 6, 0, 2]
    assert tokens("") == [1, 2]
    assert len(tokens("parcel " * 500)) == MAXIMUM_TOKENS


def test_the_encoder_reads_words_for_identifiers_and_no_chinese():
    assert sentence(read("where is SD-10023?")).split() == ["where", "is", "12345", "?"]
    assert "example" not in sentence(read("my mail is jane@example.com"))
    assert sentence(read("我的 order 到哪了")) is None


def test_a_stored_model_understands_as_before(encoder, tmp_path):
    texts = ["where is my parcel", "track my order", "thanks a lot", "thank you", "我的快递到哪了", "谢谢"]
    intents = ["track", "track", "thank", "thank", "track", "thank"]
    model = IntentModel(encoders={SENTENCE: encoder}).fit(texts, intents)
    model.save(tmp_path / "intents.npz")
    stored = IntentModel.read(tmp_path / "intents.npz", {SENTENCE: encoder})
    # "shipment" and "grateful" stand in no example.
    for text in ("where has my shipment got to", "i am grateful", "谢谢你", ""):
        assert stored.ranking(text) == model.ranking(text)
    assert stored.ranking("where has my shipment got to")[0][0] == "track"
    assert stored.ranking("i am so grateful")[0][0] == "thank"
