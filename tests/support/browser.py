"""Chromium as Debian and others package it, driven by Playwright: no browser is downloaded."""

from __future__ import annotations

import os
import shutil

from playwright.async_api import Browser as AsyncBrowser
from playwright.async_api import Playwright as AsyncPlaywright
from playwright.sync_api import Browser, Playwright

INSTALL = "apt-get update && apt-get install -y chromium fonts-noto-cjk"

_ARGUMENTS = (
    "--disable-gpu",
    "--disable-quic",
    "--no-first-run",
    # The tests' machine reaches nothing outside; without these the browser keeps trying.
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
)


def browser_path() -> str:
    """The installed Chromium. Raises RuntimeError that names the command which installs it."""
    for name in ("chromium", "chromium-browser", "google-chrome"):
        if found := shutil.which(name):
            return found
    raise RuntimeError(f"the browser tests need Chromium; install it with: {INSTALL}")


def launch_browser(playwright: Playwright) -> Browser:
    """A headless browser; without its sandbox when we are root, which Chromium demands."""
    return playwright.chromium.launch(executable_path=browser_path(), args=_arguments())


async def launch_browser_async(playwright: AsyncPlaywright) -> AsyncBrowser:
    """The same for tests that run in the server's event loop."""
    return await playwright.chromium.launch(executable_path=browser_path(), args=_arguments())


def _arguments() -> list[str]:
    return [*_ARGUMENTS, *(["--no-sandbox"] if os.geteuid() == 0 else [])]
