"""Server-rendered pages: Jinja2 with autoescaping, missing variables are errors."""

from __future__ import annotations

from pathlib import Path
from types import CodeType
from typing import Any

from jinja2 import BytecodeCache, Environment, FileSystemLoader, StrictUndefined
from jinja2.bccache import Bucket
from starlette.responses import HTMLResponse

from gateway.middleware import PAGE_POLICY


class _Compiled(BytecodeCache):
    """Templates compiled once for a process; each application has its own environment, with what is known in it."""

    def __init__(self) -> None:
        self._code: dict[str, tuple[str, CodeType]] = {}

    def load_bytecode(self, bucket: Bucket) -> None:
        """Fill in what was compiled of the same text; what Jinja finds nothing for, it compiles."""
        checksum, code = self._code.get(bucket.key, ("", None))
        bucket.code = code if checksum == bucket.checksum else None

    def dump_bytecode(self, bucket: Bucket) -> None:
        """Keep what was compiled."""
        if bucket.code is not None:
            self._code[bucket.key] = (bucket.checksum, bucket.code)


_compiled = _Compiled()


class Pages:
    """Renders the templates of one directory."""

    def __init__(self, directory: Path, **known: Any) -> None:
        """`known` is what every template and macro may name."""
        self._environment = Environment(
            loader=FileSystemLoader(directory),
            autoescape=True,
            undefined=StrictUndefined,
            trim_blocks=True,
            lstrip_blocks=True,
            bytecode_cache=_compiled,
        )
        self._environment.globals.update(known)

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
