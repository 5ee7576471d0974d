"""Two versions of a plan: what stayed, what was worded anew, what came in and went out."""

from __future__ import annotations

from tracker.rules.plan_versions import Change, Duty, compare, pieces

BEFORE = [
    Duty(1, "III.1", "Rà soát, lập danh sách cơ sở lưu trú trên địa bàn phường", ("Công an tỉnh",), ("30/06/2026",)),
    Duty(2, "III.2", "Tổ chức tập huấn cho cán bộ y tế cấp xã về điều trị", ("Sở Y tế",)),
    Duty(3, "III.3", "Bố trí kinh phí thực hiện kế hoạch theo phân cấp", ("Sở Tài chính",)),
]


def changes(before: list[Duty], after: list[Duty]) -> list[tuple[Change, int | None, int | None]]:
    return [
        (pair.change, pair.before.id if pair.before else None, pair.after.id if pair.after else None)
        for pair in compare(before, after)
    ]


def test_a_new_number_alone_is_no_change() -> None:
    after = [Duty(11, "IV.2", "Rà soát, lập danh sách cơ sở  lưu trú trên địa bàn phường.", BEFORE[0].owners,
                  BEFORE[0].deadlines)]

    assert changes(BEFORE[:1], after) == [(Change.KEPT, 1, 11)]


def test_words_bodies_and_days_that_changed_are_named() -> None:
    after = Duty(11, "III.1", "Rà soát, lập danh sách cơ sở lưu trú và karaoke trên địa bàn phường",
                 ("UBND các xã, phường",), ("30/09/2026",), "Danh sách")

    (pair,) = compare(BEFORE[:1], [after])

    assert pair.changed_fields == ("text", "owners", "deadlines", "product")


def test_what_came_in_and_what_went_out_stand_in_their_places() -> None:
    new = Duty(14, "III.4", "Lắp đặt hệ thống giám sát tại bến xe trung tâm", ("Sở Xây dựng",))
    after = [Duty(11, "III.1", BEFORE[0].text, BEFORE[0].owners, BEFORE[0].deadlines), new,
             Duty(13, "III.3", BEFORE[2].text, BEFORE[2].owners)]

    assert changes(BEFORE, after) == [
        (Change.KEPT, 1, 11), (Change.REMOVED, 2, None), (Change.ADDED, None, 14), (Change.KEPT, 3, 13)
    ]


def test_the_same_words_to_two_bodies_go_to_the_right_one() -> None:
    words = "Báo cáo kết quả thực hiện hằng quý về Công an tỉnh"
    before = [Duty(1, None, words, ("Sở Y tế",)), Duty(2, None, words, ("Sở Nội vụ",))]
    after = [Duty(11, None, words, ("Sở Nội vụ",)), Duty(12, None, words, ("Sở Y tế",))]

    assert {(one, two) for _change, one, two in changes(before, after)} == {(2, 11), (1, 12)}


def test_an_empty_version_keeps_nothing() -> None:
    assert [change for change, *_ in changes(BEFORE, [])] == [Change.REMOVED] * 3
    assert [change for change, *_ in changes([], BEFORE)] == [Change.ADDED] * 3
    assert compare([], []) == []


def test_the_pieces_give_both_texts_back() -> None:
    before, after = BEFORE[0].text, "Rà soát, bổ sung danh sách cơ sở lưu trú, karaoke trên địa bàn"

    found = pieces(before, after)

    assert " ".join(one.text for one in found if one.change is not Change.REMOVED) == after
    old = " ".join(one.text for one in found if one.change is not Change.ADDED)
    assert [word.strip(",") for word in old.split()] == [word.strip(",") for word in before.split()]
    assert any(one.change is Change.REMOVED and "lập" in one.text for one in found)
