"""Files of answers by mail: kept while they may be of use, swept with their bytes, never under a draft's feet."""
from __future__ import annotations

import os
from datetime import timedelta
from io import BytesIO
from pathlib import Path

import pytest
from sqlalchemy import select
from sqlalchemy.orm import Session

from tests.factories import NOW, Factory
from tracker.models import Actor, IncomingFile, IncomingMail
from tracker.rules.states import IncomingKind, IncomingState
from tracker.workflow import evidence, replies, uploading
from tracker.workflow.evidence import Upload
from tracker.workflow.uploading import ANSWERS_KEPT_FOR

LATER = NOW + ANSWERS_KEPT_FOR + timedelta(days=2)


@pytest.mark.parametrize("used", [True, False])
def test_files_go_after_half_a_year_unless_a_report_uses_them(
    session: Session, make: Factory, tmp_path: Path, used: bool
) -> None:
    user = make.user()
    kept = evidence.keep(tmp_path, evidence.check([Upload("a.txt", BytesIO(b"7"))]), now=NOW)[0]
    os.utime(evidence.path_of(tmp_path, kept), (NOW.timestamp(), NOW.timestamp()))
    reply = IncomingMail(message_id="<1@x>", received_at=NOW, kind=IncomingKind.REPLY, state=IncomingState.OFFERED,
                         sender=user.email, subject="Re", text="Xong.", user_id=user.id)
    reply.files = [IncomingFile(file_name="a.txt", media_type="text/plain", size=1, sha256=kept.sha256)]
    session.add(reply)
    session.commit()
    assert uploading.sweep(session, evidence_folder=tmp_path, now=LATER - timedelta(days=3)) == 0

    if used:
        replies.use(session, reply, make.assignment(user.agency), actor=Actor(user.name, "", user),
                    now=LATER - timedelta(days=1))
    uploading.sweep(session, evidence_folder=tmp_path, now=LATER)

    assert session.scalars(select(IncomingFile)).all() == []
    assert session.scalars(select(IncomingMail.text)).all() == ["Xong."]
    assert evidence.path_of(tmp_path, kept).exists() is used
