"""The intent classifier itself: counts of words and characters in one logistic regression, without Rasa.

Text is folded, masked (identifiers become placeholder words, so that a shop's number shapes play no part) and brought
to simplified Chinese. Words tell most in English, Han characters and their pairs in Chinese; character n-grams inside
words carry typos in both. Weights and C were chosen by cross-validation on the training data (`nlu_report.py tune`).
"""

from __future__ import annotations

import json
import re
from pathlib import Path
from typing import Dict, List, Optional, Sequence, Tuple

import numpy as np
from scipy.sparse import hstack
from sklearn.feature_extraction.text import TfidfVectorizer
from sklearn.linear_model import LogisticRegression

from components.identifiers import mask

HAN = r"\u3400-\u4dbf\u4e00-\u9fff"

_TRADITIONAL = (
    "訂单單号號货貨发發递遞这這还還没沒么麼吗嗎为為们們请請问問谢謝电電话話邮郵编編码碼后後几幾个個买買东東时時"
    "间間运運务務员員机機关關应應该該里裡里裏对對错錯点點来來过過给給说說试試实實转轉帮幫查査退退换換顾顧订訂"
    "谁誰哪哪么麽现現讯訊单單寄寄达達迟遲慢慢怎怎让讓听聽见見记記忘忘找找线線楼樓门門开開张張网網络絡态態"
    "状狀况況进進预預计計万萬块塊钱錢礼禮尽盡爱愛气氣坏壞蓝藍红紅绿綠颜顏样樣种種级級积積优優惠惠价價费費"
    "丢丟弄弄签簽显顯您您你妳动動系係"
)


def _simplified_table() -> Dict[int, str]:
    pairs = _TRADITIONAL.replace("訂单單", "单單")
    return {ord(pairs[i + 1]): pairs[i] for i in range(0, len(pairs) - 1, 2)}


_SIMPLIFY = _simplified_table()
_REPEATED_LATIN = re.compile(r"([a-z])\1{2,}")
_REPEATED_MARK = re.compile(r"([^\w\s])\1+")
_WORDS = re.compile(rf"[a-z0-9']+|[{HAN}]+|[^\w\s]")
_HAN_RUN = re.compile(rf"[{HAN}]+")


def normalise(text: str) -> str:
    """What the features are counted on."""
    plain = mask(text).lower().translate(_SIMPLIFY).replace("’", "'")
    plain = re.sub(r"\d", "0", plain)
    plain = _REPEATED_LATIN.sub(r"\1\1", plain)
    return _REPEATED_MARK.sub(r"\1", plain)


def _latin_words(text: str) -> List[str]:
    tokens = [token.replace("'", "") for token in _WORDS.findall(text) if not _HAN_RUN.match(token)]
    tokens = [token for token in tokens if token]
    return tokens + [f"{a} {b}" for a, b in zip(["^", *tokens], [*tokens, "$"])]


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


_GROUPS = {"words": _latin_words, "characters": _latin_characters, "han": _han_characters}
_Ranking = List[Tuple[str, float]]


class IntentModel:
    """Learns intents from examples and tells how likely each is for a message.

    scikit-learn learns; what it learnt is kept as plain arrays, so that a model file holds no code and a message is
    understood without building sparse matrices.
    """

    C = 30.0
    WEIGHTS = {"words": 1.0, "characters": 1.0, "han": 1.0}

    def __init__(self, c: Optional[float] = None, weights: Optional[Dict[str, float]] = None) -> None:
        self._c = c or self.C
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
        matrix = hstack([self._weights[name] * each.fit_transform(normalised) for name, each in vectorizers.items()])
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
        return self

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
        settings = json.dumps({"intents": self._intents, "weights": self._weights, "c": self._c})
        arrays["settings"] = np.frombuffer(settings.encode(), dtype=np.uint8)
        with path.open("wb") as file:
            np.savez_compressed(file, **arrays)

    @classmethod
    def read(cls, path: Path) -> "IntentModel":
        """The model that `save` wrote."""
        with np.load(path, allow_pickle=False) as arrays:
            settings = json.loads(arrays["settings"].tobytes())
            model = cls(settings["c"], settings["weights"])
            model._intents = settings["intents"]
            model._intercept = arrays["intercept"]
            for name in _GROUPS:
                grams = json.loads(arrays[f"{name}.vocabulary"].tobytes())
                model._vocabularies[name] = {gram: index for index, gram in enumerate(grams)}
                model._idf[name] = arrays[f"{name}.idf"]
                model._coefficients[name] = arrays[f"{name}.coefficients"]
        return model
