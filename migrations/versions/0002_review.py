"""The review: what reading left out, unchecked texts, versions of a plan, steps that can be undone, who is looking."""
from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = '0002_review'
down_revision = '0001_first_tables'
branch_labels = None
depends_on = None


def upgrade() -> None:
    with op.batch_alter_table('plan', schema=None) as batch_op:
        batch_op.add_column(sa.Column('reading', sa.JSON(none_as_null=True), nullable=True))
        batch_op.add_column(sa.Column('text_unchecked', sa.Boolean(), nullable=False, server_default=sa.false()))
        batch_op.add_column(sa.Column('text_checked_at', sa.DateTime(timezone=True), nullable=True))
        batch_op.add_column(sa.Column('text_checked_by_id', sa.Integer(), nullable=True))
        batch_op.add_column(sa.Column('replaces_id', sa.Integer(), nullable=True))
        batch_op.create_foreign_key(batch_op.f('fk_plan_text_checked_by_id'), 'user_account', ['text_checked_by_id'], ['id'])
        batch_op.create_foreign_key(batch_op.f('fk_plan_replaces_id'), 'plan', ['replaces_id'], ['id'])
        batch_op.create_index(batch_op.f('ix_plan_replaces_id'), ['replaces_id'], unique=False)
    _move_notes()
    with op.batch_alter_table('plan', schema=None) as batch_op:
        batch_op.alter_column('reading', existing_type=sa.JSON(none_as_null=True), nullable=False)
        batch_op.alter_column('text_unchecked', existing_type=sa.Boolean(), existing_nullable=False, server_default=None)

    with op.batch_alter_table('task', schema=None) as batch_op:
        batch_op.add_column(sa.Column('found', sa.JSON(none_as_null=True), nullable=True))
        batch_op.add_column(sa.Column('taken_back_at', sa.DateTime(timezone=True), nullable=True))

    op.create_table('review_step',
    sa.Column('id', sa.Integer(), nullable=False),
    sa.Column('plan_id', sa.Integer(), nullable=False),
    sa.Column('user_id', sa.Integer(), nullable=True),
    sa.Column('kind', sa.Enum('edit', 'check', 'uncheck', 'split', 'merge', 'drop', 'put_back', 'add', 'facts', 'link', name='stepkind', native_enum=False, length=30), nullable=False),
    sa.Column('at', sa.DateTime(timezone=True), nullable=False),
    sa.Column('changes', sa.JSON(none_as_null=True), nullable=False),
    sa.Column('undone_at', sa.DateTime(timezone=True), nullable=True),
    sa.ForeignKeyConstraint(['plan_id'], ['plan.id'], name=op.f('fk_review_step_plan_id')),
    sa.ForeignKeyConstraint(['user_id'], ['user_account.id'], name=op.f('fk_review_step_user_id')),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_review_step'))
    )
    with op.batch_alter_table('review_step', schema=None) as batch_op:
        batch_op.create_index(batch_op.f('ix_review_step_plan_id_id'), ['plan_id', 'id'], unique=False)
        batch_op.create_index(batch_op.f('ix_review_step_plan_id_user_id_id'), ['plan_id', 'user_id', 'id'], unique=False)

    op.create_table('review_presence',
    sa.Column('plan_id', sa.Integer(), nullable=False),
    sa.Column('user_id', sa.Integer(), nullable=False),
    sa.Column('task_id', sa.Integer(), nullable=True),
    sa.Column('seen_at', sa.DateTime(timezone=True), nullable=False),
    sa.ForeignKeyConstraint(['plan_id'], ['plan.id'], name=op.f('fk_review_presence_plan_id')),
    sa.ForeignKeyConstraint(['task_id'], ['task.id'], name=op.f('fk_review_presence_task_id')),
    sa.ForeignKeyConstraint(['user_id'], ['user_account.id'], name=op.f('fk_review_presence_user_id')),
    sa.PrimaryKeyConstraint('plan_id', 'user_id', name=op.f('pk_review_presence'))
    )


def _move_notes() -> None:
    """Move what reading noted out of the extract, where the first plans kept it."""
    plan = sa.table('plan', sa.column('id', sa.Integer), sa.column('extract', sa.JSON(none_as_null=True)),
                    sa.column('reading', sa.JSON(none_as_null=True)))
    connection = op.get_bind()
    for plan_id, extract in connection.execute(sa.select(plan.c.id, plan.c.extract)).all():
        kept = dict(extract or {})
        notes = kept.pop('notes', [])
        connection.execute(plan.update().where(plan.c.id == plan_id).values(
            extract=kept, reading={'notes': notes, 'removed': []}))


def _move_notes_back() -> None:
    plan = sa.table('plan', sa.column('id', sa.Integer), sa.column('extract', sa.JSON(none_as_null=True)),
                    sa.column('reading', sa.JSON(none_as_null=True)))
    connection = op.get_bind()
    for plan_id, extract, reading in connection.execute(sa.select(plan.c.id, plan.c.extract, plan.c.reading)).all():
        connection.execute(plan.update().where(plan.c.id == plan_id).values(
            extract={**(extract or {}), 'notes': (reading or {}).get('notes', [])}))


def downgrade() -> None:
    op.drop_table('review_presence')
    with op.batch_alter_table('review_step', schema=None) as batch_op:
        batch_op.drop_index(batch_op.f('ix_review_step_plan_id_user_id_id'))
        batch_op.drop_index(batch_op.f('ix_review_step_plan_id_id'))

    op.drop_table('review_step')
    with op.batch_alter_table('task', schema=None) as batch_op:
        batch_op.drop_column('taken_back_at')
        batch_op.drop_column('found')

    _move_notes_back()
    with op.batch_alter_table('plan', schema=None) as batch_op:
        batch_op.drop_index(batch_op.f('ix_plan_replaces_id'))
        batch_op.drop_constraint(batch_op.f('fk_plan_replaces_id'), type_='foreignkey')
        batch_op.drop_constraint(batch_op.f('fk_plan_text_checked_by_id'), type_='foreignkey')
        batch_op.drop_column('replaces_id')
        batch_op.drop_column('text_checked_by_id')
        batch_op.drop_column('text_checked_at')
        batch_op.drop_column('text_unchecked')
        batch_op.drop_column('reading')
