"""Server-rendered pages: Jinja2 with autoescaping, missing variables are errors."""

from __future__ import annotations

from pathlib import Path
from typing import Any

from jinja2 import Environment, FileSystemLoader, StrictUndefined
from starlette.responses import HTMLResponse

from gateway.middleware import PAGE_POLICY


class Pages:
    """Renders the templates of one directory."""

    def __init__(self, directory: Path) -> None:
        self._environment = Environment(
            loader=FileSystemLoader(directory),
            autoescape=True,
            undefined=StrictUndefined,
            trim_blocks=True,
            lstrip_blocks=True,
        )
        # What JSON escapes for HTML stays escaped; Chinese needs half the bytes as it is.
        self._environment.policies["json.dumps_kwargs"] = {"ensure_ascii": False}

    def render(
        self, template: str, *, language: str, status: int = 200, headers: dict[str, str] | None = None, **values: Any
    ) -> HTMLResponse:
        """The page, in `language`, under the page policy."""
        html = self._environment.get_template(template).render(language=language, **values)
        return HTMLResponse(
            html,
            status_code=status,
            headers={"Content-Security-Policy": PAGE_POLICY, "Content-Language": language, **(headers or {})},
        )
