"""The six questions: what counts as an answer to each, and what the score says."""

from __future__ import annotations

from dataclasses import replace

import pytest

from tracker.rules.clarity import Clarity, Said, Verdict, judge, percent
from tracker.rules.states import DutyKind, TaskRole

CLEAR_TASK = Said(
    text="Chủ trì xây dựng quy chế phối hợp quản lý khách lưu trú, trình UBND tỉnh ban hành",
    kind=DutyKind.ONE_OFF,
    role=TaskRole.LEAD,
    is_requested=False,
    owners=1,
    owners_known=1,
    partners=("Công an tỉnh",),
    is_dated=True,
    has_time_words=True,
    product="Quy chế",
    report_to=None,
)


def test_a_task_that_says_everything_is_clear_in_all_six() -> None:
    assert set(judge(CLEAR_TASK).values()) == {Verdict.CLEAR}
    assert percent([judge(CLEAR_TASK)]) == 100


CASES = [
    pytest.param({"owners": 0, "owners_known": 0}, Clarity.PERSON, Verdict.UNCLEAR, id="nobody"),
    pytest.param({"owners": 2, "owners_known": 1}, Clarity.PERSON, Verdict.PARTLY, id="one body unknown"),
    pytest.param(
        {"text": "Tăng cường công tác tuyên truyền miệng", "product": None}, Clarity.WORK, Verdict.CLEAR, id="an action"
    ),
    pytest.param(
        {"text": "Đẩy mạnh, nâng cao chất lượng công tác", "product": None}, Clarity.WORK, Verdict.PARTLY,
        id="a direction only",
    ),
    pytest.param({"text": "Thực hiện tốt"}, Clarity.WORK, Verdict.UNCLEAR, id="too few words"),
    pytest.param({"is_dated": False}, Clarity.TIME, Verdict.PARTLY, id="a period only"),
    pytest.param({"is_dated": False, "has_time_words": False}, Clarity.TIME, Verdict.UNCLEAR, id="no time"),
    pytest.param(
        {"is_dated": False, "has_time_words": False, "kind": DutyKind.STANDING,
         "text": "Thường xuyên rà soát địa bàn giáp ranh"},
        Clarity.TIME, Verdict.CLEAR, id="a standing duty that says so",
    ),
    pytest.param({"owners": 3, "owners_known": 3}, Clarity.RESPONSIBILITY, Verdict.PARTLY, id="nobody leads"),
    pytest.param(
        {"partners": ("các đơn vị có liên quan",)}, Clarity.RESPONSIBILITY, Verdict.PARTLY, id="vague helpers"
    ),
    pytest.param({"product": None}, Clarity.PRODUCT, Verdict.PARTLY, id="a document without its name as product"),
    pytest.param(
        {"product": None, "text": "Tuần tra địa bàn giáp ranh hai tỉnh"}, Clarity.PRODUCT, Verdict.UNCLEAR,
        id="nothing to show",
    ),
    pytest.param(
        {"text": "Rà soát địa bàn theo thẩm quyền"}, Clarity.AUTHORITY, Verdict.PARTLY, id="on its own authority"
    ),
    pytest.param({"text": "Rà soát địa bàn giáp ranh"}, Clarity.AUTHORITY, Verdict.UNCLEAR, id="nobody decides"),
    pytest.param(
        {"text": "Rà soát địa bàn giáp ranh", "report_to": "UBND tỉnh"}, Clarity.AUTHORITY, Verdict.CLEAR,
        id="reports to somebody",
    ),
]  # fmt: skip


@pytest.mark.parametrize(("changed", "question", "verdict"), CASES)
def test_what_a_task_leaves_open(changed: dict[str, object], question: Clarity, verdict: Verdict) -> None:
    assert judge(replace(CLEAR_TASK, **changed))[question] is verdict


def test_the_words_are_read_in_any_spelling() -> None:
    old_tones = replace(CLEAR_TASK, text="RÀ SOÁT, TRÌNH UỶ BAN NHÂN DÂN TỈNH PHÊ DUYỆT")

    assert judge(old_tones)[Clarity.AUTHORITY] is Verdict.CLEAR


def test_the_score_is_the_share_of_the_points() -> None:
    half = judge(replace(CLEAR_TASK, owners=0, owners_known=0, is_dated=False, has_time_words=False))

    assert percent([half]) == 50
    assert percent([half, judge(CLEAR_TASK)]) == 75
    assert percent([]) is None
