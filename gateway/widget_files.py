"""The chat widget's built files, served under `/widget/`."""

from __future__ import annotations

import re
from pathlib import Path

from fastapi import APIRouter, Request
from starlette.responses import FileResponse, PlainTextResponse, Response

from shopdesk_schemas.problems import NotFound

DIST = Path(__file__).parent / "widget" / "dist"

_TYPES = {
    ".js": "text/javascript; charset=utf-8",
    ".css": "text/css; charset=utf-8",
    ".json": "application/json",
    ".map": "application/json",
    ".svg": "image/svg+xml",
    ".png": "image/png",
    ".webp": "image/webp",
    ".woff2": "font/woff2",
}
_HASHED = re.compile(r"[-.][A-Za-z0-9_-]{8,}\.\w+$")
"""Vite puts a hash of the content into a file's name: such a file never changes."""

_HEADERS = {
    # The shop's pages are on other origins than the gateway; module scripts are fetched with CORS.
    "Access-Control-Allow-Origin": "*",
    "Cross-Origin-Resource-Policy": "cross-origin",
}


def widget_router(dist: Path = DIST) -> APIRouter:
    """Serves files of known kinds from `dist`; says how to build them when there are none."""
    router = APIRouter(include_in_schema=False)

    @router.api_route("/widget/{path:path}", methods=["GET", "HEAD"])
    def widget_file(request: Request, path: str) -> Response:
        if not dist.is_dir():
            return PlainTextResponse(
                "The chat widget is not built yet. Run `make setup` (`make run` does it too) and reload.\n",
                status_code=503,
                headers={"Retry-After": "10", **_HEADERS},
            )
        file = _file_under(dist, path)
        if file is None:
            raise NotFound
        lasting = "public, max-age=31536000, immutable" if _HASHED.search(file.name) else "no-cache"
        response = FileResponse(
            file,
            stat_result=file.stat(),
            media_type=_TYPES[file.suffix],
            headers={"Cache-Control": lasting, **_HEADERS},
        )
        if request.headers.get("if-none-match") == response.headers["etag"]:
            kept = ("etag", "cache-control", "last-modified")
            return Response(status_code=304, headers={**{name: response.headers[name] for name in kept}, **_HEADERS})
        return response

    return router


def _file_under(dist: Path, path: str) -> Path | None:
    """The file, if it is one of a known kind and lies under `dist`, links resolved."""
    if "\0" in path:
        return None
    file = (dist / path).resolve()
    if not file.is_relative_to(dist.resolve()) or file.suffix not in _TYPES or not file.is_file():
        return None
    return file
