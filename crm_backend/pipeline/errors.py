"""Why an import or export cannot run. Each message is one sentence for the person at the command line."""

from shopdesk_schemas.problems import InvalidInput


class PipelineError(InvalidInput):
    """The folder, its files or the options cannot be used; nothing was written."""

    def __str__(self) -> str:
        return self.detail or self.title
