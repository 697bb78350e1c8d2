"""WeChat's and WeCom's envelope: AES-256-CBC under the EncodingAESKey, PKCS#7 to 32 bytes, the receiver at the end.

As described with the project's issue 7: 16 random bytes, the message's length as four bytes (network order), the
message, the AppID.
"""

from __future__ import annotations

import base64
import binascii
import struct
from typing import Final

from cryptography.hazmat.primitives.ciphers import Cipher, algorithms, modes

from shopdesk_schemas.problems import Unauthenticated

_BLOCK: Final = 32
_RANDOM: Final = 16
_LENGTH: Final = 4


def key_of(encoding_aes_key: str) -> bytes:
    """The 32 bytes of a 43-character EncodingAESKey. Raises ValueError."""
    key = base64.b64decode(encoding_aes_key + "=", validate=True)
    if len(key) != _BLOCK:
        raise ValueError("an EncodingAESKey has 43 characters")
    return key


def open_envelope(encrypted: str, keys: tuple[bytes, ...], receiver: str) -> bytes:
    """The message in an envelope under one of the keys, for this receiver. Raises `Unauthenticated`."""
    try:
        sealed = base64.b64decode(encrypted, validate=True)
    except (binascii.Error, ValueError) as error:
        raise Unauthenticated from error
    for key in keys:
        message = _opened(sealed, key, receiver)
        if message is not None:
            return message
    raise Unauthenticated


def seal_envelope(message: bytes, key: bytes, receiver: str, random: bytes) -> str:
    """The envelope of a message; `random` are 16 bytes."""
    plain = random[:_RANDOM] + struct.pack("!I", len(message)) + message + receiver.encode()
    padding = _BLOCK - len(plain) % _BLOCK
    encryptor = _cipher(key).encryptor()
    return base64.b64encode(encryptor.update(plain + bytes([padding]) * padding) + encryptor.finalize()).decode()


def _opened(sealed: bytes, key: bytes, receiver: str) -> bytes | None:
    if not sealed or len(sealed) % 16:
        return None
    decryptor = _cipher(key).decryptor()
    plain = decryptor.update(sealed) + decryptor.finalize()
    padding = plain[-1]
    if not 1 <= padding <= _BLOCK or plain[-padding:] != bytes([padding]) * padding:
        return None
    plain = plain[_RANDOM:-padding]
    if len(plain) < _LENGTH:
        return None
    (length,) = struct.unpack("!I", plain[:_LENGTH])
    message, to = plain[_LENGTH : _LENGTH + length], plain[_LENGTH + length :]
    return message if len(message) == length and to == receiver.encode() else None


def _cipher(key: bytes) -> Cipher[modes.CBC]:
    return Cipher(algorithms.AES(key), modes.CBC(key[:16]))
