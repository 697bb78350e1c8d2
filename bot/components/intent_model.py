"""The intent classifier itself: counts of words and characters beside a sentence's embedding in one logistic
regression, without Rasa.

Text is folded, masked (identifiers become placeholder words, so that a shop's number shapes play no part) and brought
to simplified Chinese. Words tell most in English, Han characters and their pairs in Chinese; character n-grams inside
words carry typos in both. The embedding knows English words that no example has; it knows no Chinese, and is zero for
a message with Han characters. Weights and C were chosen by cross-validation on the training data (`nlu_report.py
tune`).
"""

from __future__ import annotations

import json
import re
from pathlib import Path
from typing import Callable, ClassVar, Dict, List, Optional, Sequence, Tuple

import numpy as np
from scipy.sparse import csr_matrix, hstack
from sklearn.feature_extraction.text import TfidfVectorizer
from sklearn.linear_model import LogisticRegression

from components.identifiers import PLACEHOLDERS, mask

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


def normalise(text: str) -> str:
    """What the features are counted on."""
    plain = mask(text).lower().translate(_SIMPLIFY).replace("’", "'")
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
        for size in range(2, 6):
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


def sentence(text: str) -> Optional[str]:
    """What the encoder reads for `text`; None for Chinese, of which it knows nothing."""
    if _HAN_RUN.search(text):
        return None
    return _PLACEHOLDER.sub(lambda match: _SPOKEN_PLACEHOLDERS[match.group()], mask(text))


Encode = Callable[[str], np.ndarray]
_GROUPS = {"words": _latin_words, "characters": _latin_characters, "han": _han_characters}
_Ranking = List[Tuple[str, float]]


_SENTENCE = "sentence"


class IntentModel:
    """Learns intents from examples and tells how likely each is for a message.

    scikit-learn learns; what it learnt is kept as plain arrays, so that a model file holds no code and a message is
    understood without building sparse matrices. `encode` gives a sentence's embedding; None leaves it out.
    """

    C = 30.0
    WEIGHTS: ClassVar[Dict[str, float]] = {"words": 1.0, "characters": 1.0, "han": 1.0, _SENTENCE: 1.0}

    def __init__(
        self, c: Optional[float] = None, weights: Optional[Dict[str, float]] = None, encode: Optional[Encode] = None
    ) -> None:
        self._c = c or self.C
        self._encode = encode
        self._weights = dict(weights or self.WEIGHTS)
        self._intents: List[str] = []
        self._vocabularies: Dict[str, Dict[str, int]] = {}
        self._idf: Dict[str, np.ndarray] = {}
        self._coefficients: Dict[str, np.ndarray] = {}
        self._intercept = np.zeros(0)

    def fit(self, texts: Sequence[str], intents: Sequence[str]) -> "IntentModel":
        """Learns from labelled examples. Deterministic. Raises ValueError with fewer than two intents."""
        normalised = [normalise(text) for text in texts]
        vectorizers = {
            name: TfidfVectorizer(analyzer=analyzer, sublinear_tf=True, min_df=2 if name == "characters" else 1)
            for name, analyzer in _GROUPS.items()
        }
        columns = [self._weights[name] * each.fit_transform(normalised) for name, each in vectorizers.items()]
        if self._encode is not None:
            columns.append(csr_matrix(self._weights[_SENTENCE] * self._embeddings(texts)))
        matrix = hstack(columns)
        regression = LogisticRegression(C=self._c, max_iter=400, class_weight="balanced", random_state=0)
        regression.fit(matrix.tocsr(), np.asarray(intents))
        coefficients = regression.coef_
        if len(regression.classes_) == 2:
            coefficients = np.vstack([-coefficients[0] / 2, coefficients[0] / 2])
        self._intents = [str(name) for name in regression.classes_]
        self._intercept = np.broadcast_to(regression.intercept_, (len(self._intents),)).astype(np.float32)
        column = 0
        for name, each in vectorizers.items():
            size = len(each.vocabulary_)
            self._vocabularies[name] = {gram: int(i) for gram, i in each.vocabulary_.items()}
            self._idf[name] = each.idf_.astype(np.float32)
            self._coefficients[name] = coefficients[:, column : column + size].T.astype(np.float32)
            column += size
        if self._encode is not None:
            self._coefficients[_SENTENCE] = coefficients[:, column:].T.astype(np.float32)
        return self

    def _embeddings(self, texts: Sequence[str]) -> np.ndarray:
        rows = [self._embedding(text) for text in texts]
        size = next((len(row) for row in rows if row is not None), 1)
        return np.array([np.zeros(size, dtype=np.float32) if row is None else row for row in rows])

    def _embedding(self, text: str) -> Optional[np.ndarray]:
        words = sentence(text)
        return None if self._encode is None or words is None else self._encode(words)

    def ranking(self, text: str) -> _Ranking:
        """Every intent with its probability, likeliest first."""
        plain = normalise(text)
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
        embedding = self._embedding(text)
        if embedding is not None:
            scores = scores + self._weights[_SENTENCE] * (embedding @ self._coefficients[_SENTENCE])
        exponentials = np.exp(scores - scores.max())
        probabilities = exponentials / exponentials.sum()
        return [(self._intents[i], float(probabilities[i])) for i in np.argsort(-probabilities, kind="stable")]

    def save(self, path: Path) -> None:
        """Writes what was learnt: arrays without pickled objects."""
        arrays: Dict[str, np.ndarray] = {"intercept": self._intercept}
        for name in _GROUPS:
            grams = sorted(self._vocabularies[name], key=self._vocabularies[name].__getitem__)
            arrays[f"{name}.vocabulary"] = np.frombuffer(json.dumps(grams).encode(), dtype=np.uint8)
            arrays[f"{name}.idf"] = self._idf[name]
            arrays[f"{name}.coefficients"] = self._coefficients[name]
        if _SENTENCE in self._coefficients:
            arrays[f"{_SENTENCE}.coefficients"] = self._coefficients[_SENTENCE]
        settings = json.dumps({"intents": self._intents, "weights": self._weights, "c": self._c})
        arrays["settings"] = np.frombuffer(settings.encode(), dtype=np.uint8)
        with path.open("wb") as file:
            np.savez_compressed(file, **arrays)

    @classmethod
    def read(cls, path: Path, encode: Optional[Encode] = None) -> "IntentModel":
        """The model that `save` wrote; `encode` is the encoder that it was trained with."""
        with np.load(path, allow_pickle=False) as arrays:
            settings = json.loads(arrays["settings"].tobytes())
            model = cls(settings["c"], settings["weights"], encode)
            model._intents = settings["intents"]
            model._intercept = arrays["intercept"]
            for name in _GROUPS:
                grams = json.loads(arrays[f"{name}.vocabulary"].tobytes())
                model._vocabularies[name] = {gram: index for index, gram in enumerate(grams)}
                model._idf[name] = arrays[f"{name}.idf"]
                model._coefficients[name] = arrays[f"{name}.coefficients"]
            if encode is not None:
                model._coefficients[_SENTENCE] = arrays[f"{_SENTENCE}.coefficients"]
        return model
