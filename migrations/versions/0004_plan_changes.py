"""What changed in a running plan, for each body's work that it concerned.

Plans were not changed while they ran before this, so there is nothing to fill in.
"""
from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = '0004_plan_changes'
down_revision = '0003_desks'
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table('plan_change',
    sa.Column('id', sa.Integer(), nullable=False),
    sa.Column('plan_id', sa.Integer(), nullable=False),
    sa.Column('task_id', sa.Integer(), nullable=False),
    sa.Column('agency_id', sa.Integer(), nullable=False),
    sa.Column('assignment_id', sa.Integer(), nullable=False),
    sa.Column('effect', sa.String(length=30), nullable=False),
    sa.Column('before', sa.JSON(none_as_null=True), nullable=True),
    sa.Column('after', sa.JSON(none_as_null=True), nullable=True),
    sa.Column('reason', sa.Text(), nullable=False),
    sa.Column('document_number', sa.String(), nullable=True),
    sa.Column('document_on', sa.Date(), nullable=True),
    sa.Column('changed_by_id', sa.Integer(), nullable=True),
    sa.Column('changed_at', sa.DateTime(timezone=True), nullable=False),
    sa.Column('undone_at', sa.DateTime(timezone=True), nullable=True),
    sa.CheckConstraint('document_on IS NULL OR document_number IS NOT NULL',
                       name=op.f('ck_plan_change_day_of_a_document')),
    sa.ForeignKeyConstraint(['agency_id'], ['agency.id'], name=op.f('fk_plan_change_agency_id')),
    sa.ForeignKeyConstraint(['assignment_id'], ['assignment.id'], name=op.f('fk_plan_change_assignment_id')),
    sa.ForeignKeyConstraint(['changed_by_id'], ['user_account.id'], name=op.f('fk_plan_change_changed_by_id')),
    sa.ForeignKeyConstraint(['plan_id'], ['plan.id'], name=op.f('fk_plan_change_plan_id')),
    sa.ForeignKeyConstraint(['task_id'], ['task.id'], name=op.f('fk_plan_change_task_id')),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_plan_change'))
    )
    with op.batch_alter_table('plan_change', schema=None) as batch_op:
        batch_op.create_index(batch_op.f('ix_plan_change_plan_id_agency_id_id'), ['plan_id', 'agency_id', 'id'])
        batch_op.create_index(batch_op.f('ix_plan_change_task_id_id'), ['task_id', 'id'])
        batch_op.create_index(batch_op.f('ix_plan_change_assignment_id_id'), ['assignment_id', 'id'])


def downgrade() -> None:
    op.drop_table('plan_change')
