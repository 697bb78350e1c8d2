"""Writes docs/settings.md from the programs' settings classes: run with the root environment's Python.

    .venv/bin/python scripts/write_settings_page.py

A test fails while the page differs from what this would write. Needs both environments; unlike its neighbours it is
not part of set-up.
"""

from __future__ import annotations

import json
import subprocess
import sys
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

ROOT = Path(__file__).resolve().parent.parent
PAGE = ROOT / "docs" / "settings.md"

sys.path.append(str(ROOT))

_INTRODUCTION = """\
# Settings

Every setting is an environment variable. Where it is not set, or set to nothing, the default holds. Relative paths are
relative to the checkout. A value that cannot be used stops the program with a sentence that names the variable.

Secrets: on its first run `shopdesk` makes one for each that the environment does not set, and keeps them in
`secrets.env` in SHOPDESK_HOME, readable by its owner only. With `SHOPDESK_ENVIRONMENT=production` a program refuses to
start on a development secret, and on a fixed clock.

This page is written by `scripts/write_settings_page.py` from the settings classes; a test keeps it so.
"""

_FOR_TESTS = """\
## For the tests only

| setting | default | meaning |
|---|---|---|
| `SHOPDESK_SHARED_DATA` | `../shared/data` | """ + (
    "Real order files to test the importers and the assistant with. Where they are absent, the tests run on generated "
    "files of the same shape and say so. |\n"
)

_BOT_FIELDS = """
import json, settings
from pydantic import SecretStr
def shown(value):
    return "<secret>" if isinstance(value, SecretStr) else "" if value is None else str(value)
print(json.dumps([
    [name, shown(field.default), field.field_info.description or ""]
    for name, field in settings.BotSettings.__fields__.items()
]))
"""


@dataclass
class Setting:
    """One environment variable: who reads it, what holds without it, what it means."""

    name: str
    programs: list[str]
    default: str
    meaning: str


def settings() -> list[Setting]:
    """Every setting of every program, those that all share first."""
    found: dict[str, Setting] = {}
    for program, name, default, meaning in _fields():
        setting = found.setdefault(name, Setting(name, [], default, meaning))
        if program not in setting.programs:
            setting.programs.append(program)
    return list(found.values())


def page() -> str:
    """The page's text."""
    known = settings()
    shared = [setting for setting in known if setting.programs[0] == "all"]
    parts = [_INTRODUCTION, _table("All programs", shared)]
    programs = ("crm_backend", "actions", "bot", "gateway", "shopdesk backup")
    parts += [_table(name, [setting for setting in known if setting.programs[0] == name]) for name in programs]
    parts.append(_FOR_TESTS)
    return "\n".join(parts)


def _fields() -> Iterator[tuple[str, str, str, str]]:
    from actions.settings import ActionsSettings
    from crm_backend.settings import CrmSettings
    from gateway.settings import GatewaySettings
    from shopdesk.backup.settings import BackupSettings
    from shopdesk.training import TrainingSettings
    from shopdesk_schemas.settings import CommonSettings

    common = set(CommonSettings.model_fields)
    for name, field in CommonSettings.model_fields.items():
        yield "all", _variable(name), _shown(field.default), field.description or ""
    classes: dict[str, type[CommonSettings]] = {
        "crm_backend": CrmSettings,
        "actions": ActionsSettings,
        "gateway": GatewaySettings,
    }
    for program, model in classes.items():
        for name, field in model.model_fields.items():
            if name not in common:
                yield program, _variable(name), _shown(field.default), field.description or ""
    for name, default, meaning in _bot_fields():
        if name not in common:
            yield "bot", _variable(name), default, meaning
    of_commands: dict[str, type[CommonSettings]] = {
        "shopdesk train": TrainingSettings,
        "shopdesk backup": BackupSettings,
    }
    for command, model in of_commands.items():
        for name, field in model.model_fields.items():
            if name not in common:
                yield command, _variable(name), _shown(field.default), field.description or ""


def _bot_fields() -> list[tuple[str, str, str]]:
    # The bot's settings are a class of Pydantic 1 in the other environment.
    answer = subprocess.run(
        [str(ROOT / "bot" / ".venv" / "bin" / "python"), "-c", _BOT_FIELDS],
        cwd=ROOT / "bot",
        stdout=subprocess.PIPE,
        check=True,
    )
    return [(name, default, meaning) for name, default, meaning in json.loads(answer.stdout)]


def _variable(field: str) -> str:
    return "SHOPDESK_" + field.upper()


def _shown(default: Any) -> str:
    from pydantic import SecretStr

    if isinstance(default, SecretStr):
        return "<secret>" if default.get_secret_value() else ""
    if isinstance(default, bool):
        return str(default).lower()
    if default is None or default in ("", ()):
        return ""
    return str(default)


def _table(title: str, rows: list[Setting]) -> str:
    lines = ["## " + title, "", "| setting | default | meaning |", "|---|---|---|"]
    for setting in rows:
        default = {"<secret>": "made on the first run", "": "not set"}.get(setting.default, f"`{setting.default}`")
        others = ", ".join(setting.programs[1:])
        meaning = setting.meaning + (f" Also read by {others}." if others else "")
        lines.append(f"| `{setting.name}` | {default} | {meaning} |")
    return "\n".join([*lines, ""])


if __name__ == "__main__":
    PAGE.write_text(page(), "utf-8")
