"""WeCom's customer service as https://developer.work.weixin.qq.com/document/path/94670 describes it.

Callbacks are sealed and carry no content; what was said is read by `sync_msg` in pages from a cursor; `send_msg` takes
five messages after each of the person's, each `msgid` once.
"""

from __future__ import annotations

import hashlib
import json
import time
from collections import defaultdict
from typing import Any

from fastapi import Request, UploadFile
from starlette.responses import JSONResponse, Response

from gateway.channels.wechat_crypto import key_of, seal_envelope
from tests.channels import platforms
from tests.channels.platforms import Platform, Seen, kind_of


class WeComPlatform(Platform):
    """One customer-service account; `person` is somebody on WeChat."""

    name = "wecom"
    person = "wmUser_external_1"
    account = "wkAccount1"
    corp_id, secret, token = "ww0123456789abcdef", "wecom-secret", "QDG6eK"
    aes_key = "jWmYm7qr5nMoAUwZRjGtBxmz3KA1tkAj3ykkR6q2B2C"
    page = 2

    def __init__(self) -> None:
        super().__init__()
        self.access_token = "ACCESS-1"
        self.media: dict[str, bytes] = {}
        """Temporary media, until three days are over."""
        self.uploads = 0
        self.said: list[dict[str, Any]] = []
        self.sent_since: dict[str, int] = defaultdict(int)
        self.sent_ids: set[str] = set()
        self.lose_answers = 0
        self.expires_before_media = False
        """Of so many messages the answer is lost after they were sent."""
        self.pulls: list[dict[str, Any]] = []

        @self.app.get("/cgi-bin/gettoken")
        async def gettoken(corpid: str, corpsecret: str) -> Response:
            assert (corpid, corpsecret) == (self.corp_id, self.secret)
            return JSONResponse({"errcode": 0, "access_token": self.access_token, "expires_in": 7200})

        @self.app.post("/cgi-bin/kf/sync_msg")
        async def sync_msg(access_token: str, request: Request) -> Response:
            if access_token != self.access_token:
                return self.refusal(42001, "access_token expired")
            body = await request.json()
            assert 0 < body["limit"] <= 1000
            self.pulls.append(body)
            start = int(body.get("cursor") or 0)
            shown = self.said[start : start + self.page]
            end = start + len(shown)
            page = {"errcode": 0, "next_cursor": str(end), "has_more": int(end < len(self.said)), "msg_list": shown}
            return Response(json.dumps(page), media_type="application/json")

        @self.app.post("/cgi-bin/kf/send_msg")
        async def send_msg(access_token: str, request: Request) -> Response:
            if access_token != self.access_token:
                return self.refusal(42001, "access_token expired")
            if (trouble := self.trouble()) is not None:
                return trouble
            body = await request.json()
            assert body["open_kfid"] == self.account
            assert 0 < len(body["msgid"].encode()) <= 32
            if body["msgid"] in self.sent_ids:
                return self.refusal(40058, "msgid has been used")
            if body["msgtype"] == "image" and body["image"]["media_id"] not in self.media:
                return self.refusal(40007, "invalid media_id")
            seen = self._seen(body)
            if isinstance(seen, str):
                return self.refusal(40058, seen)
            if self.sent_since[body["touser"]] >= 5:
                return self.refusal(95001, "send msg count limit")
            self.sent_since[body["touser"]] += 1
            self.sent_ids.add(body["msgid"])
            self.show(body["touser"], seen)
            if self.lose_answers:
                self.lose_answers -= 1
                return Response(status_code=502)
            return JSONResponse({"errcode": 0, "errmsg": "ok", "msgid": body["msgid"]})

        @self.app.post("/cgi-bin/media/upload")
        async def upload(access_token: str, request: Request, media: UploadFile) -> Response:
            if access_token != self.access_token:
                return self.refusal(42001, "access_token expired")
            content = await media.read()
            if (
                request.query_params["type"] != "image"
                or not 5 < len(content) <= 10 * 1024 * 1024
                or not kind_of(content, "PNG", "JPEG")
            ):
                return self.refusal(40009, "invalid image size")
            assert media.filename
            self.uploads += 1
            self.media[f"UP{self.uploads}"] = content
            body = {"errcode": 0, "errmsg": "", "type": "image", "media_id": f"UP{self.uploads}"}
            return JSONResponse({**body, "created_at": "1380000000"})

        @self.app.get("/cgi-bin/media/get")
        async def media(access_token: str, media_id: str) -> Response:
            if self.expires_before_media:
                self.access_token, self.expires_before_media = "ACCESS-9", False
            if access_token != self.access_token:
                return self.refusal(42001, "access_token expired")
            assert media_id == "MEDIA1"
            return Response(platforms.PICTURE, media_type="image/png")

    @staticmethod
    def refusal(code: int, message: str) -> Response:
        """An error as WeCom writes one."""
        return JSONResponse({"errcode": code, "errmsg": message})

    def _seen(self, body: dict[str, Any]) -> Seen | str:
        if body["msgtype"] == "image":
            return Seen("", pictures=[self.media[body["image"]["media_id"]]])
        if body["msgtype"] == "text":
            words = body["text"]["content"]
            return Seen(words) if 0 < len(words.encode()) <= 2048 else "content size out of limit"
        menu = body["msgmenu"]
        items = [item["click"] for item in menu["list"] if item["type"] == "click"]
        fine = 1 <= len(items) <= 10 and all(len(item["content"].encode()) <= 128 for item in items)
        if not fine or len(menu["head_content"].encode()) > 1024:
            return "menu out of limit"
        return Seen(menu["head_content"], {item["content"]: item["id"] for item in items})

    def settings(self, url: str) -> dict[str, Any]:
        return {
            "wecom_corp_id": self.corp_id, "wecom_secret": self.secret, "wecom_token": self.token,
            "wecom_aes_key": self.aes_key, "wecom_api": url,
        }  # fmt: skip

    def signed(self, sealed: str, token: str | None = None) -> dict[str, str]:
        """The signed part of the address."""
        stamp, nonce = str(int(time.time())), "1597212914"
        joined = "".join(sorted([token or self.token, stamp, nonce, sealed]))
        return {"msg_signature": hashlib.sha1(joined.encode()).hexdigest(), "timestamp": stamp, "nonce": nonce}

    def callback(self, token: str | None = None) -> list[dict[str, Any]]:
        """The call that there is something to ask for."""
        event = (
            f"<xml><ToUserName>{self.corp_id}</ToUserName><CreateTime>{int(time.time())}</CreateTime>"
            f"<MsgType>event</MsgType><Event>kf_msg_or_event</Event><Token>ENC{self.events}</Token>"
            f"<OpenKfId>{self.account}</OpenKfId></xml>"
        )
        sealed = seal_envelope(event.encode(), key_of(self.aes_key), self.corp_id, bytes(range(16)))
        body = f"<xml><ToUserName>{self.corp_id}</ToUserName><Encrypt>{sealed}</Encrypt></xml>".encode()
        return [{"method": "POST", "content": body, "params": self.signed(sealed, token)}]

    def message(self, kind: str, **content: Any) -> None:
        """Something is said, not yet announced."""
        self.sent_since[self.person] = 0
        self.said.append(
            {
                "msgid": f"m{self._next()}", "open_kfid": self.account, "external_userid": self.person, "origin": 3,
                "send_time": int(time.time()), "msgtype": kind, **content,
            }
        )  # fmt: skip

    def says(self, words: str) -> list[dict[str, Any]]:
        self.message("text", text={"content": words})
        return self.callback()

    def touches(self, value: str) -> list[dict[str, Any]]:
        self.message("text", text={"content": "…", "menu_id": value})
        return self.callback()

    def shows(self) -> list[dict[str, Any]]:
        self.message("image", image={"media_id": "MEDIA1"})
        return self.callback()

    def other(self) -> list[dict[str, Any]]:
        self.message("video", video={"media_id": "MEDIA2"})
        return self.callback()

    def forged(self) -> list[dict[str, Any]]:
        return self.callback(token="guessed")
