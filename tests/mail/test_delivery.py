"""A mail on the wire: a real SMTP conversation, and what the server's answers mean."""
from __future__ import annotations

from dataclasses import replace
from email import message_from_bytes
from email.header import decode_header, make_header
from email.policy import compat32
from typing import Any

import pytest
from flask import Flask
from hypothesis import given
from hypothesis import strategies as st

from tests.conftest import Sink
from tracker.config import Settings
from tracker.mail.answers import Fault
from tracker.mail.delivery import NotTaken, PostOffice, Unreachable
from tracker.mail.letter import letter as written
from tracker.mail.writing import Message

WORDS = "Mở lớp tập huấn về xác định tình trạng nghiện cho cán bộ y tế xã, phường; quá hạn 12 ngày. "


def letter(**values: str) -> Message:
    """Make a message with long Vietnamese lines, lines that begin with a dot, and a blank at a line's end."""
    text = f"Kính gửi: Trần Thị Mai\n\n{WORDS * 4}\n.\n.. hai chấm\n.một chấm = 100% \n\tthụt vào\n"
    html = f"<html><body>\n<p class=\"a\">{WORDS * 30}</p>\n.\n<a href=\"https://x.example/?a=b&amp;c=d\">ở đây</a>"
    return replace(Message(to="mai@haduong.example", subject="2 việc quá hạn, lâu nhất 12 ngày", text=text, html=html,
                           message_id="<digest.2026-03-18.1.abcd@haduong.example>"), **values)


def body(arrived: Any, kind: str) -> str:
    return str(arrived.get_body((kind,)).get_content()).replace("\r\n", "\n")


def test_a_mail_arrives_whole(app: Flask, smtp: Sink) -> None:
    with app.app_context(), PostOffice() as office:
        mail = letter()
        office.send(mail)

    [arrived] = smtp.messages
    assert arrived["Subject"] == mail.subject
    assert arrived["From"] == "Đôn Đốc – Hà Dương <dondoc@haduong.example>"
    assert arrived["To"] == arrived["X-Envelope-To"] == mail.to
    assert arrived["Message-ID"] == mail.message_id
    assert arrived["Auto-Submitted"] == "auto-generated"
    assert arrived["X-Auto-Response-Suppress"] == "All"
    assert arrived["Date"]
    assert arrived.get_content_type() == "multipart/alternative"
    assert [part.get_content_type() for part in arrived.iter_parts()] == ["text/plain", "text/html"]
    assert body(arrived, "plain") == mail.text
    assert body(arrived, "html") == mail.html + "\n"


def test_a_long_subject_keeps_every_blank(app: Flask, smtp: Sink) -> None:
    words = "Báo cáo lãnh đạo: 14 việc của 14 cơ quan quá hạn lâu, lâu nhất 27 ngày"
    subjects = [words[:cut] + "x" * shift + words[cut:] for cut in (0, 11) for shift in range(12)]

    with app.app_context(), PostOffice() as office:
        for subject in subjects:
            office.send(letter(subject=subject))

    assert [arrived["Subject"] for arrived in smtp.messages] == subjects


def test_every_line_on_the_wire_is_short_and_ascii(app: Flask, smtp: Sink) -> None:
    with app.app_context(), PostOffice() as office:
        mail = letter(text="Một dòng rất dài. " * 400, subject="Một tiêu đề rất dài. " * 40)
        office.send(mail)

    assert max(len(line) for line in smtp.raw[0].splitlines()) <= 78
    assert smtp.raw[0].isascii()


@pytest.mark.parametrize("province", ["TP. Hồ Chí Minh", 'Hà "Dương", miền núi', ""])
def test_the_senders_name_survives_odd_letters(app: Flask, smtp: Sink, province: str) -> None:
    settings = app.extensions["settings"]
    app.extensions["settings"] = replace(settings, province=province)
    try:
        with app.app_context(), PostOffice() as office:
            office.send(letter())
    finally:
        app.extensions["settings"] = settings

    address = smtp.messages[0]["From"].addresses[0]
    assert address.addr_spec == "dondoc@haduong.example"
    assert address.display_name == (f"Đôn Đốc – {province}" if province else "Đôn Đốc")


def test_a_conversation_that_the_server_ended_is_begun_again(app: Flask, smtp: Sink) -> None:
    with app.app_context(), PostOffice() as office:
        office.send(letter())
        smtp.refusals.append("421 too many mails on this line")
        office.send(letter())

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
        office.send(letter())

    assert refused.value.permanent is permanent
    assert str(refused.value) == answer


def test_a_refusal_that_repeats_a_link_of_the_mail_does_not_hold_it(app: Flask, smtp: Sink) -> None:
    smtp.refusals.append("554 5.7.1 blocked: https://dondoc.example/r/abc.def_1 /accounts/reset/ABC-1~")

    with app.app_context(), PostOffice() as office, pytest.raises(NotTaken) as refused:
        office.send(letter())

    assert str(refused.value) == "554 5.7.1 blocked: https://dondoc.example/r/… /accounts/reset/…"


def test_after_a_refusal_the_next_mail_goes_on_the_same_line(app: Flask, smtp: Sink) -> None:
    smtp.unknown["mai@haduong.example"] = "550 no such user"

    with app.app_context(), PostOffice() as office:
        with pytest.raises(NotTaken):
            office.send(letter())
        office.send(letter(to="hoa@haduong.example"))

    assert [m["X-Envelope-To"] for m in smtp.messages] == ["hoa@haduong.example"]


def test_no_server_is_no_mails_fault(sqlite_app: Flask) -> None:
    with sqlite_app.app_context(), PostOffice() as office, pytest.raises(Unreachable) as unreachable:
        office.send(letter())

    assert "127.0.0.1:9" in str(unreachable.value)


CALENDAR = "BEGIN:VCALENDAR\r\nSUMMARY:Mở lớp tập huấn\r\nEND:VCALENDAR\r\n"


def test_thread_list_and_calendar_stand_where_mail_programs_look_for_them(app: Flask, smtp: Sink) -> None:
    with app.app_context(), PostOffice() as office:
        office.send(letter(thread="<assignment.12@dondoc.example>", list_id="Việc mới <assigned.dondoc.example>",
                           ics=CALENDAR))

    [arrived] = smtp.messages
    assert arrived["In-Reply-To"] == arrived["References"] == "<assignment.12@dondoc.example>"
    assert arrived["List-Id"] == "Việc mới <assigned.dondoc.example>"
    assert arrived.get_content_type() == "multipart/mixed"
    assert body(arrived, "plain") == letter().text
    [attached] = arrived.iter_attachments()
    assert (attached.get_content_type(), attached.get_filename()) == ("text/calendar", "thoi-han.ics")
    assert attached.get_param("method") == "PUBLISH"
    assert attached.get_payload(decode=True).decode() == CALENDAR


def test_a_mail_without_them_has_none_of_these_headers(app: Flask, smtp: Sink) -> None:
    with app.app_context(), PostOffice() as office:
        office.send(letter())

    assert not {"In-Reply-To", "References", "List-Id", "Reply-To"} & set(smtp.messages[0])


@given(text=st.text(), subject=st.text())
def test_any_text_comes_back_as_it_was(settings: Settings, text: str, subject: str) -> None:
    raw = written(letter(text=text, subject=subject), settings)

    assert raw.isascii()
    assert b"\n" not in raw.replace(b"\r\n", b"")
    assert b"\r" not in raw.replace(b"\r\n", b"")
    arrived = message_from_bytes(raw, policy=compat32)
    plain = arrived.get_payload(0).get_payload(decode=True).decode()
    kept = text if text.endswith("\n") else text + "\n"
    assert plain.replace("\r\n", "\n") == kept.replace("\r\n", "\n").replace("\r", "\n")
    assert str(make_header(decode_header(arrived["Subject"] or ""))) == " ".join(subject.splitlines())


ODD = ["mai@hà-dương.example", "a@b.example\r\nRCPT TO:<c@d.example>", "a@b c", "mai", "a@b>"]


@pytest.mark.parametrize("address", ODD)
def test_what_is_no_address_is_never_said_to_a_server(app: Flask, smtp: Sink, address: str) -> None:
    with app.app_context(), PostOffice() as office, pytest.raises(NotTaken) as refused:
        office.send(letter(to=address))

    assert refused.value.fault is Fault.ADDRESS
    assert smtp.connections == 0
