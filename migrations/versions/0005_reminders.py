"""Reminder policies, calendars of single agencies, what became of each mail, the clock's runs, mails that come in.

The two periods after which lateness went upwards become steps of the reminder policy, and what was told by them counts
as told: "head" is "late", "leadership" is "very late".
"""
from __future__ import annotations

from collections.abc import Mapping

import sqlalchemy as sa
from alembic import op

revision = '0005_reminders'
down_revision = '0004_plan_changes'
branch_labels = None
depends_on = None

TOLD = ('{"before": ["liaison"], "due": ["liaison"], "after": ["liaison"], "late": ["head"], '
        '"very_late": ["leadership"]}')
PROVINCE = sa.text('agency_id IS NULL')
WINDOW = sa.text('period_id IS NOT NULL')
BOUNCED = sa.text('bounced_at IS NOT NULL')
#: What the administrator's list of mails is filtered by.
LISTED_BY = (['state', 'id'], ['kind', 'id'], ['domain', 'id'], ['created_at'])
#: Filled for the rows that are there; from here on the models give them.
SET: Mapping[str, Mapping[str, tuple[sa.types.TypeEngine[object], str]]] = {
    'outbox_mail': {'domain': (sa.String(), '')},
    'province_policy': {
        'send_at': (sa.Time(), '07:30:00'), 'mails_per_week': (sa.Integer(), '6'),
        'mails_per_minute': (sa.Integer(), '300'), 'before': (sa.JSON(), '[5, 1]'), 'after_every': (sa.Integer(), '3'),
        'weekly_after': (sa.Integer(), '15'), 'told': (sa.JSON(none_as_null=True), TOLD),
        'version': (sa.Integer(), '1'),
    },
    'reminder': {'audience': (sa.String(30), 'liaison')},
    'user_account': {'digest': (sa.String(30), 'daily')},
}
#: Steps as they were called before, and as whom people were told by them.
STEPS = {'head': ('late', 'head'), 'leadership': ('very_late', 'leadership')}
NEW_KINDS = "('assigned', 'weekly', 'monthly', 'address_refused', 'morning_line')"


def upgrade() -> None:
    make_policy_and_clock()
    make_mail_tables()
    for table, columns in SET.items():
        with op.batch_alter_table(table, schema=None) as batch_op:
            for name, (kind, default) in columns.items():
                batch_op.add_column(sa.Column(name, kind, nullable=False, server_default=default))
    for table, columns in SET.items():
        with op.batch_alter_table(table, schema=None) as batch_op:
            for name, (kind, _default) in columns.items():
                batch_op.alter_column(name, existing_type=kind, existing_nullable=False, server_default=None)
    with op.batch_alter_table('calendar_day', schema=None) as batch_op:
        batch_op.add_column(sa.Column('agency_id', sa.Integer(), nullable=True))
        batch_op.drop_constraint(batch_op.f('uq_calendar_day_day'), type_='unique')
        batch_op.create_unique_constraint(batch_op.f('uq_calendar_day_agency_id_day'), ['agency_id', 'day'])
        batch_op.create_foreign_key(batch_op.f('fk_calendar_day_agency_id'), 'agency', ['agency_id'], ['id'])
    op.create_index('uq_calendar_day_province', 'calendar_day', ['day'], unique=True, sqlite_where=PROVINCE,
                    postgresql_where=PROVINCE)
    with op.batch_alter_table('outbox_mail', schema=None) as batch_op:
        batch_op.add_column(sa.Column('bounced_at', sa.DateTime(timezone=True), nullable=True))
        batch_op.create_index(batch_op.f('ix_outbox_mail_kind_key'), ['kind', 'key'])
        batch_op.create_index(batch_op.f('ix_outbox_mail_sent_at'), ['sent_at'])
        for names in LISTED_BY:
            batch_op.create_index(batch_op.f('ix_outbox_mail_' + '_'.join(names)), names)
    op.create_index('ix_outbox_mail_bounced', 'outbox_mail', ['id'], sqlite_where=BOUNCED, postgresql_where=BOUNCED)
    with op.batch_alter_table('province_policy', schema=None) as batch_op:
        batch_op.alter_column('escalate_to_head_after', existing_type=sa.Integer(), existing_nullable=False,
                              new_column_name='late_after')
        batch_op.alter_column('escalate_to_leaders_after', existing_type=sa.Integer(), existing_nullable=False,
                              new_column_name='very_late_after')
    with op.batch_alter_table('user_account', schema=None) as batch_op:
        batch_op.add_column(sa.Column('stand_in_id', sa.Integer(), nullable=True))
        batch_op.add_column(sa.Column('away_from', sa.Date(), nullable=True))
        batch_op.add_column(sa.Column('away_until', sa.Date(), nullable=True))
        batch_op.add_column(sa.Column('mail_refused_at', sa.DateTime(timezone=True), nullable=True))
        batch_op.add_column(sa.Column('mail_refused_reason', sa.Text(), nullable=True))
        batch_op.create_foreign_key(batch_op.f('fk_user_account_stand_in_id'), 'user_account', ['stand_in_id'], ['id'])
        batch_op.create_check_constraint('away_in_order', 'away_until IS NULL OR away_from <= away_until')
    op.create_index('ix_assignment_opened', 'assignment', ['created_at'], sqlite_where=WINDOW, postgresql_where=WINDOW)
    op.create_index(op.f('ix_assignment_grace_until'), 'assignment', ['grace_until'])
    op.create_index(op.f('ix_review_decided_at'), 'review', ['decided_at'])
    for before, (after, audience) in STEPS.items():
        op.execute(f"UPDATE reminder SET step = '{after}', audience = '{audience}' WHERE step = '{before}'")


def make_policy_and_clock() -> None:
    op.create_table('plan_reminder_policy',
    sa.Column('plan_id', sa.Integer(), autoincrement=False, nullable=False),
    sa.Column('before', sa.JSON(), nullable=False),
    sa.Column('after_every', sa.Integer(), nullable=False),
    sa.Column('weekly_after', sa.Integer(), nullable=False),
    sa.Column('late_after', sa.Integer(), nullable=False),
    sa.Column('very_late_after', sa.Integer(), nullable=False),
    sa.Column('told', sa.JSON(none_as_null=True), nullable=False),
    sa.Column('version', sa.Integer(), nullable=False),
    sa.Column('changed_by_id', sa.Integer(), nullable=True),
    sa.Column('changed_at', sa.DateTime(timezone=True), nullable=False),
    sa.ForeignKeyConstraint(['changed_by_id'], ['user_account.id'], name=op.f('fk_plan_reminder_policy_changed_by_id')),
    sa.ForeignKeyConstraint(['plan_id'], ['plan.id'], name=op.f('fk_plan_reminder_policy_plan_id')),
    sa.PrimaryKeyConstraint('plan_id', name=op.f('pk_plan_reminder_policy'))
    )
    op.create_table('clock_beat',
    sa.Column('machine', sa.String(), nullable=False),
    sa.Column('at', sa.DateTime(timezone=True), nullable=False),
    sa.PrimaryKeyConstraint('machine', name=op.f('pk_clock_beat'))
    )
    op.create_table('job_run',
    sa.Column('id', sa.Integer(), nullable=False),
    sa.Column('name', sa.String(), nullable=False),
    sa.Column('key', sa.String(), nullable=False),
    sa.Column('state', sa.String(length=30), nullable=False),
    sa.Column('machine', sa.String(), nullable=False),
    sa.Column('attempts', sa.Integer(), nullable=False),
    sa.Column('lease_until', sa.DateTime(timezone=True), nullable=True),
    sa.Column('started_at', sa.DateTime(timezone=True), nullable=False),
    sa.Column('finished_at', sa.DateTime(timezone=True), nullable=True),
    sa.Column('result', sa.JSON(none_as_null=True), nullable=True),
    sa.Column('error', sa.Text(), nullable=True),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_job_run')),
    sa.UniqueConstraint('name', 'key', name=op.f('uq_job_run_name_key'))
    )
    with op.batch_alter_table('job_run', schema=None) as batch_op:
        batch_op.create_index(batch_op.f('ix_job_run_name_id'), ['name', 'id'])


def make_mail_tables() -> None:
    op.create_table('mail_event',
    sa.Column('id', sa.Integer(), nullable=False),
    sa.Column('mail_id', sa.Integer(), nullable=False),
    sa.Column('at', sa.DateTime(timezone=True), nullable=False),
    sa.Column('what', sa.String(length=30), nullable=False),
    sa.Column('detail', sa.Text(), nullable=True),
    sa.Column('actor_id', sa.Integer(), nullable=True),
    sa.ForeignKeyConstraint(['actor_id'], ['user_account.id'], name=op.f('fk_mail_event_actor_id')),
    sa.ForeignKeyConstraint(['mail_id'], ['outbox_mail.id'], name=op.f('fk_mail_event_mail_id')),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_mail_event'))
    )
    with op.batch_alter_table('mail_event', schema=None) as batch_op:
        batch_op.create_index(batch_op.f('ix_mail_event_mail_id_id'), ['mail_id', 'id'])
    op.create_table('mail_copy',
    sa.Column('mail_id', sa.Integer(), autoincrement=False, nullable=False),
    sa.Column('kept_at', sa.DateTime(timezone=True), nullable=False),
    sa.Column('subject', sa.Text(), nullable=False),
    sa.Column('body', sa.LargeBinary(), nullable=False),
    sa.ForeignKeyConstraint(['mail_id'], ['outbox_mail.id'], name=op.f('fk_mail_copy_mail_id')),
    sa.PrimaryKeyConstraint('mail_id', name=op.f('pk_mail_copy'))
    )
    with op.batch_alter_table('mail_copy', schema=None) as batch_op:
        batch_op.create_index(batch_op.f('ix_mail_copy_kept_at'), ['kept_at'])
    op.create_table('incoming_mail',
    sa.Column('id', sa.Integer(), nullable=False),
    sa.Column('message_id', sa.String(), nullable=False),
    sa.Column('received_at', sa.DateTime(timezone=True), nullable=False),
    sa.Column('kind', sa.String(length=30), nullable=False),
    sa.Column('state', sa.String(length=30), nullable=False),
    sa.Column('sender', sa.String(), nullable=False),
    sa.Column('subject', sa.Text(), nullable=False),
    sa.Column('text', sa.Text(), nullable=False),
    sa.Column('mail_id', sa.Integer(), nullable=True),
    sa.Column('user_id', sa.Integer(), nullable=True),
    sa.Column('assignment_id', sa.Integer(), nullable=True),
    sa.Column('settled_at', sa.DateTime(timezone=True), nullable=True),
    sa.ForeignKeyConstraint(['assignment_id'], ['assignment.id'], name=op.f('fk_incoming_mail_assignment_id')),
    sa.ForeignKeyConstraint(['mail_id'], ['outbox_mail.id'], name=op.f('fk_incoming_mail_mail_id')),
    sa.ForeignKeyConstraint(['user_id'], ['user_account.id'], name=op.f('fk_incoming_mail_user_id')),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_incoming_mail')),
    sa.UniqueConstraint('message_id', name=op.f('uq_incoming_mail_message_id'))
    )
    with op.batch_alter_table('incoming_mail', schema=None) as batch_op:
        batch_op.create_index(batch_op.f('ix_incoming_mail_mail_id'), ['mail_id'])
        batch_op.create_index(batch_op.f('ix_incoming_mail_kind_id'), ['kind', 'id'])
        batch_op.create_index(batch_op.f('ix_incoming_mail_user_id_state_id'), ['user_id', 'state', 'id'])
        batch_op.create_index(batch_op.f('ix_incoming_mail_sender_received_at'), ['sender', 'received_at'])
    op.create_table('incoming_file',
    sa.Column('id', sa.Integer(), nullable=False),
    sa.Column('incoming_id', sa.Integer(), nullable=False),
    sa.Column('file_name', sa.String(), nullable=False),
    sa.Column('media_type', sa.String(), nullable=False),
    sa.Column('size', sa.Integer(), nullable=False),
    sa.Column('sha256', sa.String(), nullable=True),
    sa.ForeignKeyConstraint(['incoming_id'], ['incoming_mail.id'], name=op.f('fk_incoming_file_incoming_id')),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_incoming_file'))
    )
    with op.batch_alter_table('incoming_file', schema=None) as batch_op:
        batch_op.create_index(batch_op.f('ix_incoming_file_incoming_id_id'), ['incoming_id', 'id'])
        batch_op.create_index(batch_op.f('ix_incoming_file_sha256'), ['sha256'])


def downgrade() -> None:
    for table in ('incoming_file', 'incoming_mail', 'mail_copy', 'mail_event', 'job_run', 'clock_beat', 'plan_reminder_policy'):
        op.drop_table(table)
    # What the tables before have no word for is taken away: the mails of new kinds, and what only they told.
    op.execute(f"DELETE FROM reminder WHERE mail_id IN (SELECT id FROM outbox_mail WHERE kind IN {NEW_KINDS})")
    op.execute("DELETE FROM reminder WHERE audience = 'coordinator' OR step = 'opened' OR step LIKE 'accepted!_%' ESCAPE '!'")
    op.execute(f"DELETE FROM outbox_mail WHERE kind IN {NEW_KINDS}")
    for before, (after, audience) in STEPS.items():
        op.execute(f"UPDATE reminder SET step = '{before}' WHERE step = '{after}' AND audience = '{audience}'")
    op.execute("DELETE FROM calendar_day WHERE agency_id IS NOT NULL")
    op.drop_index(op.f('ix_review_decided_at'), 'review')
    op.drop_index(op.f('ix_assignment_grace_until'), 'assignment')
    op.drop_index('ix_assignment_opened', 'assignment')
    op.drop_index('uq_calendar_day_province', 'calendar_day')
    with op.batch_alter_table('user_account', schema=None) as batch_op:
        batch_op.drop_constraint(batch_op.f('ck_user_account_away_in_order'), type_='check')
        batch_op.drop_constraint(batch_op.f('fk_user_account_stand_in_id'), type_='foreignkey')
        for name in ('mail_refused_reason', 'mail_refused_at', 'away_until', 'away_from', 'stand_in_id'):
            batch_op.drop_column(name)
    with op.batch_alter_table('province_policy', schema=None) as batch_op:
        batch_op.alter_column('late_after', existing_type=sa.Integer(), existing_nullable=False,
                              new_column_name='escalate_to_head_after')
        batch_op.alter_column('very_late_after', existing_type=sa.Integer(), existing_nullable=False,
                              new_column_name='escalate_to_leaders_after')
    op.drop_index('ix_outbox_mail_bounced', 'outbox_mail')
    with op.batch_alter_table('outbox_mail', schema=None) as batch_op:
        for names in LISTED_BY:
            batch_op.drop_index(batch_op.f('ix_outbox_mail_' + '_'.join(names)))
        batch_op.drop_index(batch_op.f('ix_outbox_mail_sent_at'))
        batch_op.drop_index(batch_op.f('ix_outbox_mail_kind_key'))
        batch_op.drop_column('bounced_at')
    with op.batch_alter_table('calendar_day', schema=None) as batch_op:
        batch_op.drop_constraint(batch_op.f('fk_calendar_day_agency_id'), type_='foreignkey')
        batch_op.drop_constraint(batch_op.f('uq_calendar_day_agency_id_day'), type_='unique')
        batch_op.create_unique_constraint(batch_op.f('uq_calendar_day_day'), ['day'])
        batch_op.drop_column('agency_id')
    for table, columns in SET.items():
        with op.batch_alter_table(table, schema=None) as batch_op:
            for name in columns:
                batch_op.drop_column(name)
