"""What WeChat and WeCom share: an access token, errors in the body, pictures as uploads, the shape of an answer.

A call whose token is stale (40001, 40014, 42001) is made once more with a new one.
"""

from __future__ import annotations

import asyncio
from collections.abc import Callable, Mapping, Sequence
from typing import Any, Final

import httpx

from gateway.channels import reasons
from gateway.channels.calls import PlatformApi
from gateway.channels.payloads import as_text
from gateway.channels.pictures import MediaIds, file_name
from gateway.channels.port import Part, SendLater, SendRefused
from gateway.channels.rendering import (
    Choice,
    choices_of,
    fits,
    image_of,
    numbered,
    pictures_of,
    pieces,
    typed,
    words_of,
)
from gateway.channels.responses import body_of, check_status
from gateway.images.encoding import Picture, within

WORDS: Final = 2048
"""Bytes of one message's words."""
MENU: Final = 10
LABEL: Final = 40
"""A choice of ours within the 128 bytes that a line of WeCom's menus may have."""
PICTURES: Final = 3
"""Products' pictures with one answer: a choice of ours, for each is one of the five messages."""

_STALE_TOKEN: Final = frozenset({40001, 40014, 42001})
_NO_SUCH_MEDIA: Final = 40007


class TencentApi:
    """An account's API. `token_call` is the call that gives an access token, as arguments of `PlatformApi.call`.

    `later`: error codes that mean that trying again makes sense. `said_as`: codes in words for agents.
    """

    def __init__(
        self,
        api: PlatformApi,
        token_call: Mapping[str, Any],
        *,
        later: frozenset[int],
        said_as: Mapping[int, str],
        picture_bytes: int,
    ) -> None:
        self._api = api
        self._token_call = token_call
        self._later = later
        self._said_as = said_as
        self._picture_bytes = picture_bytes
        self._token: str | None = None
        self._renewing = asyncio.Lock()
        self._media = MediaIds()

    async def ask(
        self, path: str, *, method: str = "POST", unless: int = 0, own_id: str = "", **request: Any
    ) -> dict[str, Any] | None:
        """The body of the answer to one call. None for the error `unless`.

        `own_id`: the name of a field with an id of ours; it is well formed, so that an error which names it means that
        it was used before: an earlier try arrived whose answer was lost. Raises `SendLater`, `SendRefused`.
        """
        body = body_of(await self._call(method, path, **request))
        code, said = body.get("errcode", 0), as_text(body.get("errmsg"))
        if code == 0:
            return body
        if own_id and own_id in said.lower():
            return {}
        if code == unless:
            return None
        reason = f"{as_text(code)} {said}"
        if code in self._later or code in _STALE_TOKEN:
            raise SendLater(reason)
        raise SendRefused(self._said_as.get(code, reason) if isinstance(code, int) else reason)

    async def file(self, path: str, params: Mapping[str, str]) -> bytes:
        """The file that one call gives. Raises `SendLater`, `SendRefused`."""
        response = await self._call("GET", path, params=params)
        if not _is_json(response):
            return response.content
        body = body_of(response)
        raise SendRefused(f"{as_text(body.get('errcode'))} {as_text(body.get('errmsg'))}")

    async def send_picture(self, path: str, payload: Mapping[str, Any], part: Part, *, own_id: str = "") -> None:
        """Send a part that is a picture; uploaded again where its upload ran out. Raises `SendLater`, `SendRefused`."""
        picture = part.loaded[0] if part.loaded else None
        if picture is None:
            raise SendRefused(reasons.PICTURE_GONE)
        picture = await asyncio.to_thread(within, picture, most_bytes=self._picture_bytes)
        for again in (True, False):
            image = {"media_id": await self._media.of(picture, self._upload)}
            unless = _NO_SUCH_MEDIA if again else 0
            if await self.ask(path, json={**payload, "image": image}, unless=unless, own_id=own_id) is not None:
                return
            self._media.forget(picture)

    async def _upload(self, picture: Picture) -> str:
        """Keep a picture there for three days; its id."""
        files = {"media": (file_name(picture), picture.content, picture.media_type)}
        body = await self.ask("/cgi-bin/media/upload", files=files, params={"type": "image"})
        return as_text((body or {}).get("media_id"))

    async def _call(
        self, method: str, path: str, *, params: Mapping[str, str] | None = None, **more: Any
    ) -> httpx.Response:
        token = await self._current_token()
        response = await self._api.call(method, path, params={**(params or {}), "access_token": token}, **more)
        check_status(response)
        if not _is_json(response) or body_of(response).get("errcode") not in _STALE_TOKEN:
            return response
        if self._token == token:
            self._token = None
        token = await self._current_token()
        response = await self._api.call(method, path, params={**(params or {}), "access_token": token}, **more)
        check_status(response)
        return response

    async def _current_token(self) -> str:
        async with self._renewing:
            if self._token is None:
                response = await self._api.call(**self._token_call)
                check_status(response)
                body = body_of(response)
                self._token = as_text(body.get("access_token")) or None
                if self._token is None:
                    raise SendLater(f"no access token: {as_text(body.get('errcode'))} {as_text(body.get('errmsg'))}")
            return self._token


def _is_json(response: httpx.Response) -> bool:
    """Whether it may be an error: WeChat says text/plain of its JSON in places, but never that a file is text."""
    return str(response.headers.get("content-type", "")).startswith(("application/json", "text/"))


def rendered(
    content: Mapping[str, Any], language: str, menu: Callable[[str, Sequence[Choice]], dict[str, Any]], *,
    head_words: int = WORDS,
) -> list[Part]:  # fmt: skip
    """Words, or a menu; more or longer choices as a numbered list; a picture, or those of the first products.

    `menu` is the platform's, of the words at its head, of at most `head_words` bytes, and its choices.
    """
    words, choices = words_of(content), choices_of(content)
    if url := image_of(content):
        return [Part({"msgtype": "image"}, pictures=(url,))]
    pictures = [
        Part({"msgtype": "image"}, pictures=(address,), optional=True)
        for address, _title in pictures_of(content)[:PICTURES]
    ]
    if choices and not fits(choices, MENU, LABEL):
        *before, last = pieces(numbered(words, choices, language), WORDS, in_bytes=True)
        ids = tuple(each.id for each in choices)
        return [*map(_text, before), Part(_text(last).payload, ids), *pictures]
    *before, last = pieces(words, WORDS, in_bytes=True) or ["…"]
    if not choices:
        return [*map(_text, before), _text(last), *pictures]
    *more, head = pieces(last, head_words, in_bytes=True)
    # Whoever types a number in place of touching the line is understood too.
    shown = Part({"msgtype": "msgmenu", "msgmenu": menu(head, choices)}, typed(choices))
    return [*map(_text, [*before, *more]), shown, *pictures]


def _text(words: str) -> Part:
    return Part({"msgtype": "text", "text": {"content": words}})
