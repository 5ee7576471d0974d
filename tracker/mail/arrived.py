"""What a mail that came in is: a notice of a server, an automatic answer, or somebody's own words. Plain bytes in.

Nothing here raises for a broken mail: what can't be understood is left out.
"""
from __future__ import annotations

import hashlib
import re
from collections.abc import Iterator
from dataclasses import dataclass
from email import message_from_bytes
from email.header import decode_header
from email.message import Message as Mail
from email.policy import Compat32
from email.utils import getaddresses
from itertools import islice

from tracker.mail.incoming_text import decoded, plain_of_html, unflowed
from tracker.mail.secret_links import masked
from tracker.rules.folding import fold
from tracker.rules.states import IncomingKind

#: What is looked at of one body; nobody writes more by hand.
LONGEST_BODY = 400_000
LONGEST_ID, LONGEST_SUBJECT, LONGEST_ADDRESS = 400, 500, 254
#: Parts of a mail that are looked at; a mail with more was made to tire its readers.
MOST_PARTS = 200
MOST_ATTACHMENTS = 10
MOST_IDS = 50
#: Recipients of whom one notice tells, and Message-IDs that are looked up for one mail.
MOST_FAILED = 20
MOST_ANSWERED = 200
#: Of one header: Python's own readers of long ones take time that grows with the square of their length.
LONGEST_HEADER = 8_000

_ID = re.compile(rf"<[^<>\s]{{3,{LONGEST_ID}}}>")
_NAMED_ID = re.compile(rf"(?im)^[> \t]*message-id:\s*(<[^<>\s]{{3,{LONGEST_ID}}}>)")
_STATUS = re.compile(r"\b([245])\.(\d{1,3})\.(\d{1,3})\b")
_ADDRESS = re.compile(r"[^\s<>;,\"@]{1,64}@[^\s<>;,\"@]{1,255}")
#: Answers of machines name themselves at the beginning of the subject where their headers do not. Folded.
_ROBOT_SUBJECT = re.compile(
    r"\W*(?:tu dong tra loi|tra loi tu dong|thu tra loi tu dong|tu dong phan hoi|phan hoi tu dong|thu tu dong|vang mat|"
    r"toi dang vang mat|ngoai van phong|khong co mat tai co quan|dang nghi phep|thong bao vang mat|thong bao nghi phep|"
    r"automatic reply|auto[- ]?reply|auto ?: |out of (?:the )?office|vacation|away from|da doc ?:|da xem ?:|"
    r"chua doc ?:|read ?: |not read ?: |accepted ?: |declined ?: |tentative ?: |da chap nhan ?:|da tu choi ?:)"
)
_ROBOT_PRECEDENCE = frozenset({"bulk", "junk", "list", "auto_reply", "auto-reply"})
_ROBOT_HEADERS = ("x-autoreply", "x-autorespond", "x-auto-respond", "x-autoresponder", "x-mail-autoreply",
                  "x-autoreply-from", "x-auto-response-suppress", "list-id")
_POSTMASTERS = frozenset({"mailer-daemon", "postmaster", "mailerdaemon", "mail-daemon"})
_RETURNED_SUBJECT = re.compile(
    r"undeliver|returned (?:mail|to sender)|delivery (?:status|failure|has failed)|mail delivery|failure notice|"
    r"khong (?:the )?(?:gui|chuyen|phat) duoc|thu bi tra lai|khong gui duoc"
)


@dataclass(frozen=True)
class Failed:
    """One recipient of whom a server's notice tells."""

    #: Every address the notice gives for it, lower case: as it was written to, and where it was sent on.
    addresses: frozenset[str]
    #: "failed", "delayed", "delivered", "relayed" or "expanded".
    action: str
    #: "5.1.1"; "" when there is none.
    status: str
    #: The server's own words.
    words: str


@dataclass(frozen=True)
class Attachment:
    """A file that came with a mail."""

    name: str
    data: bytes


@dataclass(frozen=True)
class Arrived:
    """A mail that came in, read."""

    message_id: str
    kind: IncomingKind
    sender: str
    subject: str
    #: The Message-IDs it answers, the nearest first; of a notice, all that stand in it.
    answers: tuple[str, ...]
    #: The whole text of its body, quoted text and all.
    text: str
    failures: tuple[Failed, ...] = ()
    attachments: tuple[Attachment, ...] = ()
    #: The receiving server found that it was not sent by whom it names.
    is_forged: bool = False


class _ShortHeaders(Compat32):
    """Read mails with as much of each header as anybody writes."""

    def header_source_parse(self, sourcelines: list[str]) -> tuple[str, str]:
        """Give a header's name and value, cut."""
        name, value = super().header_source_parse(sourcelines)
        return name[:LONGEST_HEADER], value[:LONGEST_HEADER]


_POLICY = _ShortHeaders()


def read(raw: bytes, *, whole: bool = True) -> Arrived:
    """Read a mail; of one that is not whole (too large to be fetched) the files are left out."""
    try:
        return _read(message_from_bytes(raw, policy=_POLICY), raw, whole=whole)
    except Exception:  # Python's parser has raised most kinds of errors on mails made to break it
        return Arrived(_made_id(raw), IncomingKind.UNKNOWN, "", "", (), "")


def _read(mail: Mail, raw: bytes, *, whole: bool) -> Arrived:
    sender, subject = _sender(mail), _header(mail, "Subject")[:LONGEST_SUBJECT]
    kind = _kind(mail, sender, subject)
    failures = tuple(islice(_failures(mail), MOST_FAILED)) if kind is IncomingKind.BOUNCE else ()
    if failures and not any(one.action in {"failed", "delayed"} for one in failures):
        kind = IncomingKind.AUTO_REPLY  # it did arrive
    return Arrived(
        message_id=_own_id(mail, raw), kind=kind, sender=sender, subject=subject,
        answers=tuple(dict.fromkeys(
            _clean(name) for name in islice(_answers(mail, raw if kind is IncomingKind.BOUNCE else b""), MOST_ANSWERED)
        )),
        text=_body(mail), failures=failures, is_forged=_is_forged(mail),
        attachments=tuple(_attachments(mail)) if whole and kind is IncomingKind.REPLY else (),
    )  # fmt: skip


def own_id(mail: Mail) -> str:
    """Give the Message-ID that stands in a mail's header; "" when it has none."""
    try:
        return _given_id(mail)
    except Exception:
        return ""


def _own_id(mail: Mail, raw: bytes) -> str:
    return _given_id(mail) or _made_id(raw)


def _given_id(mail: Mail) -> str:
    found = _ID.search(_clean(str(mail.get("Message-ID") or "")))
    return found[0] if found else ""


def _made_id(raw: bytes) -> str:
    """Name a mail that has no name of its own by what it says: it is known again."""
    return f"<{hashlib.sha256(raw).hexdigest()[:40]}@no-id>"


def _clean(text: str) -> str:
    """Drop what no database keeps: NUL, and halves of letters."""
    return text.replace("\0", "").encode("utf-8", "replace").decode()


def _header(mail: Mail, name: str) -> str:
    raw = mail.get(name)
    if raw is None:
        return ""
    pieces = [
        decoded(piece, charset or "") if isinstance(piece, bytes) else piece
        for piece, charset in decode_header(raw)
    ]
    return " ".join(_clean("".join(pieces)).split())


def _sender(mail: Mail) -> str:
    """Give the one address it comes from; "" for none and for several, which nobody's mail program writes."""
    given = mail.get_all("From") or []
    found = [address for _name, address in getaddresses([str(value) for value in given]) if "@" in address]
    return _clean(found[0].strip().lower())[:LONGEST_ADDRESS] if len(given) == 1 and len(found) == 1 else ""


def _kind(mail: Mail, sender: str, subject: str) -> IncomingKind:
    children = mail.get_payload()
    types = {part.get_content_type() for part in children if isinstance(part, Mail)} if mail.is_multipart() else set()
    if "message/delivery-status" in types:
        return IncomingKind.BOUNCE
    if mail.get_content_type() == "multipart/report":  # receipts of having been read, complaints
        return IncomingKind.AUTO_REPLY
    folded = fold(subject)
    if sender.partition("@")[0] in _POSTMASTERS and _RETURNED_SUBJECT.search(folded):
        return IncomingKind.BOUNCE
    if _is_by_robot(mail) or sender.partition("@")[0] in _POSTMASTERS or _ROBOT_SUBJECT.match(folded):
        return IncomingKind.AUTO_REPLY
    return IncomingKind.REPLY


def _is_by_robot(mail: Mail) -> bool:
    """Tell by the headers (RFC 3834 and older habits) that no person pressed "send"."""
    submitted = str(mail.get("Auto-Submitted") or "no").partition(";")[0].strip().lower()
    precedence = str(mail.get("Precedence") or "").strip().lower()
    returned_to_nobody = str(mail.get("Return-Path") or "").strip() == "<>"
    return (
        submitted != "no" or precedence in _ROBOT_PRECEDENCE or returned_to_nobody
        or mail.get_content_type() == "text/calendar" or any(mail.get(name) is not None for name in _ROBOT_HEADERS)
    )


def _is_forged(mail: Mail) -> bool:
    """Tell whether the receiving server wrote at the top that the sender's domain disowns this mail.

    Only its "fail" is believed: a "pass" may be the forger's own line.
    """
    results = str(mail.get("Authentication-Results") or "").lower()
    return re.search(r"\bdmarc\s*=\s*fail\b", results) is not None


def _parts(mail: Mail) -> Iterator[Mail]:
    for number, part in enumerate(mail.walk()):
        if number >= MOST_PARTS:
            return
        yield part


def _answers(mail: Mail, raw: bytes) -> Iterator[str]:
    yield from _ID.findall(str(mail.get("In-Reply-To") or ""))[:MOST_IDS]
    yield from reversed(_ID.findall(" ".join(str(value) for value in mail.get_all("References") or []))[-MOST_IDS:])
    # A notice holds what it returns in one of several ways; our Message-IDs can't be guessed, so any place will do.
    yield from _NAMED_ID.findall(raw[:LONGEST_BODY].decode("ascii", "ignore"))[:MOST_IDS]
    if raw:
        for part in _parts(mail):
            if part.get_content_type() in {"text/rfc822-headers", "text/plain"}:
                yield from _NAMED_ID.findall(_text_of(part))[:MOST_IDS]


def _failures(mail: Mail) -> Iterator[Failed]:
    found = False
    for part in _parts(mail):
        if part.get_content_type() != "message/delivery-status":
            continue
        blocks = part.get_payload()
        for block in blocks if isinstance(blocks, list) else []:
            if isinstance(block, Mail) and (block.get("Final-Recipient") or block.get("Original-Recipient")):
                found = True
                yield _failure(block)
    if not found:  # servers of before RFC 3464 write in words only
        text = _body(mail)
        status = _STATUS.search(text)
        coded = status[0] if status else next((f"{code}.0.0" for code in re.findall(r"\b([45])\d\d[ -]", text)), "")
        yield Failed(frozenset(address.lower() for address in _ADDRESS.findall(text[:20_000])[:20]),
                     "delayed" if coded.startswith("4") else "failed", coded, " ".join(masked(text).split())[:500])


def _failure(block: Mail) -> Failed:
    addresses = {
        _clean(address.lower().strip("."))
        for name in ("Final-Recipient", "Original-Recipient", "X-Actual-Recipient")
        for address in _ADDRESS.findall(str(block.get(name) or "").partition(";")[2])
    }
    words = masked(_header(block, "Diagnostic-Code"))
    status = _STATUS.search(str(block.get("Status") or "")) or _STATUS.search(words)
    return Failed(frozenset(addresses), _clean(str(block.get("Action") or "failed")).strip().lower(),
                  status[0] if status else "", words[:500])


def _body(mail: Mail) -> str:
    """Give the text a person reads: the plain one, or that of the HTML where the plain one is empty."""
    plain: list[str] = []
    html: list[str] = []
    for part in _parts(mail):
        if part.is_multipart() or part.get_content_disposition() == "attachment" or part.get_filename():
            continue
        if sum(map(len, (*plain, *html))) > LONGEST_BODY:
            break
        if part.get_content_type() == "text/plain":
            plain.append(unflowed(_text_of(part)) if part.get_param("format") == "flowed" else _text_of(part))
        elif part.get_content_type() == "text/html":
            html.append(_text_of(part))
    text = "\n".join(plain)
    return _clean(text if text.strip() or not html else plain_of_html("\n".join(html)))[:LONGEST_BODY]


def _text_of(part: Mail) -> str:
    payload = part.get_payload(decode=True)
    if not isinstance(payload, bytes):
        return ""
    charset = part.get_content_charset() or ""
    return decoded(payload[: 2 * LONGEST_BODY], charset)[:LONGEST_BODY]


def _attachments(mail: Mail) -> Iterator[Attachment]:
    """Give the files a person put in; the pictures of a signature, shown within the text, are none."""
    given = 0
    for part in _parts(mail):
        if part.is_multipart() or given >= MOST_ATTACHMENTS:
            continue
        shown_within = part.get("Content-ID") is not None and part.get_content_disposition() != "attachment"
        name = _file_name(part)
        payload = part.get_payload(decode=True)
        if name and not shown_within and isinstance(payload, bytes) and payload:
            given += 1
            yield Attachment(name, payload)


def _file_name(part: Mail) -> str:
    raw = part.get_filename()
    if not raw:
        return ""
    pieces = [decoded(piece, charset or "") if isinstance(piece, bytes) else piece
              for piece, charset in decode_header(raw)]
    return " ".join(_clean("".join(pieces)).split())[:300]
