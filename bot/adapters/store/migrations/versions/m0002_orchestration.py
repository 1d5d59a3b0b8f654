"""Segments of runs, reservations of budgets, the specs of a run, and finished tasks that a later run may take over."""

import sqlalchemy as sa
from alembic import op

revision = "0002"
down_revision = "0001"
branch_labels = None
depends_on = None

NUMBER = sa.BigInteger().with_variant(sa.Integer, "sqlite")
TIME = sa.DateTime(timezone=True)


def upgrade() -> None:
    op.add_column("runs", sa.Column("segment", NUMBER, nullable=False, server_default=sa.text("1")))
    op.add_column("runs", sa.Column("worked_seconds", sa.Double(), nullable=False, server_default=sa.text("0")))
    op.add_column("runs", sa.Column("working_since", TIME, nullable=True))
    op.create_table(
        "reservations",
        sa.Column("agent", sa.Text(), nullable=False),
        sa.Column("turn", NUMBER, autoincrement=False, nullable=False),
        sa.Column("run_id", sa.Text(), nullable=False),
        sa.Column("repo_id", NUMBER, nullable=False),
        sa.Column("tokens", NUMBER, nullable=False),
        sa.Column("usd", sa.Double(), nullable=True),
        sa.Column("at", TIME, nullable=False),
        sa.PrimaryKeyConstraint("agent", "turn", name="pk_reservations"),
    )
    op.create_index("ix_reservations_run_id", "reservations", ["run_id"], unique=False)
    op.create_index("ix_reservations_repo_id", "reservations", ["repo_id"], unique=False)
    op.create_table(
        "run_specs",
        sa.Column("run_id", sa.Text(), nullable=False),
        sa.Column("spec_path", sa.Text(), nullable=False),
        sa.PrimaryKeyConstraint("run_id", "spec_path", name="pk_run_specs"),
    )
    op.create_table(
        "task_results",
        sa.Column("key", sa.Text(), nullable=False),
        sa.Column("repo_id", NUMBER, nullable=False),
        sa.Column("run_id", sa.Text(), nullable=False),
        sa.Column("task_id", sa.Text(), nullable=False),
        sa.Column("body", sa.Text(), nullable=False),
        sa.Column("at", TIME, nullable=False),
        sa.PrimaryKeyConstraint("key", name="pk_task_results"),
    )
