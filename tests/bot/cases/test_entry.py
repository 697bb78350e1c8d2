"""The program itself: `python -m run_bot` as `shopdesk up` starts it."""

import os
import shutil
import signal
import socket
import subprocess
import sys
import time
from pathlib import Path
from urllib.error import URLError
from urllib.request import Request, urlopen

import pytest

BOT = Path(__file__).resolve().parents[3] / "bot"


def _start(home, **settings):
    kept = {name: value for name, value in os.environ.items() if not name.startswith(("SHOPDESK_", "RASA_"))}
    (home / "person").mkdir(exist_ok=True)
    environment = {**kept, "SHOPDESK_HOME": str(home), "HOME": str(home / "person"), **settings}
    return subprocess.Popen(
        [sys.executable, "-m", "run_bot"],
        cwd=BOT,
        env=environment,
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        text=True,
    )


def _free_port():
    with socket.create_server(("127.0.0.1", 0)) as listener:
        return listener.getsockname()[1]


def test_it_serves_the_newest_model_quietly_and_stops_cleanly(model, tmp_path):
    (tmp_path / "models").mkdir()
    (tmp_path / "models" / "older.tar.gz").write_bytes(b"no model")
    os.utime(tmp_path / "models" / "older.tar.gz", (1, 1))
    shutil.copyfile(model, tmp_path / "models" / "newest.tar.gz")
    port = _free_port()
    bot = _start(tmp_path, SHOPDESK_BOT_PORT=str(port), SHOPDESK_ACTIONS_URL="http://127.0.0.1:9")
    try:
        _wait_for(f"http://127.0.0.1:{port}/healthz", bot)
        with pytest.raises(URLError):
            urlopen(_turn(port, "a very private sentence about my order"))
    finally:
        bot.send_signal(signal.SIGTERM)
        output, _ = bot.communicate(timeout=60)
    assert bot.returncode == 0, output
    assert "newest" in output
    assert "private sentence" not in output
    assert "Warning" not in output
    # Rasa's telemetry would keep an id and its settings under the person's home.
    assert [path for path in (tmp_path / "person").rglob("*rasa*") if "matplotlib" not in str(path)] == []


def test_without_a_model_it_says_what_to_do(tmp_path):
    bot = _start(tmp_path)
    output, _ = bot.communicate(timeout=60)
    assert bot.returncode == 1
    assert "shopdesk train" in output
    assert "Traceback" not in output


@pytest.mark.parametrize(
    ("name", "value"),
    [("SHOPDESK_BOT_PORT", "many"), ("SHOPDESK_ACTION_SECONDS", "0"), ("SHOPDESK_LOG_LEVEL", "LOUD")],
)
def test_a_wrong_setting_is_named(tmp_path, name, value):
    bot = _start(tmp_path, **{name: value})
    output, _ = bot.communicate(timeout=60)
    assert bot.returncode == 1
    assert name in output
    assert "Traceback" not in output


def test_production_refuses_the_development_token(tmp_path):
    bot = _start(tmp_path, SHOPDESK_ENVIRONMENT="production")
    output, _ = bot.communicate(timeout=60)
    assert bot.returncode == 1
    assert "SHOPDESK_SERVICE_TOKEN" in output


def test_the_token_of_the_homes_secrets_is_used(tmp_path, monkeypatch):
    from settings import load_settings

    (tmp_path / "secrets.env").write_text("# made\nSHOPDESK_SERVICE_TOKEN=from-the-file\n", encoding="utf-8")
    monkeypatch.setenv("SHOPDESK_HOME", str(tmp_path))
    monkeypatch.delenv("SHOPDESK_SERVICE_TOKEN", raising=False)
    assert load_settings().service_token.get_secret_value() == "from-the-file"
    monkeypatch.setenv("SHOPDESK_SERVICE_TOKEN", "from-the-environment")
    assert load_settings().service_token.get_secret_value() == "from-the-environment"


def test_telemetry_is_off_whatever_the_environment_said(tmp_path):
    program = (
        "import environment, os, rasa.telemetry as telemetry\n"
        "from runtime import adjustments\n"
        "adjustments.apply()\n"
        "telemetry.requests.post = lambda *a, **k: (_ for _ in ()).throw(SystemExit('sent'))\n"
        "telemetry._default_telemetry_configuration = lambda *a: (_ for _ in ()).throw(SystemExit('written'))\n"
        "assert os.environ['RASA_TELEMETRY_ENABLED'] == 'false'\n"
        "telemetry.initialize_error_reporting()\n"
        "telemetry.track_server_start([], None, None, 1, False)\n"
        "with telemetry.track_model_training(None, 'rasa'): pass\n"
        "assert not telemetry.is_telemetry_enabled()\n"
    )
    run = subprocess.run(
        [sys.executable, "-c", program],
        cwd=BOT,
        env={**os.environ, "HOME": str(tmp_path), "RASA_TELEMETRY_ENABLED": "true"},
        capture_output=True,
        text=True,
        check=False,
    )
    assert run.returncode == 0, run.stderr
    assert [path for path in tmp_path.rglob("*") if "rasa" in path.name] == []


def _turn(port, text):
    body = b'{"sender_id": "a:1", "message_id": "m", "language": null, "input": {"kind": "text", "text": "%s"}}'
    return Request(
        f"http://127.0.0.1:{port}/turns",
        data=body % text.encode(),
        headers={"Authorization": "Bearer development-only-not-secret"},
    )


def _wait_for(url, process):
    deadline = time.monotonic() + 120
    while time.monotonic() < deadline:
        if process.poll() is not None:
            raise AssertionError(process.communicate()[0])
        try:
            with urlopen(url) as response:
                assert response.status == 200
                return
        except URLError:
            time.sleep(0.1)
    raise AssertionError("the bot did not answer")
