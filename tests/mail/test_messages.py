"""What the mails say: each compared with a file that a person has read (tests/mail/golden)."""
from __future__ import annotations

import re
from collections.abc import Callable
from dataclasses import replace
from datetime import timedelta
from unicodedata import normalize

import pytest
from flask import Flask
from flask_babel import force_locale
from icalendar import Calendar

from tests.mail.sample_mails import (
    CHANGES,
    DRUG_PLAN,
    HEAD,
    LIAISON,
    LINK,
    NOW,
    TODAY,
    assigned,
    assigned_requested,
    chase,
    chase_gentle,
    chase_official,
    chase_requested,
    digest,
    digest_head,
    digest_news,
    digest_requested,
    digest_thanks,
    escalation_coordinator,
    escalation_head,
    escalation_leader,
    handed_over,
    handed_over_agency,
    handed_over_requested,
    handed_over_to_help,
    item,
    password_first,
    password_reset,
    plan_changed,
    plan_changed_requested,
    report_returned,
    request_decided,
    request_refused_requested,
    thread_message,
    thread_message_named,
    transfer_granted,
    transfer_refused,
)
from tracker.mail import messages
from tracker.mail.items import Tally
from tracker.mail.messages import Behind, ChangedItem, News
from tracker.mail.writing import Addressee, Message
from tracker.rules.plan_changes import Effect
from tracker.rules.states import ChaseTone

MAILS = [assigned, assigned_requested, chase, chase_gentle, chase_official, chase_requested, digest, digest_head,
         digest_news, digest_requested, digest_thanks, escalation_coordinator, escalation_head, escalation_leader,
         handed_over, handed_over_agency, handed_over_requested, handed_over_to_help, password_first, password_reset,
         plan_changed, plan_changed_requested, report_returned, request_decided, request_refused_requested,
         thread_message, thread_message_named, transfer_granted, transfer_refused]
MakeMail = Callable[[], Message]


@pytest.mark.parametrize("make_mail", [digest_requested, chase_requested, assigned_requested],
                         ids=lambda mail: mail.__name__)
def test_a_body_that_is_asked_is_never_told(sqlite_app: Flask, make_mail: MakeMail) -> None:
    with sqlite_app.app_context():
        mail = make_mail()

    everything = f"{mail.subject} {mail.text} {mail.html}".lower()
    assert "kính đề nghị" in mail.subject.lower()
    assert "kính đề nghị" in mail.text.lower()
    for word in ("yêu cầu", "đôn đốc sở", "khẩn trương", "báo cáo ngay", "mở để báo cáo", "quá hạn", "được giao"):
        assert word not in everything


SUBJECTS = [
    pytest.param([-12, -3, 4, 2, 1], "2 việc quá hạn, lâu nhất 12 ngày; 3 việc đến hạn tuần này", id="worst first"),
    pytest.param([-13], "1 việc quá hạn 13 ngày", id="one late"),
    pytest.param([0], "1 việc đến hạn hôm nay", id="due today is not overdue"),
    pytest.param([1], "1 việc đến hạn tuần này", id="one ahead"),
    pytest.param([4, 5, 11], "1 việc đến hạn tuần này; 2 việc đến hạn tuần sau", id="weeks begin on Monday"),
    pytest.param([16], "1 việc đến hạn trong 16 ngày", id="told early because a long rest lies before it"),
]


@pytest.mark.parametrize(("days", "subject"), SUBJECTS)
def test_the_subject_changes_with_the_state(sqlite_app: Flask, days: list[int], subject: str) -> None:
    items = [item(n, left, "Việc") for n, left in enumerate(days)]

    with sqlite_app.app_context():
        mail = messages.digest(LIAISON, items, today=TODAY, message_id="<a@b>")

    assert mail.subject == subject


def test_what_people_wrote_is_escaped_in_html(sqlite_app: Flask) -> None:
    rude = Addressee("<b>Mai</b>", "mai@haduong.example", "vi", "Sở <i>Y tế</i>")

    with sqlite_app.app_context():
        mail = messages.chase(rude, [item(1, -3, "<script>x</script>")], chaser="<u>Công an</u>", sender="<s>B</s>",
                              note="<img src=x>", tone=ChaseTone.GENTLE, today=TODAY, message_id="<a@b>")

    assert not re.search(r"<(b|i|script|u|s|img)\b[ >]", mail.html)
    assert "<script>x</script>" in mail.text


def test_what_people_wrote_is_escaped_in_every_mail(sqlite_app: Flask) -> None:
    rude = Addressee("<b>Mai</b>", "mai@haduong.example", "vi", "Sở <i>Y tế</i>")
    evil = item(1, -3, "<script>x</script>", plan="<img src=x>", period=(TODAY, TODAY))
    news = News([evil], [evil])

    with sqlite_app.app_context():
        mails = [
            messages.digest(rude, [evil], today=TODAY, message_id="<a@b>", news=news, beside=Tally(late=1, longest=3)),
            messages.digest(rude, [evil], today=TODAY, message_id="<a@b>", is_head=True),
            messages.assigned(rude, [evil], plan="<img src=x>", coordinator="<u>C</u>", first_due=TODAY, now=NOW,
                              message_id="<a@b>"),
            messages.escalation(rude, [evil], [Behind(1, "<s>Sở</s>", 1, 9)], today=TODAY, message_id="<a@b>"),
            messages.plan_changed(rude, [ChangedItem(evil, Effect.REWORDED, "<u>r</u>", "<b>n</b>", TODAY,
                                                     text_before="<i>t</i>")],
                                  plan="<img src=x>", coordinator="<u>C</u>", now=NOW, message_id="<a@b>"),
            request_decided(rude, evil, words="<u>w</u>", by="<s>B</s>"),
        ]

    for mail in mails:
        assert not re.search(r"<(b|i|script|u|s|img)\b[ >]", mail.html)
        assert "&lt;script&gt;x&lt;/script&gt;" in mail.html
        assert "&amp;lt;" not in mail.html
        assert "<script>x</script>" in mail.text


def test_three_thousand_items_make_a_small_mail_that_counts_the_rest(sqlite_app: Flask) -> None:
    many = [item(n, n % 40 - 20, f"Việc thứ {n}: tuyên truyền, vận động Nhân dân tham gia.") for n in range(3_000)]

    with sqlite_app.app_context():
        mails = [
            messages.digest(LIAISON, many, today=TODAY, message_id="<a@b>", link=LINK, news=News(many, many)),
            messages.chase(LIAISON, many, chaser="Công an", sender="B", note="", tone=ChaseTone.GENTLE, today=TODAY,
                           message_id="<a@b>"),
            messages.assigned(LIAISON, many, plan=DRUG_PLAN, coordinator="Công an", first_due=TODAY, now=NOW,
                              message_id="<a@b>"),
            messages.escalation(HEAD, many, [], today=TODAY, message_id="<a@b>"),
            messages.plan_changed(LIAISON, [ChangedItem(one, Effect.MOVED, "Lùi.") for one in many], plan=DRUG_PLAN,
                                  coordinator="Công an", now=NOW, message_id="<a@b>"),
        ]

    for mail in mails:
        assert "và 2900 việc khác" in mail.text
        assert mail.html.count('class="words"') <= messages.MOST_ITEMS + messages.MOST_ACCEPTED
        assert len(mail.html.encode()) < 150_000
        assert len(mail.ics) < 100_000


def test_a_long_digest_has_its_way_in_above_the_list_too(sqlite_app: Flask) -> None:
    """Gmail cuts a mail off at 102 kB."""
    many = [item(n, -n, "Việc.") for n in range(1, 60)]

    with sqlite_app.app_context():
        long = messages.digest(LIAISON, many, today=TODAY, message_id="<a@b>", link=LINK).html
        short = messages.digest(LIAISON, many[:3], today=TODAY, message_id="<a@b>", link=LINK).html

    assert (long.count('class="button"'), short.count('class="button"')) == (2, 1)
    assert long.index('class="button"') < long.index('class="words"')


@pytest.mark.parametrize("form", ["NFC", "NFD"])
def test_a_subject_cuts_long_texts_at_a_blank_and_whole_letters(sqlite_app: Flask, form: str) -> None:
    about = item(1, -3, normalize(form, "Tuyên truyền phòng, chống ma túy " * 9))
    one_word = item(1, -3, normalize(form, "ử" * 200))

    with sqlite_app.app_context():
        subject, unbroken = thread_message(about=about).subject, thread_message(about=one_word).subject

    assert subject == normalize("NFC", subject)
    assert subject.endswith(("ma…", "túy…", "chống…", "phòng…", "truyền…", "Tuyên…"))
    assert unbroken == f"Câu hỏi về nhiệm vụ: {'ử' * 79}…"


def test_a_mail_is_in_the_language_of_its_addressee_throughout(sqlite_app: Flask) -> None:
    to = replace(LIAISON, locale="en")

    with sqlite_app.test_request_context("/", base_url="http://10.0.0.5"), force_locale("vi"):
        mail = messages.plan_changed(to, CHANGES, plan=DRUG_PLAN, coordinator="C", now=NOW, message_id="<a@b>")

    assert "việc mới" not in mail.subject + mail.text


@pytest.mark.parametrize(("make_mail", "thread"), [
    (report_returned, "assignment.12"), (thread_message, "assignment.12"), (request_decided, "assignment.11"),
    (handed_over, "assignment.14"), (plan_changed, "plan.1"), (assigned_requested, "plan.1"),
])  # fmt: skip
def test_mails_about_one_thing_hang_together(sqlite_app: Flask, make_mail: MakeMail, thread: str) -> None:
    with sqlite_app.app_context():
        assert make_mail().thread == f"<{thread}@dondoc.haduong.example>"
        assert digest().thread == ""


def test_new_deadlines_come_as_a_calendar_file_with_the_feeds_own_ids(sqlite_app: Flask) -> None:
    with sqlite_app.app_context():
        files = [assigned().ics, plan_changed().ics, request_decided().ics]
        without = [digest().ics, transfer_granted().ics, request_refused_requested().ics, handed_over().ics]

    assert without == [""] * 4
    days = [{str(event["uid"]): event["dtstart"].dt for event in Calendar.from_ical(file).walk("VEVENT")}
            for file in files]
    uid = "assignment-{}@dondoc.haduong.example".format
    assert days[0] == {uid(n): TODAY + timedelta(days=left)
                       for n, left in ((13, 0), (14, 1), (15, 7), (41, 84), (18, -2), (19, 30))}
    assert set(days[1]) == {uid(31), uid(33)}
    assert days[2] == {uid(11): TODAY + timedelta(days=28)}
    calendar = Calendar.from_ical(files[0])
    assert calendar["method"] == "PUBLISH"
    assert not calendar.walk("VALARM")
    assert all(len(line.encode()) <= 75 for line in files[0].split("\r\n"))


def test_the_foot_says_whether_an_answer_is_read(sqlite_app: Flask) -> None:
    settings = sqlite_app.extensions["settings"]
    sqlite_app.extensions["settings"] = replace(settings, imap_server="imap.haduong.example")
    try:
        with sqlite_app.app_context():
            answered, not_answered = digest(), password_reset()
    finally:
        sqlite_app.extensions["settings"] = settings

    assert "xin không trả lời" not in answered.text + answered.html
    assert "bản nháp báo cáo" in answered.text
    assert "xin không trả lời" in not_answered.text


def test_a_mail_made_within_a_request_leaves_the_request_as_it_was(sqlite_app: Flask) -> None:
    from flask import request, url_for
    from flask_babel import get_locale

    with sqlite_app.test_request_context("/", base_url="http://10.0.0.5"), force_locale("en"):
        mail = digest()

        assert request.host == "10.0.0.5"
        assert str(get_locale()) == "en"
        assert url_for("front.home", _external=True).startswith("http://10.0.0.5/")
    assert "https://dondoc.haduong.example/" in mail.text
    assert "Kính gửi" in mail.text
