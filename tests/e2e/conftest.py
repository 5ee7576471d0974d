"""The demo is loaded once; every module serves a copy of its own."""
from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from tests.e2e.site import Site, load_demo, served
from tracker.config import Settings


@pytest.fixture(scope="session")
def demo_template(settings: Settings, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The folder of a loaded demo."""
    folder = tmp_path_factory.mktemp("demo")
    load_demo(settings, folder)
    return folder


@pytest.fixture(scope="module")
def whole_site(
    settings: Settings, demo_template: Path, tmp_path_factory: pytest.TempPathFactory, chromium: Any
) -> Iterator[Site]:
    """The demo, served for the tests of one module."""
    yield from served(settings, demo_template, tmp_path_factory.mktemp("site"), chromium)


@pytest.fixture
def site(whole_site: Site) -> Iterator[Site]:
    """The served demo; at the end no page may have broken, asked another host or had an error in its script."""
    yield whole_site
    assert whole_site.close_browsers() == []
