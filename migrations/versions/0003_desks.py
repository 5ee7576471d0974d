"""The two desks: requests, threads, drafts, views, feeds, letters, policy; helpers' parts, grace, first due dates.

Assignments made before keep their due date as the first one. Chases made before were mails, worded gently, on the
Vietnamese day of their sending. Reports made before came by the page.
"""
from __future__ import annotations

from datetime import UTC, datetime, timedelta

import sqlalchemy as sa
from alembic import op

revision = '0003_desks'
down_revision = '0002_review'
branch_labels = None
depends_on = None


#: Filled for the rows that are there; from here on the models give them.
SET = {
    'assignment': {'is_part': sa.Boolean()},
    'chase': {'channel': sa.String(30), 'tone': sa.String(30), 'insisted': sa.Boolean(), 'happened_on': sa.Date()},
    'plan': {'amends_partly': sa.Boolean()},
    'progress_update': {'figures': sa.JSON(none_as_null=True), 'channel': sa.String(30)},
    'user_account': {'is_agency_head': sa.Boolean()},
}
#: Vietnam's distance from UTC; it has had no daylight saving time since 1975.
VIETNAM = timedelta(hours=7)


def upgrade() -> None:
    op.create_table('calendar_feed',
    sa.Column('id', sa.Integer(), nullable=False),
    sa.Column('user_id', sa.Integer(), nullable=False),
    sa.Column('created_at', sa.DateTime(timezone=True), nullable=False),
    sa.Column('revoked_at', sa.DateTime(timezone=True), nullable=True),
    sa.ForeignKeyConstraint(['user_id'], ['user_account.id'], name=op.f('fk_calendar_feed_user_id')),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_calendar_feed'))
    )
    with op.batch_alter_table('calendar_feed', schema=None) as batch_op:
        batch_op.create_index(batch_op.f('ix_calendar_feed_user_id_revoked_at'), ['user_id', 'revoked_at'], unique=False)

    op.create_table('letter_template',
    sa.Column('id', sa.Integer(), nullable=False),
    sa.Column('agency_id', sa.Integer(), nullable=False),
    sa.Column('file_name', sa.String(), nullable=False),
    sa.Column('size', sa.Integer(), nullable=False),
    sa.Column('sha256', sa.String(), nullable=False),
    sa.Column('uploaded_by_id', sa.Integer(), nullable=False),
    sa.Column('uploaded_at', sa.DateTime(timezone=True), nullable=False),
    sa.Column('retired_at', sa.DateTime(timezone=True), nullable=True),
    sa.ForeignKeyConstraint(['agency_id'], ['agency.id'], name=op.f('fk_letter_template_agency_id')),
    sa.ForeignKeyConstraint(['uploaded_by_id'], ['user_account.id'], name=op.f('fk_letter_template_uploaded_by_id')),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_letter_template'))
    )
    with op.batch_alter_table('letter_template', schema=None) as batch_op:
        batch_op.create_index(batch_op.f('ix_letter_template_agency_id_id'), ['agency_id', 'id'], unique=False)

    op.create_table('province_policy',
    sa.Column('id', sa.Integer(), autoincrement=False, nullable=False),
    sa.Column('grace_after_return', sa.Integer(), nullable=False),
    sa.Column('escalate_to_head_after', sa.Integer(), nullable=False),
    sa.Column('escalate_to_leaders_after', sa.Integer(), nullable=False),
    sa.Column('answer_within', sa.Integer(), nullable=False),
    sa.Column('link_days', sa.Integer(), nullable=False),
    sa.Column('changed_by_id', sa.Integer(), nullable=True),
    sa.Column('changed_at', sa.DateTime(timezone=True), nullable=False),
    sa.CheckConstraint('id = 1', name=op.f('ck_province_policy_only_one')),
    sa.ForeignKeyConstraint(['changed_by_id'], ['user_account.id'], name=op.f('fk_province_policy_changed_by_id')),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_province_policy'))
    )
    op.create_table('saved_view',
    sa.Column('id', sa.Integer(), nullable=False),
    sa.Column('user_id', sa.Integer(), nullable=False),
    sa.Column('name', sa.String(), nullable=False),
    sa.Column('args', sa.JSON(none_as_null=True), nullable=False),
    sa.Column('created_at', sa.DateTime(timezone=True), nullable=False),
    sa.ForeignKeyConstraint(['user_id'], ['user_account.id'], name=op.f('fk_saved_view_user_id')),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_saved_view')),
    sa.UniqueConstraint('user_id', 'name', name=op.f('uq_saved_view_user_id_name'))
    )
    op.create_table('letter',
    sa.Column('id', sa.Integer(), nullable=False),
    sa.Column('chase_id', sa.Integer(), nullable=False),
    sa.Column('agency_id', sa.Integer(), nullable=True),
    sa.Column('file_name', sa.String(), nullable=False),
    sa.Column('size', sa.Integer(), nullable=False),
    sa.Column('sha256', sa.String(), nullable=False),
    sa.Column('created_at', sa.DateTime(timezone=True), nullable=False),
    sa.Column('number', sa.String(), nullable=True),
    sa.Column('issued_on', sa.Date(), nullable=True),
    sa.Column('recorded_by_id', sa.Integer(), nullable=True),
    sa.Column('recorded_at', sa.DateTime(timezone=True), nullable=True),
    sa.CheckConstraint('(number IS NULL) = (issued_on IS NULL)', name=op.f('ck_letter_number_with_date')),
    sa.ForeignKeyConstraint(['agency_id'], ['agency.id'], name=op.f('fk_letter_agency_id')),
    sa.ForeignKeyConstraint(['chase_id'], ['chase.id'], name=op.f('fk_letter_chase_id')),
    sa.ForeignKeyConstraint(['recorded_by_id'], ['user_account.id'], name=op.f('fk_letter_recorded_by_id')),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_letter'))
    )
    with op.batch_alter_table('letter', schema=None) as batch_op:
        batch_op.create_index(batch_op.f('ix_letter_chase_id'), ['chase_id'], unique=False)

    op.create_table('comment',
    sa.Column('id', sa.Integer(), nullable=False),
    sa.Column('assignment_id', sa.Integer(), nullable=False),
    sa.Column('author_id', sa.Integer(), nullable=False),
    sa.Column('written_at', sa.DateTime(timezone=True), nullable=False),
    sa.Column('text', sa.Text(), nullable=False),
    sa.Column('is_question', sa.Boolean(), nullable=False),
    sa.Column('answered_at', sa.DateTime(timezone=True), nullable=True),
    sa.Column('form_key', sa.String(), nullable=False),
    sa.ForeignKeyConstraint(['assignment_id'], ['assignment.id'], name=op.f('fk_comment_assignment_id')),
    sa.ForeignKeyConstraint(['author_id'], ['user_account.id'], name=op.f('fk_comment_author_id')),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_comment')),
    sa.UniqueConstraint('form_key', name=op.f('uq_comment_form_key'))
    )
    with op.batch_alter_table('comment', schema=None) as batch_op:
        batch_op.create_index(batch_op.f('ix_comment_assignment_id_id'), ['assignment_id', 'id'], unique=False)
        batch_op.create_index(batch_op.f('ix_comment_is_question_answered_at_written_at'), ['is_question', 'answered_at', 'written_at'], unique=False)

    op.create_table('draft_file',
    sa.Column('id', sa.Integer(), nullable=False),
    sa.Column('assignment_id', sa.Integer(), nullable=False),
    sa.Column('user_id', sa.Integer(), nullable=False),
    sa.Column('file_name', sa.String(), nullable=False),
    sa.Column('media_type', sa.String(), nullable=False),
    sa.Column('size', sa.Integer(), nullable=False),
    sa.Column('sha256', sa.String(), nullable=False),
    sa.Column('created_at', sa.DateTime(timezone=True), nullable=False),
    sa.ForeignKeyConstraint(['assignment_id'], ['assignment.id'], name=op.f('fk_draft_file_assignment_id')),
    sa.ForeignKeyConstraint(['user_id'], ['user_account.id'], name=op.f('fk_draft_file_user_id')),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_draft_file')),
    sa.UniqueConstraint('assignment_id', 'user_id', 'sha256', name=op.f('uq_draft_file_assignment_id_user_id_sha256'))
    )
    with op.batch_alter_table('draft_file', schema=None) as batch_op:
        batch_op.create_index(batch_op.f('ix_draft_file_created_at'), ['created_at'], unique=False)
        batch_op.create_index(batch_op.f('ix_draft_file_user_id'), ['user_id'], unique=False)

    op.create_table('extension',
    sa.Column('from_due_on', sa.Date(), nullable=False),
    sa.Column('wanted_on', sa.Date(), nullable=False),
    sa.Column('granted_on', sa.Date(), nullable=True),
    sa.Column('id', sa.Integer(), nullable=False),
    sa.Column('assignment_id', sa.Integer(), nullable=False),
    sa.Column('asked_by_id', sa.Integer(), nullable=False),
    sa.Column('asked_at', sa.DateTime(timezone=True), nullable=False),
    sa.Column('reason', sa.Text(), nullable=False),
    sa.Column('state', sa.Enum('waiting', 'granted', 'refused', 'withdrawn', name='requeststate', native_enum=False, length=30), nullable=False),
    sa.Column('decided_by_id', sa.Integer(), nullable=True),
    sa.Column('decided_at', sa.DateTime(timezone=True), nullable=True),
    sa.Column('answer', sa.Text(), nullable=True),
    sa.Column('version', sa.Integer(), nullable=False),
    sa.CheckConstraint("state <> 'granted' OR granted_on IS NOT NULL", name=op.f('ck_extension_granted_has_day')),
    sa.CheckConstraint("state <> 'refused' OR answer IS NOT NULL", name=op.f('ck_extension_refused_has_answer')),
    sa.ForeignKeyConstraint(['asked_by_id'], ['user_account.id'], name=op.f('fk_extension_asked_by_id')),
    sa.ForeignKeyConstraint(['assignment_id'], ['assignment.id'], name=op.f('fk_extension_assignment_id')),
    sa.ForeignKeyConstraint(['decided_by_id'], ['user_account.id'], name=op.f('fk_extension_decided_by_id')),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_extension'))
    )
    with op.batch_alter_table('extension', schema=None) as batch_op:
        batch_op.create_index(batch_op.f('ix_extension_assignment_id_id'), ['assignment_id', 'id'], unique=False)
        batch_op.create_index(batch_op.f('ix_extension_state_asked_at_id'), ['state', 'asked_at', 'id'], unique=False)
        batch_op.create_index('uq_extension_waiting', ['assignment_id'], unique=True, sqlite_where=sa.text("state = 'waiting'"), postgresql_where=sa.text("state = 'waiting'"))

    op.create_table('report_draft',
    sa.Column('assignment_id', sa.Integer(), nullable=False),
    sa.Column('user_id', sa.Integer(), nullable=False),
    sa.Column('values', sa.JSON(none_as_null=True), nullable=False),
    sa.Column('seen_version', sa.Integer(), nullable=False),
    sa.Column('saved_at', sa.DateTime(timezone=True), nullable=False),
    sa.ForeignKeyConstraint(['assignment_id'], ['assignment.id'], name=op.f('fk_report_draft_assignment_id')),
    sa.ForeignKeyConstraint(['user_id'], ['user_account.id'], name=op.f('fk_report_draft_user_id')),
    sa.PrimaryKeyConstraint('assignment_id', 'user_id', name=op.f('pk_report_draft'))
    )
    with op.batch_alter_table('report_draft', schema=None) as batch_op:
        batch_op.create_index(batch_op.f('ix_report_draft_user_id'), ['user_id'], unique=False)

    op.create_table('transfer',
    sa.Column('proposed_agency_id', sa.Integer(), nullable=True),
    sa.Column('given_to_id', sa.Integer(), nullable=True),
    sa.Column('id', sa.Integer(), nullable=False),
    sa.Column('assignment_id', sa.Integer(), nullable=False),
    sa.Column('asked_by_id', sa.Integer(), nullable=False),
    sa.Column('asked_at', sa.DateTime(timezone=True), nullable=False),
    sa.Column('reason', sa.Text(), nullable=False),
    sa.Column('state', sa.Enum('waiting', 'granted', 'refused', 'withdrawn', name='requeststate', native_enum=False, length=30), nullable=False),
    sa.Column('decided_by_id', sa.Integer(), nullable=True),
    sa.Column('decided_at', sa.DateTime(timezone=True), nullable=True),
    sa.Column('answer', sa.Text(), nullable=True),
    sa.Column('version', sa.Integer(), nullable=False),
    sa.CheckConstraint("state <> 'refused' OR answer IS NOT NULL", name=op.f('ck_transfer_refused_has_answer')),
    sa.ForeignKeyConstraint(['asked_by_id'], ['user_account.id'], name=op.f('fk_transfer_asked_by_id')),
    sa.ForeignKeyConstraint(['assignment_id'], ['assignment.id'], name=op.f('fk_transfer_assignment_id')),
    sa.ForeignKeyConstraint(['decided_by_id'], ['user_account.id'], name=op.f('fk_transfer_decided_by_id')),
    sa.ForeignKeyConstraint(['given_to_id'], ['agency.id'], name=op.f('fk_transfer_given_to_id')),
    sa.ForeignKeyConstraint(['proposed_agency_id'], ['agency.id'], name=op.f('fk_transfer_proposed_agency_id')),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_transfer'))
    )
    with op.batch_alter_table('transfer', schema=None) as batch_op:
        batch_op.create_index(batch_op.f('ix_transfer_assignment_id_id'), ['assignment_id', 'id'], unique=False)
        batch_op.create_index(batch_op.f('ix_transfer_state_asked_at_id'), ['state', 'asked_at', 'id'], unique=False)
        batch_op.create_index('uq_transfer_waiting', ['assignment_id'], unique=True, sqlite_where=sa.text("state = 'waiting'"), postgresql_where=sa.text("state = 'waiting'"))

    op.create_table('mention',
    sa.Column('comment_id', sa.Integer(), nullable=False),
    sa.Column('user_id', sa.Integer(), nullable=False),
    sa.ForeignKeyConstraint(['comment_id'], ['comment.id'], name=op.f('fk_mention_comment_id')),
    sa.ForeignKeyConstraint(['user_id'], ['user_account.id'], name=op.f('fk_mention_user_id')),
    sa.PrimaryKeyConstraint('comment_id', 'user_id', name=op.f('pk_mention'))
    )
    with op.batch_alter_table('mention', schema=None) as batch_op:
        batch_op.create_index(batch_op.f('ix_mention_user_id'), ['user_id'], unique=False)

    with op.batch_alter_table('assignment', schema=None) as batch_op:
        batch_op.add_column(sa.Column('first_due_on', sa.Date(), nullable=True))
        batch_op.add_column(sa.Column('grace_until', sa.Date(), nullable=True))
        batch_op.add_column(sa.Column('is_part', sa.Boolean(), nullable=False, server_default=sa.false()))
        batch_op.add_column(sa.Column('assignee_id', sa.Integer(), nullable=True))
        batch_op.add_column(sa.Column('replaced_by_id', sa.Integer(), nullable=True))
        batch_op.add_column(sa.Column('cancelled_reason', sa.Text(), nullable=True))
        batch_op.create_index(batch_op.f('ix_assignment_replaced_by_id'), ['replaced_by_id'], unique=False)
        batch_op.create_foreign_key(batch_op.f('fk_assignment_assignee_id'), 'user_account', ['assignee_id'], ['id'])
        batch_op.create_foreign_key(batch_op.f('fk_assignment_replaced_by_id'), 'assignment', ['replaced_by_id'], ['id'])

    with op.batch_alter_table('chase', schema=None) as batch_op:
        batch_op.add_column(sa.Column('channel', sa.Enum('mail', 'phone', 'meeting', 'letter', name='chasechannel', native_enum=False, length=30), nullable=False, server_default='mail'))
        batch_op.add_column(sa.Column('tone', sa.Enum('gentle', 'firm', 'official', name='chasetone', native_enum=False, length=30), nullable=False, server_default='gentle'))
        batch_op.add_column(sa.Column('happened_on', sa.Date(), nullable=True))
        batch_op.add_column(sa.Column('insisted', sa.Boolean(), nullable=False, server_default=sa.false()))

    with op.batch_alter_table('evidence', schema=None) as batch_op:
        batch_op.add_column(sa.Column('extension_id', sa.Integer(), nullable=True))
        batch_op.alter_column('update_id',
               existing_type=sa.INTEGER(),
               nullable=True)
        batch_op.create_index(batch_op.f('ix_evidence_extension_id'), ['extension_id'], unique=False)
        batch_op.create_index(batch_op.f('ix_evidence_sha256_id'), ['sha256', 'id'], unique=False)
        batch_op.create_foreign_key(batch_op.f('fk_evidence_extension_id'), 'extension', ['extension_id'], ['id'])
        batch_op.create_check_constraint(batch_op.f('ck_evidence_update_or_extension'), '(update_id IS NULL) <> (extension_id IS NULL)')

    with op.batch_alter_table('plan', schema=None) as batch_op:
        batch_op.add_column(sa.Column('amends_partly', sa.Boolean(), nullable=False, server_default=sa.false()))

    with op.batch_alter_table('progress_update', schema=None) as batch_op:
        batch_op.add_column(sa.Column('proposals', sa.Text(), nullable=True))
        batch_op.add_column(sa.Column('figures', sa.JSON(none_as_null=True), nullable=True))
        batch_op.add_column(sa.Column('channel', sa.Enum('page', 'mail_link', 'grid', 'workbook', name='reportchannel', native_enum=False, length=30), nullable=False, server_default='page'))
        batch_op.add_column(sa.Column('withdrawn_at', sa.DateTime(timezone=True), nullable=True))
        batch_op.drop_constraint(batch_op.f('ck_progress_update_state_reported'), type_='check')
        batch_op.create_check_constraint(batch_op.f('ck_progress_update_state_reported'), "state IN ('in_progress', 'submitted', 'accepted')")

    with op.batch_alter_table('review', schema=None) as batch_op:
        batch_op.add_column(sa.Column('grace_before', sa.Date(), nullable=True))
        batch_op.add_column(sa.Column('undone_at', sa.DateTime(timezone=True), nullable=True))
        batch_op.drop_constraint(batch_op.f('uq_review_update_id'), type_='unique')
        batch_op.create_index('uq_review_update_id', ['update_id'], unique=True, sqlite_where=sa.text('undone_at IS NULL'), postgresql_where=sa.text('undone_at IS NULL'))

    with op.batch_alter_table('user_account', schema=None) as batch_op:
        batch_op.add_column(sa.Column('is_agency_head', sa.Boolean(), nullable=False, server_default=sa.false()))

    _fill()
    for table, columns in SET.items():
        with op.batch_alter_table(table, schema=None) as batch_op:
            for name, kind in columns.items():
                batch_op.alter_column(name, existing_type=kind, nullable=False, server_default=None)


def _fill() -> None:
    assignment = sa.table('assignment', sa.column('due_on', sa.Date), sa.column('first_due_on', sa.Date))
    op.execute(assignment.update().values(first_due_on=assignment.c.due_on))
    update = sa.table('progress_update', sa.column('figures', sa.JSON(none_as_null=True)))
    op.execute(update.update().values(figures={'rows': []}))
    chase = sa.table('chase', sa.column('id', sa.Integer), sa.column('sent_at', sa.DateTime(timezone=True)),
                     sa.column('happened_on', sa.Date))
    connection = op.get_bind()
    for chase_id, sent_at in connection.execute(sa.select(chase.c.id, chase.c.sent_at)).all():
        moment: datetime = sent_at if sent_at.tzinfo is None else sent_at.astimezone(UTC)
        connection.execute(chase.update().where(chase.c.id == chase_id).values(happened_on=(moment + VIETNAM).date()))


def _forget() -> None:
    """Take away what the tables before can't hold: requests' files, decisions taken back, helpers' parts, new mails."""
    kinds = "('thread_message', 'request_decided', 'handed_over', 'plan_changed', 'escalation')"
    for statement in (
        "DELETE FROM evidence WHERE update_id IS NULL",
        "DELETE FROM review WHERE undone_at IS NOT NULL",
        f"DELETE FROM reminder WHERE mail_id IN (SELECT id FROM outbox_mail WHERE kind IN {kinds})",
        f"DELETE FROM outbox_mail WHERE kind IN {kinds}",
        "UPDATE progress_update SET state = 'submitted' WHERE state = 'accepted'",
        "UPDATE plan SET state = 'published' WHERE state = 'superseded'",
    ):
        op.execute(sa.text(statement))
    assignment = sa.table('assignment', sa.column('is_part', sa.Boolean), sa.column('state', sa.String))
    op.execute(assignment.update().where(assignment.c.is_part).values(state='cancelled'))


def downgrade() -> None:
    _forget()
    with op.batch_alter_table('user_account', schema=None) as batch_op:
        batch_op.drop_column('is_agency_head')

    with op.batch_alter_table('review', schema=None) as batch_op:
        batch_op.drop_index('uq_review_update_id', sqlite_where=sa.text('undone_at IS NULL'), postgresql_where=sa.text('undone_at IS NULL'))
        batch_op.create_unique_constraint(batch_op.f('uq_review_update_id'), ['update_id'])
        batch_op.drop_column('undone_at')
        batch_op.drop_column('grace_before')

    with op.batch_alter_table('progress_update', schema=None) as batch_op:
        batch_op.drop_constraint(batch_op.f('ck_progress_update_state_reported'), type_='check')
        batch_op.create_check_constraint(batch_op.f('ck_progress_update_state_reported'), "state IN ('in_progress', 'submitted')")
        batch_op.drop_column('withdrawn_at')
        batch_op.drop_column('channel')
        batch_op.drop_column('figures')
        batch_op.drop_column('proposals')

    with op.batch_alter_table('plan', schema=None) as batch_op:
        batch_op.drop_column('amends_partly')

    with op.batch_alter_table('evidence', schema=None) as batch_op:
        batch_op.drop_constraint(batch_op.f('ck_evidence_update_or_extension'), type_='check')
        batch_op.drop_constraint(batch_op.f('fk_evidence_extension_id'), type_='foreignkey')
        batch_op.drop_index(batch_op.f('ix_evidence_sha256_id'))
        batch_op.drop_index(batch_op.f('ix_evidence_extension_id'))
        batch_op.alter_column('update_id',
               existing_type=sa.INTEGER(),
               nullable=False)
        batch_op.drop_column('extension_id')

    with op.batch_alter_table('chase', schema=None) as batch_op:
        batch_op.drop_column('insisted')
        batch_op.drop_column('happened_on')
        batch_op.drop_column('tone')
        batch_op.drop_column('channel')

    with op.batch_alter_table('assignment', schema=None) as batch_op:
        batch_op.drop_constraint(batch_op.f('fk_assignment_replaced_by_id'), type_='foreignkey')
        batch_op.drop_constraint(batch_op.f('fk_assignment_assignee_id'), type_='foreignkey')
        batch_op.drop_index(batch_op.f('ix_assignment_replaced_by_id'))
        batch_op.drop_column('cancelled_reason')
        batch_op.drop_column('replaced_by_id')
        batch_op.drop_column('assignee_id')
        batch_op.drop_column('is_part')
        batch_op.drop_column('grace_until')
        batch_op.drop_column('first_due_on')

    with op.batch_alter_table('mention', schema=None) as batch_op:
        batch_op.drop_index(batch_op.f('ix_mention_user_id'))

    op.drop_table('mention')
    with op.batch_alter_table('transfer', schema=None) as batch_op:
        batch_op.drop_index('uq_transfer_waiting', sqlite_where=sa.text("state = 'waiting'"), postgresql_where=sa.text("state = 'waiting'"))
        batch_op.drop_index(batch_op.f('ix_transfer_state_asked_at_id'))
        batch_op.drop_index(batch_op.f('ix_transfer_assignment_id_id'))

    op.drop_table('transfer')
    with op.batch_alter_table('report_draft', schema=None) as batch_op:
        batch_op.drop_index(batch_op.f('ix_report_draft_user_id'))

    op.drop_table('report_draft')
    with op.batch_alter_table('extension', schema=None) as batch_op:
        batch_op.drop_index('uq_extension_waiting', sqlite_where=sa.text("state = 'waiting'"), postgresql_where=sa.text("state = 'waiting'"))
        batch_op.drop_index(batch_op.f('ix_extension_state_asked_at_id'))
        batch_op.drop_index(batch_op.f('ix_extension_assignment_id_id'))

    op.drop_table('extension')
    with op.batch_alter_table('draft_file', schema=None) as batch_op:
        batch_op.drop_index(batch_op.f('ix_draft_file_user_id'))
        batch_op.drop_index(batch_op.f('ix_draft_file_created_at'))

    op.drop_table('draft_file')
    with op.batch_alter_table('comment', schema=None) as batch_op:
        batch_op.drop_index(batch_op.f('ix_comment_is_question_answered_at_written_at'))
        batch_op.drop_index(batch_op.f('ix_comment_assignment_id_id'))

    op.drop_table('comment')
    with op.batch_alter_table('letter', schema=None) as batch_op:
        batch_op.drop_index(batch_op.f('ix_letter_chase_id'))

    op.drop_table('letter')
    op.drop_table('saved_view')
    op.drop_table('province_policy')
    with op.batch_alter_table('letter_template', schema=None) as batch_op:
        batch_op.drop_index(batch_op.f('ix_letter_template_agency_id_id'))

    op.drop_table('letter_template')
    with op.batch_alter_table('calendar_feed', schema=None) as batch_op:
        batch_op.drop_index(batch_op.f('ix_calendar_feed_user_id_revoked_at'))

    op.drop_table('calendar_feed')
