"""What holds for every mail the system sends: it reads as a person has read it, and loads nothing."""
from __future__ import annotations

import re
from collections.abc import Callable
from pathlib import Path

import pytest
from flask import Flask

from tests.mail import test_messages, test_summaries
from tracker.mail.writing import Message

GOLDEN = Path(__file__).parent / "golden"
MakeMail = Callable[[], Message]
each_mail = pytest.mark.parametrize("make_mail", [*test_messages.MAILS, *test_summaries.MAILS],
                                    ids=lambda mail: mail.__name__)


@each_mail
@pytest.mark.parametrize("part", ["txt", "html"])
def test_the_mail_reads_as_the_one_a_person_has_read(sqlite_app: Flask, make_mail: MakeMail, part: str) -> None:
    with sqlite_app.app_context():
        mail = make_mail()

    written = f"Subject: {mail.subject}\nTo: {mail.to}\n\n{mail.text}" if part == "txt" else mail.html
    golden = GOLDEN / f"{make_mail.__name__}.{part}"
    if not golden.exists():
        golden.write_text(written, "utf-8")
        pytest.fail(f"{golden} was written: read it, then run again")
    assert written == golden.read_text("utf-8")


@each_mail
def test_nothing_is_loaded_from_anywhere(sqlite_app: Flask, make_mail: MakeMail) -> None:
    with sqlite_app.app_context():
        html = make_mail().html

    assert not re.search(r"<(img|link|script|iframe|object|video)\b|url\(|@import|@font-face", html)
    links = re.findall(r'(?:href|src|background)="([^"]+)"', html)
    assert links
    assert all(link.startswith("https://dondoc.haduong.example/") for link in links)


@each_mail
def test_a_link_leads_to_the_public_address_in_both_parts(sqlite_app: Flask, make_mail: MakeMail) -> None:
    with sqlite_app.app_context():
        mail = make_mail()

    assert "https://dondoc.haduong.example/" in mail.text
    assert "localhost" not in mail.text + mail.html


@each_mail
def test_every_mail_names_its_list(sqlite_app: Flask, make_mail: MakeMail) -> None:
    with sqlite_app.app_context():
        assert re.fullmatch(r"\S.+ <[a-z_]+\.dondoc\.haduong\.example>", make_mail().list_id)
        assert test_messages.digest().list_id == "Nhắc việc <digest.dondoc.haduong.example>"
