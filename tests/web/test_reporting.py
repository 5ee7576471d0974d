"""The report form: figures, drafts, files sent ahead, answers with one press, taking back, two people at once."""
from __future__ import annotations

import re
from collections.abc import Iterator
from datetime import timedelta
from io import BytesIO
from typing import Any

import pytest
import time_machine
from flask import Flask
from sqlalchemy import select
from sqlalchemy.orm import Session

from tests import sample_files as sample
from tests.factories import NOW, TODAY, Factory
from tests.web.test_assignments import Case, file
from tracker.models import Assignment, AuditEntry, DraftFile, ReportDraft
from tracker.rules.states import AssignmentState as State
from tracker.rules.states import ReportChannel

DAY = timedelta(days=1)
FETCH = {"X-Requested-With": "fetch"}


@pytest.fixture(autouse=True)
def morning() -> Iterator[None]:
    with time_machine.travel(NOW, tick=False):
        yield


@pytest.fixture
def case(session: Session, make: Factory, as_user: Any) -> Case:
    return Case(session, make, as_user)


def post(case: Case, path: str, who: str = "liaison", **more: Any) -> Any:
    answer = case.browsers[who].post(f"/assignments/{case.id}/{path}", **more)
    case.session.rollback()
    return answer


def form_of(case: Case, query: str = "") -> str:
    return str(case.get("liaison", f"/assignments/{case.id}/progress{query}").text)


FIGURES = {"figures-0-name": "Số buổi", "figures-0-value": "1.250,5", "figures-0-unit": "buổi"}


# ---- what is reported


def test_figures_and_proposals_are_kept_and_the_next_form_asks_for_the_same_figures(case: Case) -> None:
    case.report(**FIGURES, proposals="Cấp thêm kinh phí.", difficulties="Thiếu hội trường.")

    update, form = case.updates()[0], form_of(case)
    page = case.get("coordinator", f"/assignments/{case.id}").text

    assert update.figures == {"rows": [{"name": "Số buổi", "value": "1.250,5", "unit": "buổi"}]}
    assert (update.proposals, update.difficulties, update.channel) == (
        "Cấp thêm kinh phí.", "Thiếu hội trường.", ReportChannel.PAGE)
    assert 'value="Số buổi"' in form
    assert 'value="1.250,5"' not in form
    assert "Cấp thêm kinh phí." in form
    for words in ("1.250,5", "Cấp thêm kinh phí."):
        assert words in page


@pytest.mark.parametrize(("values", "said"), [
    ({"figures-0-value": "nhiều", "figures-0-name": "Số buổi"}, "Hãy ghi một số"),
    ({"figures-0-value": "12"}, "Hãy ghi đó là số gì."),
    ({"figures-0-value": "12", "figures-0-name": "a" * 201}, "Không dài quá 200 ký tự."),
    ({"text": "Nguyễn Văn An, sinh năm 1990\nTrần Thị Bình, sinh năm 1985"}, "giống danh sách từng người"),
    ({"proposals": "Hồ sơ 001085012345"}, "giống số căn cước"),
])  # fmt: skip
def test_wrong_figures_and_persons_are_told_and_the_form_stays(case: Case, values: dict[str, str], said: str) -> None:
    answer = case.report(**{"difficulties": "Khó khăn còn lại.", **values})

    assert said in answer.text
    assert "Khó khăn còn lại." in answer.text
    assert case.updates() == []


def test_more_rows_of_figures_than_a_report_takes_break_nothing(case: Case) -> None:
    rows = {f"figures-{n}-{part}": "1" for n in range(500) for part in ("name", "value", "unit")}

    assert case.report(**rows).status_code == 302
    assert len(case.updates()[0].figures["rows"]) == 10


def test_one_person_with_a_year_of_birth_is_saved_with_a_gentle_word(case: Case) -> None:
    case.report(text="Đã tư vấn cho Nguyễn Văn An, sinh năm 1990.")

    assert "chỉ cần số liệu tổng hợp" in case.get("liaison", "/my-work/").text
    assert len(case.updates()) == 1


# ---- in place


def test_the_form_comes_alone_when_asked_in_place(case: Case) -> None:
    form = form_of(case, "?inline=1")

    assert "<html" not in form
    assert "data-inline" in form
    assert f'action="/assignments/{case.id}/progress?inline=1"' in form


def test_a_script_is_answered_in_json_or_with_the_form(case: Case) -> None:
    address = "progress?inline=1&next=/my-work/?group=late"
    version = str(case.now().version)

    wrong = post(case, address, data={"state": "in_progress", "text": "", "version": version}, headers=FETCH)
    saved = post(case, address, headers=FETCH,
                 data={"state": "in_progress", "percent": "5", "text": "Xong bước một.", "version": version})
    stale = post(case, address, headers=FETCH,
                 data={"state": "in_progress", "percent": "6", "text": "Cũng báo.", "version": version})

    assert wrong.status_code == 422
    assert "Hãy ghi kết quả đã làm." in wrong.text
    assert saved.json["ok"]
    assert "Đã lưu tiến độ 5%" in saved.json["message"]
    assert saved.json["next"] == "/my-work/?group=late"
    assert stale.status_code == 409
    assert "Xong bước một." in stale.text
    assert "Cũng báo." in stale.text


@pytest.mark.parametrize(("wanted", "where"), [
    ("/my-work/?group=late", "/my-work/?group=late"), ("//evil.example/", "/"), ("https://evil.example/", "/"),
    ("/nowhere", "/"), ("", "/my-work/"),
])  # fmt: skip
def test_a_report_leads_only_to_a_page_of_ours(case: Case, wanted: str, where: str) -> None:
    assert case.report(next=wanted).location == where


# ---- without a script


def test_small_buttons_work_without_a_script_and_lose_nothing(case: Case) -> None:
    typed = {"text": "Đang gõ dở.", "files": [file("a.pdf", sample.PDF)], "press": "add_figure"}
    more = case.report(**typed, **FIGURES)
    staged = case.session.scalars(select(DraftFile)).one()
    gone = case.report(text="Đang gõ dở.", press=f"remove-{staged.id}")

    assert "figures-1-name" in more.text
    assert "1.250,5" in more.text
    assert 'staged__name">a.pdf' in more.text
    assert "Đang gõ dở." in gone.text
    assert 'staged__name">a.pdf' not in gone.text
    assert case.updates() == []


def test_a_photograph_goes_the_same_way_as_a_file(case: Case) -> None:
    case.report(state="submitted", photos=[file("IMG_1.jpg", sample.JPEG)])

    assert [kept.file_name for kept in case.updates()[0].evidence] == ["IMG_1.jpg"]


# ---- drafts


def save_draft(case: Case, who: str = "liaison", **values: Any) -> Any:
    return post(case, "draft", who, json={"text": "Nháp của tôi.", "state": "in_progress", **values})


def test_a_draft_is_shown_instead_of_the_last_report_and_goes_with_the_report(case: Case) -> None:
    case.report(text="Báo cáo trước.")
    saved = save_draft(case, document_on="31/02", **FIGURES)

    form = form_of(case)
    assert saved.json["message"] == "Bản nháp lưu lúc 18/03/2026 09:00"
    for words in ("Nháp của tôi.", "Bản nháp lưu lúc 18/03/2026 09:00", "Bỏ bản nháp", 'value="31/02"', "1.250,5"):
        assert words in form
    assert "Báo cáo trước." not in form

    case.report(text="Báo cáo mới.")
    assert case.session.scalars(select(ReportDraft)).all() == []


def test_a_draft_is_thrown_away_without_a_script(case: Case) -> None:
    case.report(text="Báo cáo trước.")
    save_draft(case)

    answer = case.report(press="drop_draft", text="Nháp của tôi.")

    assert answer.location == f"/assignments/{case.id}/progress"
    assert "Báo cáo trước." in form_of(case)


def test_a_draft_from_before_a_colleagues_report_stands_beside_it(case: Case, make: Factory, as_user: Any) -> None:
    save_draft(case, version=case.now().version)
    case.session.rollback()
    case.liaison = make.user(agency=case.session.get_one(Assignment, case.id).agency, name="Lê Văn Bình")
    mine = case.browsers["liaison"]
    case.browsers["liaison"] = as_user(case.liaison)
    case.report(text="Anh Bình báo trước.")
    case.browsers["liaison"] = mine

    form = form_of(case)

    assert "Nháp của tôi." in form
    assert "Lê Văn Bình báo cáo lúc" in form
    assert "Anh Bình báo trước." in form


def test_drafts_are_refused_for_what_they_may_not_hold_and_where_nothing_is_owed(case: Case) -> None:
    persons = save_draft(case, text="Hồ sơ 001085012345")
    nothing = post(case, "draft", json=["x"])
    case.hand_in()
    late = save_draft(case)

    assert (persons.status_code, nothing.status_code, late.status_code) == (422, 400, 409)
    assert "giống số căn cước" in persons.json["message"]
    assert case.session.scalars(select(ReportDraft)).all() == []


@pytest.mark.parametrize("path", ["draft", "draft/drop", "files", "answer", "withdraw", "progress"])
def test_nobody_but_the_agency_reaches_its_report(case: Case, path: str) -> None:
    assert [post(case, path, who).status_code for who in ("stranger", "leader")] == [404, 403]


# ---- files sent ahead


def test_files_are_sent_one_by_one_and_removed(case: Case) -> None:
    kept = post(case, "files", data={"file": file("Biên bản.pdf", sample.PDF)}, headers=FETCH)
    bad = post(case, "files", data={"file": file("b.pdf", sample.EXE)}, headers=FETCH)
    none = post(case, "files", data={}, headers=FETCH)
    strangers = case.browsers["stranger"].post(kept.json["remove"], headers=FETCH)
    removed = case.browsers["liaison"].post(kept.json["remove"], headers=FETCH)
    case.session.rollback()

    assert (kept.json["name"], kept.json["notice"]) == ("Biên bản.pdf", "")
    assert (bad.status_code, none.status_code, strangers.status_code, removed.status_code) == (422, 400, 404, 200)
    assert "là chương trình" in bad.json["message"]
    assert case.session.scalars(select(DraftFile)).all() == []


def test_a_file_that_was_handed_in_before_is_noticed(case: Case, make: Factory) -> None:
    case.report(files=[file("cũ.pdf", sample.PDF)])

    again = post(case, "files", data={"file": file("mới.pdf", sample.PDF)}, headers=FETCH)

    assert again.json["notice"].startswith("Tệp này đã gửi ngày 18/03/2026 cho nhiệm vụ “")
    assert again.json["notice"].rstrip("”.")[-5:] in case.now().task.text
    assert "Tệp này đã gửi ngày" in form_of(case)


@pytest.mark.parametrize(("name", "content", "shown"), [
    ("a.pdf", sample.PDF, True), ("a.png", sample.PNG, True), ("a.docx", sample.DOCX, False), ("a.txt", b"Chu", False),
])  # fmt: skip
def test_pictures_and_pdfs_are_looked_at_in_a_locked_tab(case: Case, name: str, content: bytes, shown: bool) -> None:
    case.hand_in(files=[file(name, content)])
    key = case.updates()[0].evidence[0].id

    answer = case.get("coordinator", f"/assignments/evidence/{key}?view=1")

    assert answer.headers["Content-Disposition"].startswith("inline" if shown else "attachment")
    assert answer.headers["Content-Security-Policy"].startswith("sandbox")
    assert answer.headers["X-Content-Type-Options"] == "nosniff"
    assert ("view=1" in case.get("coordinator", f"/assignments/{case.id}").text) is shown
    answer.close()


# ---- one press


def answer(case: Case, what: str, **values: Any) -> Any:
    return post(case, "answer", data={"answer": what, "version": str(case.now().version), **values})


def test_nothing_changed_is_reported_with_one_press(case: Case) -> None:
    first = answer(case, "no_change", next="/my-work/?group=late")
    case.report(percent="40", text="Đã mở 3 lớp.")
    for _ in range(2):
        answer(case, "no_change")

    assert first.location == "/my-work/?group=late"
    assert [(update.percent, update.text) for update in case.updates()] == [
        (0, "Đang triển khai, chưa có kết quả mới để báo cáo."), (40, "Đã mở 3 lớp."),
        (40, "Không có thay đổi so với báo cáo ngày 18/03/2026."),
        (40, "Không có thay đổi so với báo cáo ngày 18/03/2026."),
    ]  # fmt: skip
    assert "Đã mở 3 lớp." in form_of(case)


def test_done_takes_over_the_evidence_that_was_given_and_can_be_taken_back(case: Case) -> None:
    case.report(percent="90", text="Đã mở đủ 4 lớp.", files=[file("a.pdf", sample.PDF)], **FIGURES)
    done = answer(case, "done")
    desk = case.get("liaison", "/my-work/").text
    handed_in = case.updates()[-1]
    found = re.search(r'action="(/assignments/\d+/withdraw)".*?name="version" value="(\d+)"', desk, re.DOTALL)
    assert found
    back = case.browsers["liaison"].post(found[1], data={"version": found[2]})

    assert done.location == "/my-work/"
    assert "Đã nộp báo cáo hoàn thành" in desk
    assert (handed_in.text, handed_in.state) == ("Đã mở đủ 4 lớp.", State.SUBMITTED)
    assert [kept.file_name for kept in handed_in.evidence] == ["a.pdf"]
    assert back.location == f"/assignments/{case.id}"
    assert (case.now().state, case.now().percent, case.now().submitted_on) == (State.IN_PROGRESS, 90, None)
    assert case.updates()[-1].withdrawn_at is not None


@pytest.mark.parametrize("before", ["nothing", "no evidence", "returned"])
def test_done_without_evidence_opens_the_form_at_its_files(case: Case, before: str) -> None:
    if before == "no evidence":
        case.report()
    elif before == "returned":
        case.hand_in()
        case.decide("returned", reason="Thiếu danh mục.")
    count = len(case.updates())

    where = answer(case, "done").location
    form = case.get("liaison", where).text

    assert where == f"/assignments/{case.id}/progress?done=1"
    assert re.search(r'<input[^>]*checked[^>]*value="submitted"', form)
    assert re.search(r"<input[^>]*autofocus[^>]*type=\"file\"", form)
    assert len(case.updates()) == count


def test_files_sent_ahead_are_evidence_enough_for_done(case: Case) -> None:
    post(case, "files", data={"file": file("a.pdf", sample.PDF)}, headers=FETCH)

    answer(case, "done")

    assert [kept.file_name for kept in case.updates()[0].evidence] == ["a.pdf"]
    assert case.session.scalars(select(DraftFile)).all() == []


def test_a_press_on_what_changed_meanwhile_does_nothing_and_says_so(case: Case) -> None:
    old = str(case.now().version)
    case.report(text="Chị Lan báo trước.")

    answer(case, "no_change", version=old)
    strange = answer(case, "x")

    assert len(case.updates()) == 1
    assert "Người khác vừa cập nhật" in case.get("liaison", "/my-work/").text
    assert strange.status_code == 400


# ---- taking back


def test_a_report_taken_back_waits_no_more_and_the_next_form_starts_from_it(case: Case) -> None:
    case.report(percent="70", text="Gần xong.")
    case.hand_in(text="Đã xong, nhầm số.", **FIGURES)
    post(case, "withdraw", data={"version": str(case.now().version)})
    form = form_of(case)
    case.hand_in(text="Đã xong.")
    case.decide("accepted")

    assert "Đã xong, nhầm số." in form
    assert 'value="1.250,5"' in form
    assert 'value="70"' in form
    assert [update.review is not None for update in case.updates()] == [False, False, True]
    actions = [entry.action for entry in case.session.scalars(select(AuditEntry).order_by(AuditEntry.id))]
    assert actions == ["progress.reported", "progress.reported", "progress.withdrawn", "progress.reported",
                       "progress.accepted"]  # fmt: skip


@pytest.mark.parametrize("state", [State.OPEN, State.ACCEPTED, State.RETURNED, State.CANCELLED])
def test_only_what_waits_is_taken_back(case: Case, session: Session, state: State) -> None:
    assignment = case.now()
    assignment.state, assignment.submitted_on = state, TODAY
    session.commit()

    post(case, "withdraw")

    assert case.now().state is state


# ---- the log-in ran out


@pytest.fixture
def guarded(app: Flask) -> Iterator[Flask]:
    app.config["WTF_CSRF_ENABLED"] = True
    yield app
    app.config["WTF_CSRF_ENABLED"] = False


def test_what_was_typed_is_carried_over_the_log_in_and_shown_as_a_draft(
    case: Case, session: Session, guarded: Flask, log_in_password: str
) -> None:
    browser = guarded.test_client()
    typed = {"text": "Gõ cả buổi sáng.", "state": "in_progress", "percent": "55", "csrf_token": "old", **FIGURES}

    door = browser.post(f"/assignments/{case.id}/progress", data=typed)
    fields = dict(re.findall(r'type="hidden" name="(kept-[^"]+)" value="([^"]*)"', door.text))
    token = re.search(r'name="csrf_token"[^>]*value="([^"]+)"', door.text)
    assert token
    wrong = browser.post(f"/accounts/log-in?next=/assignments/{case.id}/progress", data={
        "email": case.liaison.email, "password": "sai", "csrf_token": token[1], **fields})
    right = browser.post(f"/accounts/log-in?next=/assignments/{case.id}/progress", data={
        "email": case.liaison.email, "password": log_in_password, "csrf_token": token[1], **fields})
    form = browser.get(right.location).text

    assert door.status_code == 401
    assert "csrf" not in "".join(fields)
    assert "Gõ cả buổi sáng." in wrong.text
    assert right.location == f"/assignments/{case.id}/progress"
    for words in ("Gõ cả buổi sáng.", 'value="55"', "1.250,5", "Bản nháp lưu lúc"):
        assert words in form
    assert case.updates() == []


@pytest.fixture
def log_in_password(case: Case, session: Session) -> str:
    from tracker.workflow.passwords import hash_password

    case.liaison.password_hash = hash_password("mat khau dai cho thu")
    session.commit()
    return "mat khau dai cho thu"


@pytest.mark.parametrize("headers", [{"Origin": "https://evil.example"}, {}])
def test_a_form_of_another_site_is_not_carried(case: Case, guarded: Flask, headers: dict[str, str]) -> None:
    door = guarded.test_client().post(f"/assignments/{case.id}/progress", headers=headers,
                                      data={"text": "Của nơi khác." if headers else "x" * 60_001})

    assert (door.status_code, door.location.split("?")[0]) == (302, "/accounts/log-in")


def test_a_script_is_told_of_an_expired_log_in_and_of_a_new_token(case: Case, guarded: Flask, as_user: Any) -> None:
    nobody = guarded.test_client().post(f"/assignments/{case.id}/draft", json={"text": "a"}, headers=FETCH)
    again = case.browsers["liaison"].post(f"/assignments/{case.id}/draft", json={"text": "a"}, headers=FETCH)
    case.session.rollback()
    saved = case.browsers["liaison"].post(f"/assignments/{case.id}/draft", json={"text": "a"},
                                          headers=FETCH | {"X-CSRFToken": again.json["token"]})

    assert nobody.status_code == 401
    assert (again.status_code, again.json["user"]) == (400, case.liaison.id)
    assert saved.json["ok"]


def test_reading_any_form_of_it_writes_nothing(case: Case) -> None:
    from tests.counting import counted_statements

    save_draft(case)
    for query in ("", "?inline=1", "?done=1"):
        with counted_statements() as sent:
            form_of(case, query)
        assert [one for one in sent if one.lstrip().split()[0] in {"INSERT", "UPDATE", "DELETE"}] == []


def test_bytes_that_are_no_form_break_nothing(case: Case) -> None:
    broken = post(case, "progress", data=BytesIO(b"\0\xff"), content_type="multipart/form-data; boundary=x")

    assert broken.status_code < 500
    assert post(case, "draft", data=b"{", content_type="application/json").status_code == 400
