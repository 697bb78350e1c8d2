"""The keys that personal data is sealed with, and sealing itself.

An envelope is `s1.<key id>.<base64url of nonce, ciphertext and tag>`: AES-256-GCM (NIST SP 800-38D) with a random
96-bit nonce. What it is bound to, its table, column and row, is associated data: moved elsewhere, it does not open.
"""

from __future__ import annotations

import base64
import binascii
import hashlib
import hmac
import os
import re
from collections.abc import Mapping, Sequence
from typing import Protocol

from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.ciphers.aead import AESGCM
from sqlalchemy.exc import DontWrapMixin

from shopdesk_schemas.problems import Problem, ShopdeskError
from shopdesk_schemas.settings import DEVELOPMENT_SECRET

KEY_BYTES = 32
NONCE_BYTES = 12
PREFIX = "s1."
_KEY_ID = re.compile(r"[A-Za-z0-9_-]{1,32}")
_HASHED = re.compile(r"\+?~h1~[0-9a-f]{32}")


class EncryptionError(ShopdeskError, DontWrapMixin):
    """Personal data cannot be sealed or opened. The detail names keys and columns, never what is in them; it is for
    operators, and callers hear that something went wrong. SQLAlchemy passes it on as it is.
    """

    def problem(self) -> Problem:
        """The document to send: without the detail."""
        return Problem(type=self.type, title=self.title, status=self.status)


class KeySource(Protocol):
    """Where keys come from: the settings, or a service that keeps them (implement this and hand it to `KeyRing`)."""

    def writing_key_id(self) -> str:
        """The id of the key that new envelopes are made with."""
        ...

    def keys(self) -> Mapping[str, bytes]:
        """All keys that envelopes may have been made with, 32 bytes each, by id."""
        ...


class KeysOfSettings:
    """Keys as the setting SHOPDESK_ENCRYPTION_KEYS has them: `id:base64`, separated by commas, the first one writes."""

    def __init__(self, text: str) -> None:
        """Raises EncryptionError when the text is not such a list."""
        self._keys: dict[str, bytes] = {}
        if DEVELOPMENT_SECRET in text:
            self._keys["development"] = hashlib.sha256(text.encode()).digest()
            return
        for part in text.split(","):
            key_id, colon, encoded = part.strip().partition(":")
            if not colon or not _KEY_ID.fullmatch(key_id):
                raise EncryptionError("is not a list of id:base64, separated by commas")
            try:
                key = base64.b64decode(encoded, altchars=b"-_", validate=True)
            except (binascii.Error, ValueError):
                raise EncryptionError(f"the key {key_id} is not base64") from None
            if len(key) != KEY_BYTES:
                raise EncryptionError(f"the key {key_id} has {len(key)} bytes and needs {KEY_BYTES}")
            if key_id in self._keys:
                raise EncryptionError(f"the id {key_id} is there twice")
            self._keys[key_id] = key

    def writing_key_id(self) -> str:
        """The first of the list."""
        return next(iter(self._keys))

    def keys(self) -> Mapping[str, bytes]:
        """All of the list."""
        return self._keys


def new_key(key_id: str) -> str:
    """A fresh key, as the setting wants it."""
    return f"{key_id}:{base64.urlsafe_b64encode(os.urandom(KEY_BYTES)).decode()}"


class KeyRing:
    """Seals and opens texts. Makes the keyed hashes that stand for what look-ups compare."""

    def __init__(self, source: KeySource, lookup_key: str) -> None:
        keys = source.keys()
        self.writing_key_id = source.writing_key_id()
        self._ciphers = {key_id: AESGCM(key) for key_id, key in keys.items()}
        self._proofs = {
            key_id: hmac.new(key, b"shopdesk encryption key", hashlib.sha256).hexdigest()[:32]
            for key_id, key in keys.items()
        }
        self._index_key = hmac.new(lookup_key.encode(), b"shopdesk blind index", hashlib.sha256).digest()
        self._seal_prefix = f"{PREFIX}{self.writing_key_id}."
        self._seal = self._ciphers[self.writing_key_id].encrypt

    @property
    def key_ids(self) -> Sequence[str]:
        """Of all keys, the writing one first."""
        return [self.writing_key_id, *(one for one in self._ciphers if one != self.writing_key_id)]

    def proof(self, key_id: str) -> str | None:
        """Tells the key of this id from another of the same id, and nothing of it. None for one that is not there."""
        return self._proofs.get(key_id)

    def seal(self, text: str, bound_to: str) -> str:
        """An envelope that opens with `bound_to` alone."""
        nonce = os.urandom(NONCE_BYTES)
        sealed = self._seal(nonce, text.encode("utf-8", "surrogatepass"), bound_to.encode("utf-8", "surrogatepass"))
        return self._seal_prefix + binascii.b2a_base64(nonce + sealed, newline=False).decode("ascii")

    def open(self, envelope: str, bound_to: str) -> str:
        """What is in the envelope. Raises EncryptionError when it was made by no key of the ring, for another place,
        or was changed; also for a text that is none.
        """
        prefix, _, rest = envelope.partition(".")
        key_id, dot, body = rest.partition(".")
        place = bound_to.partition(" ")[0]
        if f"{prefix}." != PREFIX or not dot:
            raise EncryptionError(f"{place} holds a text that is not sealed")
        cipher = self._ciphers.get(key_id)
        if cipher is None:
            raise EncryptionError(f"{place} was sealed with the key {key_id}, which SHOPDESK_ENCRYPTION_KEYS lacks")
        try:
            raw = binascii.a2b_base64(body)
            text = cipher.decrypt(raw[:NONCE_BYTES], raw[NONCE_BYTES:], bound_to.encode("utf-8", "surrogatepass"))
        except (InvalidTag, binascii.Error, ValueError):
            raise EncryptionError(
                f"{place} cannot be opened: it was changed, belongs to another row, or its key {key_id} is another one"
            ) from None
        return text.decode("utf-8", "surrogatepass")

    def index(self, place: str, value: str) -> str:
        """The keyed hash that stands for `value` in a look-up column. A leading `+`, that of a number in E.164, stays:
        whether a number could be read is no secret.
        """
        if _HASHED.fullmatch(value):
            return value
        text = f"{place}\0{value}".encode("utf-8", "surrogatepass")
        digest = hmac.new(self._index_key, text, hashlib.sha256).hexdigest()[:32]
        return f"{'+' if value.startswith('+') else ''}~h1~{digest}"

    def fingerprint(self, digest: str) -> str:
        """A keyed hash of a record's digest, to see later whether it is the same: 32 hex digits."""
        return hmac.new(self._index_key, b"content\0" + digest.encode(), hashlib.sha256).hexdigest()[:32]


def key_id_of(envelope: str) -> str | None:
    """The id of the key that an envelope was made with; None for a text that is none."""
    parts = envelope.split(".", 2)
    return parts[1] if len(parts) == 3 and f"{parts[0]}." == PREFIX else None


_current: KeyRing | None = None


def use(ring: KeyRing | None) -> None:
    """Make it this process's ring. None: the settings' is taken at the next use."""
    global _current
    _current = ring


def current() -> KeyRing:
    """The ring of this process: the settings' one unless another was given to `use`."""
    global _current
    if _current is None:
        # Imported here: the settings need the keys' form.
        from crm_backend.settings import CrmSettings

        settings = CrmSettings()
        _current = KeyRing(
            KeysOfSettings(settings.encryption_keys.get_secret_value()), settings.lookup_key.get_secret_value()
        )
    return _current
