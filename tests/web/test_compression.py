"""What is sent compressed, and what is not; how heavy the pages are on which people report."""
from __future__ import annotations

import gzip
import re
from datetime import timedelta
from typing import Any

import pytest
from flask import Flask
from flask.testing import FlaskClient

from tests.factories import NOW, TODAY, Factory
from tracker.models.mail_link import make_token

pytestmark = pytest.mark.usefixtures("morning")
GZIP = {"Accept-Encoding": "gzip, deflate, br"}
OURS = {**GZIP, "Sec-Fetch-Site": "same-origin"}
#: What a page on which people report may weigh, with everything it loads, on a first visit.
MOST_BYTES = 150_000
SENTENCE = "Rà soát, thống kê, phân loại người sử dụng trái phép chất ma túy. "
SHEET = "/static/css/app.css"


def test_a_style_sheet_is_sent_compressed_to_those_who_take_it(sqlite_app: Flask) -> None:
    browser = sqlite_app.test_client()

    plain, packed = (browser.get(SHEET, headers=headers, buffered=True) for headers in ({}, GZIP))

    assert "Content-Encoding" not in plain.headers
    assert packed.headers["Content-Encoding"] == "gzip"
    assert gzip.decompress(packed.data) == plain.data
    assert int(packed.headers["Content-Length"]) == len(packed.data) < len(plain.data) / 3
    assert "Accept-Encoding" in plain.headers["Vary"]
    assert "Accept-Encoding" in packed.headers["Vary"]


@pytest.mark.parametrize("encoding", ["identity", "gzip;q=0", "br", ""])
def test_who_does_not_take_gzip_gets_none(sqlite_app: Flask, encoding: str) -> None:
    answer = sqlite_app.test_client().get(SHEET, headers={"Accept-Encoding": encoding}, buffered=True)

    assert "Content-Encoding" not in answer.headers


def test_an_unchanged_style_sheet_is_not_sent_again(sqlite_app: Flask) -> None:
    browser = sqlite_app.test_client()
    tag = browser.get(SHEET, headers=GZIP, buffered=True).headers["ETag"]

    again = browser.get(SHEET, headers={**GZIP, "If-None-Match": tag}, buffered=True)

    assert tag.startswith("W/")
    assert (again.status_code, again.data) == (304, b"")


def test_parts_and_heads_are_left_alone(sqlite_app: Flask) -> None:
    browser = sqlite_app.test_client()

    part = browser.get(SHEET, headers={**GZIP, "Range": "bytes=0-9"}, buffered=True)
    head = browser.head(SHEET, headers=GZIP, buffered=True)

    assert (part.status_code, len(part.data)) == (206, 10)
    assert "Content-Encoding" not in part.headers
    assert "Content-Encoding" not in head.headers


@pytest.mark.parametrize(("site", "is_packed"), [("same-origin", True), ("none", True), ("cross-site", False),
                                                 ("same-site", False), (None, False)])
def test_a_page_is_compressed_only_when_no_other_site_asked_for_it(
    sqlite_app: Flask, site: str | None, is_packed: bool
) -> None:
    headers = GZIP | ({"Sec-Fetch-Site": site} if site else {})

    answer = sqlite_app.test_client().get("/accounts/log-in", headers=headers)

    assert ("Content-Encoding" in answer.headers) == is_packed
    assert "Mật khẩu" in (gzip.decompress(answer.data).decode() if is_packed else answer.text)


def test_what_is_not_text_and_what_is_a_download_stay_as_they_are(make: Factory, as_user: Any) -> None:
    browser = as_user(make.user())

    assert "Content-Encoding" not in browser.post("/accounts/log-out", headers=OURS).headers  # a redirect
    assert "Content-Encoding" not in browser.get("/static/img/none.png", headers=OURS).headers


def weight(browser: FlaskClient, path: str, headers: dict[str, str]) -> dict[str, int]:
    """Give the bytes of a page and of everything it loads, by address."""
    page = browser.get(path, headers=headers)
    assert page.status_code == 200
    sizes = {path: len(page.data)}
    html = gzip.decompress(page.data).decode() if "Content-Encoding" in page.headers else page.text
    for found in re.findall(r'<(?:link|script|img)[^>]+(?:href|src)="([^"]+)"', html):
        # Loaded by our own page, wherever that was opened from.
        sizes[found] = len(browser.get(found, headers=OURS, buffered=True).data)
    return sizes


@pytest.mark.parametrize("site", ["none", "cross-site"])
def test_pages_on_which_people_report_are_light_without_a_cache(make: Factory, as_user: Any, site: str) -> None:
    user = make.user()
    rows = [make.assignment(user.agency, due_on=TODAY - timedelta(days=number),
                            task=make.task(text=SENTENCE * 4))
            for number in range(20)]
    browser = as_user(user)
    token = make_token(user, "only for tests", now=NOW)
    headers = {**GZIP, "Sec-Fetch-Site": site}

    heavy = {}
    for path in (f"/r/{token}", f"/r/{token}?open={rows[0].id}", f"/assignments/{rows[0].id}/progress", "/my-work/",
                 "/my-work/month"):
        sizes = weight(browser, path, headers)
        if sum(sizes.values()) >= MOST_BYTES:
            heavy[path] = sizes

    assert heavy == {}
