"""What a password must be, and which addresses are addresses."""
from __future__ import annotations

import unicodedata

import pytest

from tracker.rules import passwords
from tracker.rules.addresses import clean_address, typed_address
from tracker.rules.errors import Refusal

REFUSED = [
    pytest.param("mười một ch", passwords.PasswordTooShort, id="eleven characters"),
    pytest.param("", passwords.PasswordTooShort, id="nothing"),
    pytest.param("x" * 201, passwords.PasswordTooLong, id="two hundred and one"),
    pytest.param("121212121212", passwords.PasswordTooPlain, id="two digits"),
    pytest.param("AaAaBbBbCcCc", passwords.PasswordTooPlain, id="capitals are no other letters"),
    pytest.param("toi la THUYNTB day", passwords.PasswordHoldsName, id="the name before the @"),
    pytest.param("toi la thụynTb đấy", passwords.PasswordHoldsName, id="the name with marks"),
]


@pytest.mark.parametrize(("password", "refusal"), REFUSED)
def test_a_password_that_is_easy_to_guess_is_refused(password: str, refusal: type[Refusal]) -> None:
    with pytest.raises(refusal):
        passwords.check_password(password, email="thuyntb@syt.haduong.example")


def test_a_sentence_with_spaces_and_marks_is_a_good_password() -> None:
    checked = passwords.check_password("cây đa giếng nước", email="an@syt.haduong.example")

    assert checked is None


def test_a_short_name_may_stand_in_a_password() -> None:
    checked = passwords.check_password("bình an quanh năm", email="an@syt.haduong.example")

    assert checked is None


def test_a_password_typed_in_nfd_is_the_same_password() -> None:
    typed = "cây đa giếng nước"

    assert passwords.prepare(unicodedata.normalize("NFD", typed)) == passwords.prepare(typed)


ADDRESSES = [
    pytest.param(" Lan.NT@HaDuong.example ", "lan.nt@haduong.example", id="case and blanks"),
    pytest.param("truc@congan.local", "truc@congan.local", id="a closed network's own ending"),
    pytest.param("ngọc@haduong.example", None, id="marks need a server that few have"),
    pytest.param(unicodedata.normalize("NFD", "ngọc@haduong.example"), None, id="the same in NFD"),
    pytest.param("khong-co-a-cong", None, id="no @"),
    pytest.param("hai@@haduong.example", None, id="two @"),
    pytest.param("x" * 290 + "@haduong.example", None, id="three hundred characters"),
    pytest.param("a\x00b@haduong.example", None, id="a NUL"),
    pytest.param("a@haduong.example\r\nBcc: b@haduong.example", None, id="a line of its own in the mail's head"),
]


@pytest.mark.parametrize(("text", "kept"), ADDRESSES)
def test_an_address_is_kept_in_one_spelling_or_refused(text: str, kept: str | None) -> None:
    assert clean_address(text) == kept


def test_what_was_typed_at_the_door_never_holds_what_a_database_refuses() -> None:
    assert typed_address(" A\x00\u200bB@x.vn\n") == "ab@x.vn"
    assert len(typed_address("x" * 3000)) == 254
