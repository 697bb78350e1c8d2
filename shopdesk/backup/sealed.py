"""A stream of bytes, encrypted so that no change of it goes unnoticed.

    header   16 bytes `SHOPDESK-BACKUP` and the format's number, 1 byte log2 of scrypt's N, 16 bytes salt
    chunks   1 MiB of plaintext each, the last shorter or empty; AES-256-GCM, 16 bytes of tag after each

The key is scrypt (RFC 7914) of the secret with the file's own salt, so that no two files share a key and the nonce can
count: 11 bytes number of the chunk, 1 byte that is 1 for the last. This is STREAM (Hoang, Reyhanitabar, Rogaway,
Vizár 2015, https://eprint.iacr.org/2015/189): a chunk that was changed, left out, repeated, moved, or that comes from
another file does not decrypt, and neither does a file that was cut off or added to. The header is authenticated with
every chunk.
"""

from __future__ import annotations

import os
from collections.abc import Iterator
from dataclasses import dataclass
from typing import BinaryIO, Final

from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.ciphers.aead import AESGCM
from cryptography.hazmat.primitives.kdf.scrypt import Scrypt

from shopdesk.backup.errors import NotABackup

MAGIC: Final = b"SHOPDESK-BACKUP\x01"
CHUNK: Final = 1 << 20
TAG: Final = 16
SALT: Final = 16
HEADER: Final = len(MAGIC) + 1 + SALT

LOG_N = 17
"""128 MiB and some tenths of a second for each guess at a passphrase."""

_LOG_N_ALLOWED: Final = range(14, 21)
"""The header is read before anything can be authenticated: it must not make us take all memory."""

_UNREADABLE: Final = "The backup was cut off or changed, and is not used."
_NO_KEY: Final = "The backup cannot be read: the key is another one, or the file was cut off or changed."


@dataclass(frozen=True)
class Seal:
    """A key and the header it belongs to: one for each file."""

    key: bytes
    header: bytes

    @classmethod
    def new(cls, secret: bytes) -> Seal:
        """For a file to be written."""
        return cls._of(secret, MAGIC + bytes([LOG_N]) + os.urandom(SALT))

    @classmethod
    def of_file(cls, secret: bytes, file: BinaryIO) -> Seal:
        """For a file to be read, which is left after its header. Raises NotABackup."""
        header = file.read(HEADER)
        if len(header) < HEADER or header[: len(MAGIC) - 1] != MAGIC[:-1]:
            raise NotABackup("This is not a backup made by `shopdesk backup`.")
        if header[: len(MAGIC)] != MAGIC:
            raise NotABackup(f"This backup has format {header[len(MAGIC) - 1]}, which this version does not know.")
        return cls._of(secret, header)

    @classmethod
    def _of(cls, secret: bytes, header: bytes) -> Seal:
        log_n = header[len(MAGIC)]
        if log_n not in _LOG_N_ALLOWED:
            raise NotABackup("The backup's header is not as it was written.")
        scrypt = Scrypt(salt=header[len(MAGIC) + 1 :], length=32, n=1 << log_n, r=8, p=1)
        return cls(scrypt.derive(secret), header)


class SealedWriter:
    """Encrypts what is written to it. Without `close` the file is not complete, and cannot be read."""

    def __init__(self, file: BinaryIO, seal: Seal) -> None:
        self._file = file
        self._aead = AESGCM(seal.key)
        self._header = seal.header
        self._number = 0
        self._waiting = bytearray()
        file.write(seal.header)

    def write(self, words: bytes) -> None:
        """Add to the stream."""
        self._waiting += words
        # What fills a chunk exactly waits: it may be the last, which is marked.
        while len(self._waiting) > CHUNK:
            self._seal(bytes(self._waiting[:CHUNK]), last=False)
            del self._waiting[:CHUNK]

    def close(self) -> None:
        """Write the last chunk. The file itself stays open."""
        self._seal(bytes(self._waiting), last=True)
        self._waiting.clear()

    def _seal(self, chunk: bytes, *, last: bool) -> None:
        self._file.write(self._aead.encrypt(_nonce(self._number, last=last), chunk, self._header))
        self._number += 1


def unsealed(file: BinaryIO, seal: Seal) -> Iterator[bytes]:
    """The plaintext of what follows the header, chunk by chunk: each is authentic, all are once the iterator ends.

    Raises NotABackup.
    """
    aead = AESGCM(seal.key)
    number = 0
    here = file.read(CHUNK + TAG)
    while True:
        following = file.read(CHUNK + TAG)
        try:
            chunk = aead.decrypt(_nonce(number, last=not following), here, seal.header)
        except (InvalidTag, ValueError):
            raise NotABackup(_UNREADABLE if number else _NO_KEY) from None
        yield chunk
        if not following:
            return
        here, number = following, number + 1


def _nonce(number: int, *, last: bool) -> bytes:
    return number.to_bytes(11) + bytes([last])
