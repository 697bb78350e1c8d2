"""The server as Rasa and the supervisor see it: token, health, errors, a clean stop."""

from __future__ import annotations

import json
import os
import re
import signal
import socket
import subprocess
import sys
import time
import urllib.error
import urllib.request
from collections.abc import Iterator
from datetime import date
from pathlib import Path
from typing import Any

import pytest

from actions.resolver import resolve_lines
from actions.server import places_of
from shopdesk_schemas.settings import DEVELOPMENT_SECRET

PROJECT = Path(__file__).resolve().parents[2]


def free_port() -> int:
    with socket.socket() as listener:
        listener.bind(("127.0.0.1", 0))
        return int(listener.getsockname()[1])


def call(url: str, body: Any = None, token: str | None = DEVELOPMENT_SECRET) -> tuple[int, Any, str]:
    headers = {"Content-Type": "application/json"} | ({"Authorization": f"Bearer {token}"} if token else {})
    request = urllib.request.Request(url, data=None if body is None else json.dumps(body).encode(), headers=headers)
    try:
        with urllib.request.urlopen(request, timeout=10) as response:
            return response.status, json.load(response), response.headers.get("Server-Timing", "")
    except urllib.error.HTTPError as error:
        with error:
            return error.code, json.load(error), ""


def action_call(action: str) -> dict[str, Any]:
    tracker = {"sender_id": "c:1", "slots": {}, "latest_message": {}, "events": [], "active_loop": {}}
    return {"next_action": action, "sender_id": "c:1", "tracker": {**tracker, "paused": False}, "domain": {}}


@pytest.fixture(scope="module")
def server(tmp_path_factory: pytest.TempPathFactory) -> Iterator[tuple[str, subprocess.Popen[bytes]]]:
    """The real program, with a CRM that is not there."""
    port = free_port()
    environment = os.environ | {
        "SHOPDESK_HOME": str(tmp_path_factory.mktemp("home")),
        "SHOPDESK_ACTIONS_PORT": str(port),
        "SHOPDESK_CRM_URL": f"http://127.0.0.1:{free_port()}",
    }
    process = subprocess.Popen(
        [sys.executable, "-m", "actions"],
        cwd=PROJECT,
        env=environment,
        stdout=subprocess.DEVNULL,
        stderr=subprocess.PIPE,
    )
    url = f"http://127.0.0.1:{port}"
    deadline = time.monotonic() + 60
    while True:
        try:
            call(f"{url}/healthz")
            break
        except OSError:
            assert process.poll() is None, "the action server ended"
            assert time.monotonic() < deadline, "the action server did not start"
            time.sleep(0.1)
    yield url, process
    if process.poll() is None:
        process.kill()
    process.communicate()


def test_health_needs_no_token_and_readiness_names_what_is_missing(server: tuple[str, Any]) -> None:
    assert call(f"{server[0]}/healthz", token=None)[:2] == (200, {"status": "ok"})
    status, body, _ = call(f"{server[0]}/readyz", token=None)
    assert (status, body["missing"]) == (503, ["crm"])


def test_the_webhook_wants_the_service_token(server: tuple[str, Any]) -> None:
    for token in (None, "wrong"):
        status, body, _ = call(f"{server[0]}/webhook", action_call("action_goodbye"), token)
        assert (status, body["type"]) == (401, "/problems/unauthenticated")


def test_an_action_runs_and_tells_the_crm_time(server: tuple[str, Any]) -> None:
    status, body, timing = call(f"{server[0]}/webhook", action_call("action_goodbye"))
    assert (status, body["responses"][0]["response"]) == (200, "utter_goodbye")
    assert timing.startswith("crm;dur=")


def test_a_crm_that_is_away_is_an_error_and_no_answer(server: tuple[str, Any]) -> None:
    status, body, _ = call(f"{server[0]}/webhook", action_call("validate_track_order_form"))
    assert (status, body["type"]) == (503, "/problems/unavailable")


def test_the_log_tells_where_an_error_came_from_and_nothing_of_a_shopper() -> None:
    with pytest.raises(AttributeError) as caught:
        resolve_lines("send back 1 Rose Lane", ["scarf"], today=date(2026, 3, 12))  # type: ignore[list-item]
    places = places_of(caught.value)
    assert all(re.fullmatch(r"[a-z_/]+\.py:\d+", place) for place in places)
    assert places[-1].startswith("resolver/lines.py:")


def test_nonsense_is_refused(server: tuple[str, Any]) -> None:
    assert call(f"{server[0]}/webhook", action_call("action_of_another_bot"))[0] == 404
    assert call(f"{server[0]}/webhook", ["no call"])[0] == 422
    assert call(f"{server[0]}/nowhere")[0] == 404


def test_it_stops_cleanly_when_told(server: tuple[str, subprocess.Popen[bytes]]) -> None:
    _, process = server
    process.send_signal(signal.SIGTERM)
    _, errors = process.communicate(timeout=30)
    assert process.returncode == 0, errors.decode()[-2000:]
