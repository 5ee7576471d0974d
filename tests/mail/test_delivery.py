"""A mail on the wire: a real SMTP conversation, and what the server's answers mean."""
from __future__ import annotations

from dataclasses import replace

import pytest
from flask import Flask

from tests.conftest import Sink
from tests.mail.test_messages import chase, digest
from tracker.mail.delivery import NotTaken, PostOffice, Unreachable


def test_a_mail_arrives_whole(app: Flask, smtp: Sink) -> None:
    with app.app_context(), PostOffice() as office:
        mail = digest()
        office.send(mail)

    [arrived] = smtp.messages
    assert arrived["Subject"] == mail.subject
    assert arrived["From"] == "Đôn Đốc – Hà Dương <dondoc@haduong.example>"
    assert arrived["To"] == arrived["X-Envelope-To"] == mail.to
    assert arrived["Message-ID"] == mail.message_id
    assert arrived["Auto-Submitted"] == "auto-generated"
    assert arrived["X-Auto-Response-Suppress"] == "All"
    assert arrived["Date"]
    assert arrived.get_body(("plain",)).get_content().strip().splitlines() == mail.text.strip().splitlines()
    assert arrived.get_body(("html",)).get_content().strip().splitlines() == mail.html.strip().splitlines()


def test_a_long_subject_keeps_every_blank(app: Flask, smtp: Sink) -> None:
    words = "Báo cáo lãnh đạo: 14 việc của 14 cơ quan quá hạn lâu, lâu nhất 27 ngày"
    subjects = [words[:cut] + "x" * shift + words[cut:] for cut in (0, 11) for shift in range(12)]

    with app.app_context(), PostOffice() as office:
        for subject in subjects:
            office.send(replace(digest(), subject=subject))

    assert [arrived["Subject"] for arrived in smtp.messages] == subjects


def test_every_line_on_the_wire_is_short_and_ascii(app: Flask, smtp: Sink) -> None:
    with app.app_context(), PostOffice() as office:
        mail = replace(chase(), text="Một dòng rất dài. " * 400)
        office.send(mail)

    assert max(len(line) for line in smtp.raw[0].splitlines()) <= 998
    assert smtp.raw[0].isascii()


@pytest.mark.parametrize("province", ["TP. Hồ Chí Minh", 'Hà "Dương", miền núi', ""])
def test_the_senders_name_survives_odd_letters(app: Flask, smtp: Sink, province: str) -> None:
    settings = app.extensions["settings"]
    app.extensions["settings"] = replace(settings, province=province)
    try:
        with app.app_context(), PostOffice() as office:
            office.send(digest())
    finally:
        app.extensions["settings"] = settings

    address = smtp.messages[0]["From"].addresses[0]
    assert address.addr_spec == "dondoc@haduong.example"
    assert address.display_name == (f"Đôn Đốc – {province}" if province else "Đôn Đốc")


def test_a_conversation_that_the_server_ended_is_begun_again(app: Flask, smtp: Sink) -> None:
    with app.app_context(), PostOffice() as office:
        office.send(digest())
        smtp.refusals.append("421 too many mails on this line")
        office.send(digest())

    assert len(smtp.messages) == 2
    assert smtp.connections == 2


ANSWERS = [
    pytest.param("550 no such user", True, id="for good"),
    pytest.param("554 5.7.1 refused by policy", True, id="content refused for good"),
    pytest.param("451 greylisted", False, id="for now"),
    pytest.param("421 going down", False, id="server closing on the first mail"),
]


@pytest.mark.parametrize(("answer", "permanent"), ANSWERS)
def test_a_refusal_says_whether_it_is_for_good(app: Flask, smtp: Sink, answer: str, permanent: bool) -> None:
    smtp.refusals.append(answer)

    with app.app_context(), PostOffice() as office, pytest.raises(NotTaken) as refused:
        office.send(digest())

    assert refused.value.permanent is permanent
    assert str(refused.value) == answer


def test_after_a_refusal_the_next_mail_goes_on_the_same_line(app: Flask, smtp: Sink) -> None:
    smtp.unknown["mai@haduong.example"] = "550 no such user"

    with app.app_context(), PostOffice() as office:
        with pytest.raises(NotTaken):
            office.send(digest())
        office.send(replace(digest(), to="hoa@haduong.example"))

    assert [m["X-Envelope-To"] for m in smtp.messages] == ["hoa@haduong.example"]


def test_no_server_is_no_mails_fault(sqlite_app: Flask) -> None:
    with sqlite_app.app_context(), PostOffice() as office, pytest.raises(Unreachable) as unreachable:
        office.send(digest())

    assert "127.0.0.1:9" in str(unreachable.value)
