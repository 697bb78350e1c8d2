"""What can go wrong with a backup."""

from shopdesk_schemas.problems import ShopdeskError


class BackupError(ShopdeskError):
    """A backup cannot be made or used. The detail says why and what to do."""


class NotABackup(BackupError):
    """The file is not a backup, or not as it was written."""
