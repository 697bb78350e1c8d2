"""The key of backups."""

from __future__ import annotations

from pathlib import Path

from pydantic import Field, SecretStr

from shopdesk.backup.errors import BackupError
from shopdesk_schemas.settings import CommonSettings

LEAST_CHARACTERS = 16


class BackupSettings(CommonSettings):
    """What `shopdesk backup` and `shopdesk restore` read from the environment."""

    backup_key: SecretStr = Field(
        default=SecretStr(""),
        description="The key or passphrase of backups, at least 16 characters. Keep it apart from the backups: "
        "without it they cannot be read. It is no part of a backup.",
    )
    backup_key_file: Path | None = Field(
        default=None, description="A file with the key instead, for `SHOPDESK_BACKUP_KEY` comes before it."
    )


def backup_secret(settings: BackupSettings, key_file: Path | None) -> bytes:
    """The secret: from the file that the command line names, else the settings. Raises BackupError."""
    said = settings.backup_key.get_secret_value()
    path = key_file or (None if said else settings.backup_key_file)
    if path is not None:
        try:
            said = path.read_text("utf-8")
        except (OSError, UnicodeDecodeError) as error:
            raise BackupError(f"The key file {path} cannot be read: {error}") from error
    said = said.strip()
    if not said:
        raise BackupError(
            "A backup needs a key: set SHOPDESK_BACKUP_KEY, or name a file with --key-file. "
            "`openssl rand -base64 32 > backup.key` makes one. Keep it apart from the backups."
        )
    if len(said) < LEAST_CHARACTERS:
        raise BackupError(f"The key of backups needs at least {LEAST_CHARACTERS} characters.")
    return said.encode()
