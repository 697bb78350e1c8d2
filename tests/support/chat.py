"""A shopper at the gateway's public API: opens a conversation, says things, reads the replies."""

from __future__ import annotations

import time
import uuid
from collections.abc import Mapping
from typing import Any, Self

import httpx

TURN_SECONDS = 60.0
"""How long a reply may take before the test gives up: a limit against hanging, not a measure."""

_WAIT_SECONDS = 20


class ChatClient:
    """One shopper's conversation. Use as a context manager, or call `close`."""

    def __init__(self, url: str) -> None:
        self._http = httpx.Client(base_url=url, timeout=TURN_SECONDS)
        self._after = 0
        self.conversation_id = ""
        self.token = ""

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        self.close()

    def close(self) -> None:
        """Closes the connection."""
        self._http.close()

    def open(
        self,
        language: str | None = None,
        *,
        identity_token: str | None = None,
        page: Mapping[str, str] | None = None,
    ) -> list[dict[str, Any]]:
        """Opens the conversation. Returns the greeting's messages."""
        body = {"language": language, "identity_token": identity_token, "page": dict(page) if page else None}
        answer = self._http.post("/api/chat/sessions", json=body)
        answer.raise_for_status()
        session = answer.json()
        self.conversation_id, self.token = session["conversation_id"], session["token"]
        self._http.headers["Authorization"] = f"Bearer {self.token}"
        messages: list[dict[str, Any]] = session["messages"]
        self._after = max((message["seq"] for message in messages), default=0)
        return messages

    def say(self, text: str) -> list[dict[str, Any]]:
        """Types `text` and waits for the end of the turn. Returns the messages that answer it."""
        return self.send({"text": text})

    def press(self, button_id: str) -> list[dict[str, Any]]:
        """Presses a button of an earlier reply and waits for the end of the turn."""
        return self.send({"button_id": button_id})

    def upload(self, picture: bytes) -> str:
        """Uploads a picture, which nobody sees until a message shows it. Returns its id."""
        answer = self._http.post("/api/chat/images", content=picture, headers={"Content-Type": "image/png"})
        answer.raise_for_status()
        return str(answer.json()["image_id"])

    def send(self, body: Mapping[str, Any]) -> list[dict[str, Any]]:
        """Sends a message body of the contract and waits for the end of the turn."""
        answer = self._http.post("/api/chat/messages", json={"client_id": str(uuid.uuid4()), **body})
        answer.raise_for_status()
        seq = answer.json()["seq"]
        return [message for message in self.read_turn() if message["seq"] > seq]

    def post_until_accepted(self, body: Mapping[str, Any]) -> int:
        """Sends a message, with its `client_id`, until the gateway acknowledges it. Returns its sequence number."""
        deadline = time.monotonic() + TURN_SECONDS
        while True:
            try:
                answer = self._http.post("/api/chat/messages", json=dict(body))
            except httpx.TransportError:
                if time.monotonic() > deadline:
                    raise
                time.sleep(0.2)
                continue
            answer.raise_for_status()
            return int(answer.json()["seq"])

    def everything(self) -> list[dict[str, Any]]:
        """All messages of the conversation so far."""
        answer = self._http.get("/api/chat/messages", params={"after": 0})
        answer.raise_for_status()
        messages: list[dict[str, Any]] = answer.json()["messages"]
        return messages

    def read_turn(self) -> list[dict[str, Any]]:
        """Reads until nobody is typing. Returns what is new and was not said by the shopper."""
        new: list[dict[str, Any]] = []
        while True:
            answer = self._http.get("/api/chat/messages", params={"after": self._after, "wait": _WAIT_SECONDS})
            answer.raise_for_status()
            page = answer.json()
            new += page["messages"]
            self._after = max([self._after, *(message["seq"] for message in page["messages"])])
            if not page["typing"]:
                return [message for message in new if message["author"] != "shopper"]


def words(messages: list[dict[str, Any]]) -> str:
    """What the messages say, one line each."""
    return "\n".join(message["content"]["text"] for message in messages)
