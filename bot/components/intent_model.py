"""The intent classifier itself: counts of words and characters beside a sentence's embeddings in one logistic
regression, and for English a hidden layer over the embeddings; without Rasa.

Text is folded, masked (identifiers become placeholder words, so that a shop's number shapes play no part) and brought
to simplified Chinese. Words tell most in English, Han characters and their pairs in Chinese; character n-grams inside
words carry typos in both. Two embeddings know words that no example has: one knows English well and is zero for a
message with Han characters, the other knows sixteen languages. Where both speak, a network with one hidden layer over
them has its say beside the regression: it sees what is no straight line. Weights, shares and C were chosen by
cross-validation among a few settings (`nlu_report.py tune`, figures in bot/README.md).
"""

from __future__ import annotations

import json
import re
from concurrent.futures import Future, ThreadPoolExecutor
from functools import lru_cache, partial
from pathlib import Path
from typing import Callable, ClassVar, Dict, List, Mapping, Optional, Sequence, Tuple

import numpy as np
from scipy.sparse import hstack
from sklearn.feature_extraction.text import TfidfVectorizer

from components.hidden_layer import HiddenLayer
from components.identifiers import PLACEHOLDERS
from components.identifiers import mask as mask_identifiers
from components.regression import regress

mask = lru_cache(maxsize=32768)(mask_identifiers)
"""Counts and both encoders read the same masked text; training reads all of it for each of them."""
HAN = r"\u3400-\u4dbf\u4e00-\u9fff"

_TRADITIONAL = (
    "訂單號貨發遞這還沒麼嗎為們請問謝電話郵編碼後幾個買東時間運務員機關應該裡錯點來過給說試實轉幫換顧誰現訊達遲讓聽見記線樓門"
    "開張網絡態狀況進預計萬塊錢禮盡愛氣壞藍紅綠顏樣種級積優價費丟簽顯動係帳歡褲書盤燈廣處經濟長從別嚴對於樂節產學習業辦標準護"
    "壓縮圖輸傳註銷"
)
_SIMPLIFIED = (
    "订单号货发递这还没么吗为们请问谢电话邮编码后几个买东时间运务员机关应该里错点来过给说试实转帮换顾谁现讯达迟让听见记线楼门"
    "开张网络态状况进预计万块钱礼尽爱气坏蓝红绿颜样种级积优价费丢签显动系账欢裤书盘灯广处经济长从别严对于乐节产学习业办标准护"
    "压缩图输传注销"
)
_SIMPLIFY = str.maketrans(_TRADITIONAL, _SIMPLIFIED)
_REPEATED_LATIN = re.compile(r"([a-z])\1{2,}")
_REPEATED_MARK = re.compile(r"([^\w\s])\1+")
# Particles that colour a Chinese sentence without changing what it says; 吗, 没 and 不 ask and are kept.
_PARTICLES = re.compile(rf"(?<=[{HAN}])[吧呀啊呢啦哦嘛哈噢哟喔哒嘞咯]+(?=[\s,.!?~，。！？]|$)")
_WORDS = re.compile(rf"[a-z0-9']+|[{HAN}]+|[^\w\s]")
_HAN_RUN = re.compile(rf"[{HAN}]+")


Reading = Tuple[str, bool]
"""All that the model knows of a message: its words with identifiers masked, and whether they are Chinese."""


def read(text: str) -> Reading:
    """What is read of `text`. Messages of one reading have one ranking, whichever order they are about."""
    return " ".join(mask(text).split()), _HAN_RUN.search(text) is not None


def normalise(text: str) -> str:
    """What the features of `text` are counted on."""
    return _counted(mask(text))


def _counted(masked: str) -> str:
    plain = masked.lower().translate(_SIMPLIFY).replace("’", "'")
    plain = re.sub(r"\d", "0", plain)
    plain = _REPEATED_LATIN.sub(r"\1\1", plain)
    return _PARTICLES.sub("", _REPEATED_MARK.sub(r"\1", plain))


def _latin_words(text: str) -> List[str]:
    tokens = [token.replace("'", "") for token in _WORDS.findall(text) if not _HAN_RUN.match(token)]
    tokens = [token for token in tokens if token]
    return tokens + [f"{a} {b}" for a, b in zip(["^", *tokens], [*tokens, "$"], strict=True)]


def _latin_characters(text: str) -> List[str]:
    grams: List[str] = []
    for word in _WORDS.findall(text):
        if _HAN_RUN.match(word) or word.startswith("xx"):
            continue
        padded = f" {word} "
        for size in (3, 4):
            grams += [padded[i : i + size] for i in range(len(padded) - size + 1)]
    return grams


def _han_characters(text: str) -> List[str]:
    grams: List[str] = []
    for run in _HAN_RUN.findall(re.sub(rf"(?<=[{HAN}])[\s,.!?~，。！？]+(?=[{HAN}])", "", text)):
        padded = f"^{run}$"
        grams += list(run)
        grams += [padded[i : i + 2] for i in range(len(padded) - 1)]
        grams += [run[i : i + 3] for i in range(len(run) - 2)]
    return grams


# What an identifier is to the encoder, which never saw our placeholders.
_SPOKEN = {
    "order_number": "12345",
    "postcode": "postcode",
    "email": "email address",
    "phone": "phone number",
}
_SPOKEN_PLACEHOLDERS = {PLACEHOLDERS[kind]: words for kind, words in _SPOKEN.items()}
_PLACEHOLDER = re.compile("|".join(sorted(_SPOKEN_PLACEHOLDERS, key=len, reverse=True)))


def spoken(reading: Reading) -> str:
    """What encoders read of a message: identifiers in words."""
    return _PLACEHOLDER.sub(lambda match: _SPOKEN_PLACEHOLDERS[match.group()], reading[0])


def sentence(reading: Reading) -> Optional[str]:
    """What the English encoder reads; None for Chinese, of which it knows nothing."""
    return None if reading[1] else spoken(reading)


Encode = Callable[[str], np.ndarray]
_GROUPS = {"words": _latin_words, "characters": _latin_characters, "han": _han_characters}
_Ranking = List[Tuple[str, float]]


SENTENCE = "sentence"
MULTILINGUAL = "multilingual"
_READS: Dict[str, Callable[[Reading], Optional[str]]] = {SENTENCE: sentence, MULTILINGUAL: spoken}
"""The embeddings, and what each encoder reads of a message; None stands for nothing."""
_BESIDE = ThreadPoolExecutor(max_workers=1, thread_name_prefix="encoder")
"""Where one encoder reads a message while the other reads it here: a shopper waits for the slower, not for both."""
_MANY = 2000
"""From this many examples on, what only a few of them have tells nothing worth its memory and time."""
_SELDOM = {"words": 2, "characters": 4, "han": 3}
"""How many examples must have a feature then. With twice as many features cross-validation finds no other accuracy."""
_LINEAR_SHARE = 0.6
_HIDDEN_SHARE = 0.6
"""What the regression's and the hidden layer's scores count for where there are both; cross-validated."""


class IntentModel:
    """Learns intents from examples and tells how likely each is for a message.

    What was learnt is kept as plain arrays, so that a model file holds no code and a message is
    understood without building sparse matrices. `encoders` give a text's embeddings, by name; who is not there is
    left out.
    """

    C = 10.0
    # A Chinese message has one group of features where an English one has three, so its group weighs more.
    WEIGHTS: ClassVar[Dict[str, float]] = {
        "words": 1.3,
        "characters": 1.5,
        "han": 3.0,
        SENTENCE: 2.0,
        MULTILINGUAL: 2.5,
    }

    def __init__(
        self,
        c: Optional[float] = None,
        weights: Optional[Dict[str, float]] = None,
        encoders: Optional[Mapping[str, Encode]] = None,
    ) -> None:
        self._c = c or self.C
        self._encoders = {name: encoders[name] for name in _READS if encoders and name in encoders}
        self._weights = dict(weights or self.WEIGHTS)
        self._intents: List[str] = []
        self._vocabularies: Dict[str, Dict[str, int]] = {}
        self._idf: Dict[str, np.ndarray] = {}
        self._coefficients: Dict[str, np.ndarray] = {}
        self._intercept = np.zeros(0)
        self._hidden: Optional[HiddenLayer] = None

    def fit(self, texts: Sequence[str], intents: Sequence[str]) -> "IntentModel":
        """Learns from labelled examples. Deterministic. Raises ValueError with fewer than two intents."""
        normalised = [normalise(text) for text in texts]
        vectorizers = {
            name: TfidfVectorizer(
                analyzer=analyzer,
                sublinear_tf=True,
                min_df=_SELDOM[name] if len(texts) >= _MANY else 2 if name == "characters" else 1,
            )
            for name, analyzer in _GROUPS.items()
        }
        counts = hstack([self._weights[name] * each.fit_transform(normalised) for name, each in vectorizers.items()])
        plain = {name: self._embeddings(name, texts) for name in self._encoders}
        blocks = {name: self._weights[name] * block for name, block in plain.items()}
        embeddings = np.hstack([np.zeros((len(texts), 0), dtype=np.float32), *blocks.values()])
        names, labels = np.unique(np.asarray(intents), return_inverse=True)
        if len(names) < 2:
            raise ValueError("An intent model needs examples of at least two intents.")
        coefficients, intercept = regress(counts.tocsr().astype(np.float32), embeddings, labels, self._c)
        if set(plain) >= set(_READS):
            english = np.flatnonzero(plain[SENTENCE].any(axis=1))
            inputs = np.hstack([plain[name][english] for name in _READS])
            self._hidden = HiddenLayer.fit(inputs, labels[english], len(names)) if len(english) else None
        self._intents = [str(name) for name in names]
        self._intercept = intercept
        column = 0
        for name, each in vectorizers.items():
            size = len(each.vocabulary_)
            self._vocabularies[name] = {gram: int(i) for gram, i in each.vocabulary_.items()}
            self._idf[name] = each.idf_.astype(np.float32)
            self._coefficients[name] = coefficients[column : column + size]
            column += size
        for name, block in blocks.items():
            self._coefficients[name] = coefficients[column : column + block.shape[1]]
            column += block.shape[1]
        return self

    def _embeddings(self, name: str, texts: Sequence[str]) -> np.ndarray:
        rows = [self._embedding(name, read(text)) for text in texts]
        size = next((len(row) for row in rows if row is not None), 1)
        return np.array([np.zeros(size, dtype=np.float32) if row is None else row for row in rows])

    def _embedding(self, name: str, reading: Reading) -> Optional[np.ndarray]:
        words = _READS[name](reading)
        return None if words is None else self._encoders[name](words)

    def ranking(self, text: str) -> _Ranking:
        """Every intent with its probability, likeliest first."""
        return self._ranking(read(text))

    def remembering(self, readings: Optional[int]) -> Callable[[str], _Ranking]:
        """`ranking` that works out each reading once, while no more than so many others were since; None: ever."""
        known = lru_cache(maxsize=readings)(self._ranking)
        return lambda text: known(read(text))

    def _reading_beside(self, reading: Reading) -> Dict[str, Callable[[], Optional[np.ndarray]]]:
        """By encoder, what waits for its embedding of a message; all but one of those with something to read are at
        it already, on a thread of their own.
        """
        waits: Dict[str, Callable[[], Optional[np.ndarray]]] = {}
        beside = [name for name in self._encoders if _READS[name](reading) is not None][1:]
        for name in self._encoders:
            if name in beside:
                begun: Future[Optional[np.ndarray]] = _BESIDE.submit(self._embedding, name, reading)
                waits[name] = begun.result
            else:
                waits[name] = partial(self._embedding, name, reading)
        return waits

    def _ranking(self, reading: Reading) -> _Ranking:
        waits = self._reading_beside(reading)
        plain = _counted(reading[0])
        scores = self._intercept.copy()
        for name, analyzer in _GROUPS.items():
            vocabulary = self._vocabularies[name]
            counts: Dict[int, int] = {}
            for gram in analyzer(plain):
                index = vocabulary.get(gram)
                if index is not None:
                    counts[index] = counts.get(index, 0) + 1
            if counts:
                columns = np.fromiter(counts.keys(), dtype=np.int64)
                values = (1.0 + np.log(np.fromiter(counts.values(), dtype=np.float32))) * self._idf[name][columns]
                values *= self._weights[name] / np.sqrt((values**2).sum())
                scores = scores + values @ self._coefficients[name][columns]
        embeddings = [waits[name]() for name in self._encoders]
        for name, embedding in zip(self._encoders, embeddings, strict=True):
            if embedding is not None:
                scores = scores + self._weights[name] * (embedding @ self._coefficients[name])
        known = [each for each in embeddings if each is not None]
        if self._hidden is not None and len(known) == len(_READS):
            scores = _LINEAR_SHARE * scores + _HIDDEN_SHARE * self._hidden(np.concatenate(known))
        exponentials = np.exp(scores - scores.max())
        probabilities = exponentials / exponentials.sum()
        order = np.argsort(-probabilities, kind="stable")
        return list(zip(map(self._intents.__getitem__, order), probabilities[order].tolist(), strict=True))

    def save(self, path: Path) -> None:
        """Writes what was learnt: arrays without pickled objects."""
        arrays: Dict[str, np.ndarray] = {"intercept": self._intercept}
        for name in _GROUPS:
            grams = sorted(self._vocabularies[name], key=self._vocabularies[name].__getitem__)
            arrays[f"{name}.vocabulary"] = np.frombuffer(json.dumps(grams).encode(), dtype=np.uint8)
            arrays[f"{name}.idf"] = self._idf[name]
            arrays[f"{name}.coefficients"] = self._coefficients[name]
        for name in self._encoders:
            arrays[f"{name}.coefficients"] = self._coefficients[name]
        if self._hidden is not None:
            arrays.update({f"hidden.{name}": array for name, array in self._hidden.arrays().items()})
        settings = json.dumps({"intents": self._intents, "weights": self._weights, "c": self._c})
        arrays["settings"] = np.frombuffer(settings.encode(), dtype=np.uint8)
        with path.open("wb") as file:
            np.savez_compressed(file, **arrays)

    @classmethod
    def read(cls, path: Path, encoders: Optional[Mapping[str, Encode]] = None) -> "IntentModel":
        """The model that `save` wrote; `encoders` are those that it was trained with."""
        with np.load(path, allow_pickle=False) as arrays:
            settings = json.loads(arrays["settings"].tobytes())
            model = cls(settings["c"], settings["weights"], encoders)
            model._intents = settings["intents"]
            model._intercept = arrays["intercept"]
            for name in _GROUPS:
                grams = json.loads(arrays[f"{name}.vocabulary"].tobytes())
                model._vocabularies[name] = {gram: index for index, gram in enumerate(grams)}
                model._idf[name] = arrays[f"{name}.idf"]
                model._coefficients[name] = arrays[f"{name}.coefficients"]
            for name in model._encoders:
                model._coefficients[name] = arrays[f"{name}.coefficients"]
            hidden = {name[len("hidden.") :]: arrays[name] for name in arrays.files if name.startswith("hidden.")}
            model._hidden = HiddenLayer.of(hidden) if hidden else None
        return model
