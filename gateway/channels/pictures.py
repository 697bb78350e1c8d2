"""Pictures for platforms that take files, not addresses: agents' own from the database, products' from the catalogue's
addresses (`downloads` says which may be asked), drawn anew like every picture that comes in.
"""

from __future__ import annotations

import asyncio
import hashlib
import logging
from collections import OrderedDict
from collections.abc import Awaitable, Callable
from datetime import datetime, timedelta
from typing import Final

from gateway.channels.downloads import Downloads
from gateway.channels.port import ChannelError
from gateway.database.engine import Database
from gateway.images.encoding import Picture, encode_anew, within
from gateway.images.service import IMAGES_PATH, Images
from shopdesk_schemas.clock import Clock
from shopdesk_schemas.problems import InvalidInput

PRODUCT_SIDE: Final = 800
"""Pixels of the longer side of a product's picture in a chat."""
PRODUCT_BYTES: Final = 256 * 1024
_KEPT: Final = 64
_KEPT_FOR: Final = timedelta(hours=1)
_MEDIA_FOR: Final = timedelta(days=2.5)

_log = logging.getLogger("shopdesk.channels")


class Pictures:
    """Loads pictures by the addresses that messages have. Products' are kept for an hour, for many ask for them."""

    def __init__(self, database: Database, clock: Clock, images: Images, web: Downloads) -> None:
        self._database = database
        self._clock = clock
        self._images = images
        self._web = web
        self._kept: OrderedDict[str, tuple[datetime, Picture]] = OrderedDict()

    async def load(self, address: str) -> Picture | None:
        """The picture; None where there is none (any more), or none that can be read."""
        _, own, of_ours = address.partition("?")[0].partition(f"{IMAGES_PATH}/")
        if own:
            return await self._own(of_ours)
        if not address.startswith(("https://", "http://")):
            return None
        now = self._clock.wall()
        kept = self._kept.get(address)
        if kept is not None and now - kept[0] < _KEPT_FOR:
            return kept[1]
        try:
            found = await asyncio.to_thread(_product, await self._web.get(address))
        except (ChannelError, InvalidInput) as error:
            _log.info("the product's picture %s cannot be had: %s", address, error)
            return None
        self._kept[address] = (now, found)
        self._kept.move_to_end(address)
        while len(self._kept) > _KEPT:
            self._kept.popitem(last=False)
        return found

    async def _own(self, image_id: str) -> Picture | None:
        async with self._database.read() as session:
            stored = await self._images.picture(session, image_id)
        return Picture(stored.content, stored.media_type, stored.width, stored.height) if stored is not None else None


class MediaIds:
    """The ids under which a platform keeps uploaded pictures; forgotten before the platform forgets them (3 days)."""

    def __init__(self, loop_time: Callable[[], float] | None = None) -> None:
        self._time = loop_time
        self._ids: OrderedDict[str, tuple[float, str]] = OrderedDict()

    async def of(self, picture: Picture, upload: Callable[[Picture], Awaitable[str]]) -> str:
        """The picture's id; uploaded if it is not known."""
        digest, now = _digest(picture), self._now()
        known = self._ids.get(digest)
        if known is not None and now < known[0]:
            return known[1]
        media_id = await upload(picture)
        self._ids[digest] = (now + _MEDIA_FOR.total_seconds(), media_id)
        self._ids.move_to_end(digest)
        while len(self._ids) > _KEPT:
            self._ids.popitem(last=False)
        return media_id

    def forget(self, picture: Picture) -> None:
        """The platform does not know the id any more."""
        self._ids.pop(_digest(picture), None)

    def _now(self) -> float:
        return self._time() if self._time is not None else asyncio.get_running_loop().time()


def file_name(picture: Picture) -> str:
    """A name for the picture as a file."""
    return f"picture.{'png' if picture.media_type == 'image/png' else 'jpg'}"


def _product(upload: bytes) -> Picture:
    return within(encode_anew(upload), most_bytes=PRODUCT_BYTES, side=PRODUCT_SIDE)


def _digest(picture: Picture) -> str:
    return hashlib.sha256(picture.content).hexdigest()
