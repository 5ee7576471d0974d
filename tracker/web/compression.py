"""Text sent gzipped to browsers that take it, so that a page stays small on a slow line.

Own style sheets and scripts hold nothing secret and are always compressed. A page may hold a form's token beside words
that came with the address, and the length of such a page, compressed, can be made to tell the token (BREACH). It takes
thousands of requests that another site makes this browser send; so a page is compressed only when the browser says
that nobody else's page asked for it (Sec-Fetch-Site), and sent as it is to everybody else.
"""
from __future__ import annotations

import gzip
from functools import lru_cache

from flask import Flask, Response, request

from tracker.web.guard import STATIC_ENDPOINTS

TEXT = frozenset({"text/html", "text/css", "text/javascript", "application/javascript", "image/svg+xml"})
#: Below this the head of the answer weighs more than what is saved.
LEAST = 1_000
#: Asked for by a page of our own, or by the person: typed, from a bookmark, from a program.
ASKED_BY_US = frozenset({"same-origin", "none"})


def init_app(app: Flask) -> None:
    """Compress what may be. Call it first: what is registered first runs last, when the answer is complete."""
    app.after_request(compress)


def compress(response: Response) -> Response:
    """Compress an answer in place when it is text, complete, worth it, and the browser takes it."""
    if response.mimetype not in TEXT or response.status_code != 200 or request.method not in {"GET", "POST"}:
        return response
    is_file = request.endpoint in STATIC_ENDPOINTS
    if "Content-Disposition" in response.headers and not is_file:
        return response  # a download
    if not is_file and response.is_streamed:
        return response
    response.vary.add("Accept-Encoding")
    if "Content-Encoding" in response.headers or not request.accept_encodings["gzip"]:
        return response
    if not is_file and request.headers.get("Sec-Fetch-Site") not in ASKED_BY_US:
        return response
    response.direct_passthrough = False
    body = response.get_data()
    if len(body) < LEAST:
        return response
    response.set_data(_gzipped_file(body) if is_file else gzip.compress(body, compresslevel=6, mtime=0))
    response.headers["Content-Encoding"] = "gzip"
    tag, _weak = response.get_etag()
    if tag:
        # The same content, not the same bytes: a weak tag still answers "unchanged?".
        response.set_etag(tag, weak=True)
    response.headers.pop("Accept-Ranges", None)
    return response


@lru_cache(maxsize=64)
def _gzipped_file(body: bytes) -> bytes:
    """Compress a file as well as can be, once: there are few, and they change only when the program does."""
    return gzip.compress(body, compresslevel=9, mtime=0)
