"""Where Shopdesk's state lives (SHOPDESK_HOME) and the secrets made there on the first run."""

from __future__ import annotations

import base64
import contextlib
import os
import secrets
import stat
from collections.abc import Iterator
from pathlib import Path

from shopdesk_schemas.problems import ShopdeskError
from shopdesk_schemas.settings import SECRETS_FILE

ROOT = Path(__file__).resolve().parent.parent
"""The checkout (or, in an image, the directory it was copied to)."""

SECRETS = (
    "SHOPDESK_SERVICE_TOKEN",
    "SHOPDESK_IDENTITY_SECRET",
    "SHOPDESK_LOOKUP_KEY",
    "SHOPDESK_ENCRYPTION_KEYS",
    "SHOPDESK_SESSION_SECRET",
)
"""Every secret that has a development value: one of its own is made for each that the environment does not set."""

_DEFAULTS = {"SHOPDESK_HOME": ROOT / "var", "SHOPDESK_SHOP": ROOT / "data" / "demo" / "shop"}


class HomeError(ShopdeskError):
    """SHOPDESK_HOME cannot be used. The detail says why and what to do."""


def prepare_home() -> Path:
    """Makes SHOPDESK_HOME and its secrets if they are not there, and puts both into this process's environment.

    Paths are made absolute, so that programs started from another directory mean the same places. Raises `HomeError`.
    """
    for name, default in _DEFAULTS.items():
        os.environ[name] = str(Path(os.environ.get(name) or default).expanduser().absolute())
    home = Path(os.environ["SHOPDESK_HOME"])
    try:
        home.mkdir(parents=True, exist_ok=True)
        known = _secrets(home)
    except OSError as error:
        raise HomeError(f"SHOPDESK_HOME {home} cannot be used: {error.strerror}") from error
    for name, value in known.items():
        if not os.environ.get(name):
            os.environ[name] = value
    return home


def write_private(path: Path, text: str) -> None:
    """Writes a file that only its owner may read: whole, or not at all."""
    scratch = path.with_name(f".{path.name}.{os.getpid()}")
    with _private_file(scratch) as descriptor:
        os.write(descriptor, text.encode())
    scratch.replace(path)


def _secrets(home: Path) -> dict[str, str]:
    path = home / SECRETS_FILE
    known = _read(path) if path.exists() else {}
    missing = [name for name in SECRETS if name not in known and not os.environ.get(name)]
    if missing:
        made = "".join(f"{name}={_made(name)}\n" for name in missing)
        if known:
            write_private(path, path.read_text("utf-8") + made)
        else:
            _write_first(path, "# Made by shopdesk on its first run. Keep it secret and with your backups.\n" + made)
        known = _read(path)
    return known


def _made(name: str) -> str:
    if name == "SHOPDESK_ENCRYPTION_KEYS":
        # `id:base64` of 32 bytes, as `crm_backend/encryption/keyring.py` reads it; this module imports no program.
        return f"k1:{base64.urlsafe_b64encode(secrets.token_bytes(32)).decode()}"
    return secrets.token_urlsafe(48)


def _read(path: Path) -> dict[str, str]:
    if stat.S_IMODE(path.stat().st_mode) & 0o077:
        raise HomeError(f"{path} can be read by others. It holds secrets: run `chmod 600 {path}` and start again.")
    pairs = (line.partition("=") for line in path.read_text("utf-8").splitlines() if not line.startswith("#"))
    return {name.strip(): value.strip() for name, separator, value in pairs if separator}


def _write_first(path: Path, text: str) -> None:
    """Writes the file unless another command has just written it: then that one's secrets hold."""
    scratch = path.with_name(f".{path.name}.{os.getpid()}")
    with _private_file(scratch) as descriptor:
        os.write(descriptor, text.encode())
    with contextlib.suppress(FileExistsError):
        os.link(scratch, path)
    scratch.unlink()


@contextlib.contextmanager
def _private_file(path: Path) -> Iterator[int]:
    path.unlink(missing_ok=True)
    descriptor = os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
    try:
        yield descriptor
        os.fsync(descriptor)
    finally:
        os.close(descriptor)
