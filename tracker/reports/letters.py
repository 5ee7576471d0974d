"""The official letter (công văn đôn đốc): what it holds, filled into a form, as a .docx."""
from __future__ import annotations

import unicodedata
from collections import defaultdict
from collections.abc import Collection, Iterable, Sequence
from dataclasses import dataclass
from datetime import date
from io import BytesIO
from typing import Any

from docx.shared import Mm
from sqlalchemy import and_, func, or_, select
from sqlalchemy.orm import Session

from tracker.models import Agency, AgencyKind, Assignment, Chase, ChaseItem, Letter, LetterTemplate, User
from tracker.reports import letter_words as words
from tracker.reports.letter_sandbox import fill
from tracker.reports.letter_template import RULE_STYLE, built_in, heading_lines, rule_indent
from tracker.rules import letter_form as form
from tracker.rules.permissions import Role

_POSTS = {
    AgencyKind.POLICE: ("KT. GIÁM ĐỐC", "PHÓ GIÁM ĐỐC"),
    AgencyKind.DEPARTMENT: ("KT. GIÁM ĐỐC", "PHÓ GIÁM ĐỐC"),
    AgencyKind.PEOPLES_COMMITTEE: ("KT. CHỦ TỊCH", "PHÓ CHỦ TỊCH"),
    AgencyKind.MILITARY: ("KT. CHỈ HUY TRƯỞNG", "PHÓ CHỈ HUY TRƯỞNG"),
    AgencyKind.BORDER_GUARD: ("KT. CHỈ HUY TRƯỞNG", "PHÓ CHỈ HUY TRƯỞNG"),
}


@dataclass(frozen=True)
class Signing:
    """What is the same in every letter of an agency until somebody changes it."""

    #: The body above it ("BỘ CÔNG AN"); "" for none.
    parent: str
    #: As printed at the head ("CÔNG AN TỈNH HÀ DƯƠNG").
    heading: str
    abbreviation: str
    unit: str
    place: str
    #: "KT. GIÁM ĐỐC", "PHÓ GIÁM ĐỐC".
    authority: tuple[str, ...]
    #: Name, with the rank where the armed forces add it; "" leaves it blank.
    signer: str = ""
    #: Who else gets it, one a line.
    copies: tuple[str, ...] = ()


@dataclass(frozen=True)
class Order:
    """What a coordinator wants written."""

    signing: Signing
    #: What follows "V/v"; "" lets each letter name its own plan.
    subject: str
    #: The same for letters to bodies that can only be asked.
    request_subject: str
    reply_by: date
    extra: tuple[str, ...] = ()


@dataclass(frozen=True)
class Addressed:
    """One agency of a letter, and what it is late with."""

    agency: Agency
    items: tuple[Assignment, ...]

    @property
    def count(self) -> int:
        """Count what it is late with."""
        return len(self.items)


def proposed_signing(agency: Agency, province: str) -> Signing:
    """Propose a head and a signature for an agency's first letter."""
    place = _place(province)
    heading = agency.name.upper()
    if heading.endswith((" TỈNH", " THÀNH PHỐ")):
        heading = f"{heading} {place.upper()}"
    above = {AgencyKind.POLICE: "BỘ CÔNG AN", AgencyKind.DEPARTMENT: f"UBND TỈNH {place.upper()}"}
    short = agency.short_name or ""
    initials = "".join(word[0] for word in agency.name.split()).upper()
    return Signing(
        parent=above.get(agency.kind, ""), heading=heading, place=place, unit="",
        abbreviation=short if short.isupper() and " " not in short else initials,
        authority=_POSTS.get(agency.kind, ("THỦ TRƯỞNG",)),
    )  # fmt: skip


def cited(assignment: Assignment) -> words.CitedPlan:
    """Give an assignment's plan as letters name it."""
    plan = assignment.plan
    return words.CitedPlan(kind=line(plan.kind), number=plan.number, issued_on=plan.issued_on,
                           issuer=line(plan.issuer or "") or None, title=line(plan.title))


def plans_of_items(items: Iterable[Assignment]) -> tuple[words.CitedPlan, ...]:
    """Give the plans of some assignments, each once, in the order of their ids."""
    return tuple({item.plan_id: cited(item) for item in sorted(items, key=lambda item: item.plan_id)}.values())


def values(
    issuer: Agency, addressed: Sequence[Addressed], order: Order, earlier: dict[int, list[words.EarlierChase]], *,
    today: date,
) -> dict[str, Any]:
    """Give everything a form has places for. All of it is composed text (NFC) on single lines."""
    signing = order.signing
    is_request = all(one.agency.is_requested for one in addressed)
    items = [item for one in addressed for item in one.items]
    names = tuple(line(one.agency.name) for one in addressed)
    case = words.Case(
        issuer=line(issuer.name), unit=signing.unit, agencies=names, is_request=is_request,
        plans=plans_of_items(items), tasks=len(items), longest_late=max(item.days_late(today) for item in items),
        earlier=_earlier_of(addressed, earlier), today=today, reply_by=order.reply_by, extra=order.extra,
    )  # fmt: skip
    number = form.number_line(form.symbol_of(signing.abbreviation, signing.unit))
    return {
        "parent": signing.parent, "issuer_heading": "\n".join(heading_lines(signing.heading)),
        "issuer": case.issuer, "number_line": number,
        "place_and_date": f"{signing.place}, {form.blank_date(today)}",
        "subject": (order.request_subject if is_request else order.subject)
        or words.default_subject(case.plans, is_request=is_request),
        "addressee": names[0] if len(names) == 1 else "",
        "addressees": form.closed_list(list(names)) if len(names) > 1 else [],
        "paragraphs": words.paragraphs(case), "recipients": _recipients(signing), "authority": list(signing.authority),
        "signer": signing.signer, "annex_number": form.annex_number(1, 1),
        "annex_title": words.annex_title(is_request=is_request), "annex_source": _source(case.issuer, number, today),
        "chased_head": words.chased_head(is_request=is_request),
        "groups": [_group(one, position, earlier, is_alone=len(addressed) == 1, today=today)
                   for position, one in enumerate(addressed, start=1)],
    }  # fmt: skip


def make(filled: dict[str, Any], template: bytes | None = None) -> bytes:
    """Fill a form, the built-in one unless another is given. Raises what `letter_sandbox.fill` does."""
    document = fill(template or built_in(), filled)
    _fit_rule(document, filled["issuer_heading"])
    stream = BytesIO()
    document.save(stream)
    return stream.getvalue()


def earlier_chases(session: Session, ids: Collection[int]) -> dict[int, list[words.EarlierChase]]:
    """Give how each assignment was chased before, oldest first; official letters with the number they got."""
    to_it = or_(Letter.agency_id == Assignment.agency_id, Letter.agency_id.is_(None))
    rows = session.execute(
        select(ChaseItem.assignment_id, Chase.channel, Chase.happened_on, Letter.number, Letter.issued_on)
        .join(ChaseItem.chase).join(ChaseItem.assignment)
        .outerjoin(Letter, and_(Letter.chase_id == Chase.id, to_it))
        .where(ChaseItem.assignment_id.in_(ids)).order_by(Chase.happened_on, Chase.id, Letter.id)
    )  # fmt: skip
    found: dict[int, list[words.EarlierChase]] = defaultdict(list)
    for assignment_id, channel, happened_on, number, issued_on in rows:
        found[assignment_id].append(words.EarlierChase(channel, happened_on, number, issued_on))
    return found


def template_of(session: Session, agency_id: int) -> LetterTemplate | None:
    """Give the form an agency's letters are made in; None for the built-in one."""
    newest = select(LetterTemplate).where(LetterTemplate.agency_id == agency_id).order_by(LetterTemplate.id.desc())
    found = session.scalar(newest.limit(1))
    return found if found is not None and found.retired_at is None else None


def issuers(session: Session) -> list[Agency]:
    """Give the agencies that write letters: those with a coordinator, and those that brought a form."""
    coordinators = select(User.agency_id).where(User.role == Role.COORDINATOR)
    brought = select(LetterTemplate.agency_id)
    either = or_(Agency.id.in_(coordinators), Agency.id.in_(brought))
    return list(session.scalars(select(Agency).where(either).order_by(Agency.level, Agency.position, Agency.id)))


def waiting_for_number(session: Session, chase_ids: Collection[int]) -> dict[int, int]:
    """Count the letters of each chase whose number nobody has written down yet."""
    rows = session.execute(
        select(Letter.chase_id, func.count().label("waiting"))
        .where(Letter.chase_id.in_(chase_ids), Letter.number.is_(None)).group_by(Letter.chase_id)
    )  # fmt: skip
    return {row.chase_id: row.waiting for row in rows}


def line(text: str) -> str:
    """Give a text in NFC on one line, without what a document can't hold."""
    composed = unicodedata.normalize("NFC", text)
    return " ".join("".join(" " if unicodedata.category(c) in {"Cc", "Cs"} else c for c in composed).split())


def _place(province: str) -> str:
    for kind in ("Tỉnh ", "Thành phố "):
        province = province.removeprefix(kind)
    return line(province)


def _earlier_of(addressed: Sequence[Addressed],
                earlier: dict[int, list[words.EarlierChase]]) -> tuple[words.EarlierChase, ...]:
    """Give the chases that a letter may speak of: those that reached every agency it goes to."""
    reached = [{chase for item in one.items for chase in earlier.get(item.id, ())} for one in addressed]
    return tuple(sorted(set.intersection(*reached), key=lambda chase: (chase.happened_on, chase.number or "")))


def _recipients(signing: Signing) -> list[str]:
    unit = f", {signing.unit}" if signing.unit else ""
    return [form.FIRST_RECIPIENT, *(f"- {copy.strip(' -;.')};" for copy in signing.copies), f"- Lưu: VT{unit}."]


def _source(issuer: str, number: str, today: date) -> str:
    symbol = number.partition("/")[2]
    return f"(Kèm theo Công văn số{form.NUMBER_ROOM}/{symbol} {form.blank_date(today)} của {issuer})"


def _group(one: Addressed, position: int, earlier: dict[int, list[words.EarlierChase]], *, is_alone: bool,
           today: date) -> dict[str, Any]:
    name = "" if is_alone else f"{form.roman(position)}. {line(one.agency.name)} ({len(one.items):02d} nhiệm vụ)"
    return {"name": name, "rows": [_row(item, number, tuple(earlier.get(item.id, ())), today)
                                   for number, item in enumerate(one.items, start=1)]}


def _row(item: Assignment, number: int, chased: tuple[words.EarlierChase, ...], today: date) -> dict[str, str]:
    plan = cited(item)
    issued = f" ngày {plan.issued_on:%d/%m/%Y}" if plan.issued_on and plan.number else ""
    return {
        "number": str(number), "text": line(item.task.text), "document": plan.short + issued,
        "due": f"{item.due_on:%d/%m/%Y}" if item.due_on else "", "days_late": str(item.days_late(today)),
        "chased": words.chased_words(chased),
    }  # fmt: skip


def _fit_rule(document: Any, heading: str) -> None:
    """Make the rule under the agency's name a third to a half as long as the name, in forms that keep its style."""
    for table in document.tables[:1]:
        for paragraph in (paragraph for cell in table.rows[0].cells for paragraph in cell.paragraphs):
            if paragraph.style is not None and paragraph.style.name == RULE_STYLE:
                layout = paragraph.paragraph_format
                layout.left_indent = layout.right_indent = Mm(rule_indent(heading))
