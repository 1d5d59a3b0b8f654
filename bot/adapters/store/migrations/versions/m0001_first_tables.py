"""The first tables: deliveries to ledger."""

import sqlalchemy as sa
from alembic import op

revision = "0001"
down_revision = None
branch_labels = None
depends_on = None

NUMBER = sa.BigInteger().with_variant(sa.Integer, "sqlite")
TIME = sa.DateTime(timezone=True)


def upgrade() -> None:
    _intake()
    _runs()
    _agents()
    _proofs()


def _intake() -> None:
    op.create_table(
        "deliveries",
        sa.Column("seq", NUMBER, nullable=False),
        sa.Column("delivery_id", sa.Text(), nullable=False),
        sa.Column("event", sa.Text(), nullable=False),
        sa.Column("body", sa.LargeBinary(), nullable=False),
        sa.Column("received_at", TIME, nullable=False),
        sa.Column("settled_at", TIME, nullable=True),
        sa.Column("outcome", sa.Text(), nullable=True),
        sa.PrimaryKeyConstraint("seq", name="pk_deliveries"),
        sa.UniqueConstraint("delivery_id", name="uq_deliveries_delivery_id"),
        sqlite_autoincrement=True,
    )
    op.create_index(
        "ix_deliveries_pending",
        "deliveries",
        ["seq"],
        unique=False,
        sqlite_where=sa.text("settled_at IS NULL"),
        postgresql_where=sa.text("settled_at IS NULL"),
    )
    op.create_table(
        "commands",
        sa.Column("seq", NUMBER, nullable=False),
        sa.Column("command_id", sa.Text(), nullable=False),
        sa.Column("body", sa.Text(), nullable=False),
        sa.Column("added_at", TIME, nullable=False),
        sa.Column("settled_at", TIME, nullable=True),
        sa.Column("outcome", sa.Text(), nullable=True),
        sa.PrimaryKeyConstraint("seq", name="pk_commands"),
        sa.UniqueConstraint("command_id", name="uq_commands_command_id"),
        sqlite_autoincrement=True,
    )
    op.create_index(
        "ix_commands_pending",
        "commands",
        ["seq"],
        unique=False,
        sqlite_where=sa.text("settled_at IS NULL"),
        postgresql_where=sa.text("settled_at IS NULL"),
    )
    op.create_table(
        "pr_heads",
        sa.Column("repo_id", NUMBER, autoincrement=False, nullable=False),
        sa.Column("number", NUMBER, autoincrement=False, nullable=False),
        sa.Column("seq", NUMBER, autoincrement=False, nullable=False),
        sa.Column("sha", sa.Text(), nullable=False),
        sa.Column("seen_at", TIME, nullable=False),
        sa.PrimaryKeyConstraint("repo_id", "number", "seq", name="pk_pr_heads"),
    )


def _runs() -> None:
    op.create_table(
        "runs",
        sa.Column("seq", NUMBER, nullable=False),
        sa.Column("run_id", sa.Text(), nullable=False),
        sa.Column("installation_id", NUMBER, nullable=False),
        sa.Column("repo_id", NUMBER, nullable=False),
        sa.Column("owner", sa.Text(), nullable=False),
        sa.Column("name", sa.Text(), nullable=False),
        sa.Column("number", NUMBER, nullable=False),
        sa.Column("start_head", sa.Text(), nullable=False),
        sa.Column("attempt", NUMBER, nullable=False),
        sa.Column("head_repo_id", NUMBER, nullable=False),
        sa.Column("head_ref", sa.Text(), nullable=False),
        sa.Column("base_ref", sa.Text(), nullable=False),
        sa.Column("state", sa.Text(), nullable=False),
        sa.Column("stage", sa.Text(), nullable=False),
        sa.Column("reason", sa.Text(), nullable=False),
        sa.Column("requester_id", NUMBER, nullable=False),
        sa.Column("requester_login", sa.Text(), nullable=False),
        sa.Column("requester_is_bot", sa.Boolean(), nullable=False),
        sa.Column("created_at", TIME, nullable=False),
        sa.Column("ended_at", TIME, nullable=True),
        sa.Column("candidate", sa.Text(), nullable=True),
        sa.Column("published", sa.Boolean(), nullable=False),
        sa.Column("verify_only", sa.Boolean(), nullable=False),
        sa.PrimaryKeyConstraint("seq", name="pk_runs"),
        sa.UniqueConstraint(
            "repo_id", "number", "start_head", "attempt", name="uq_runs_repo_id_number_start_head_attempt"
        ),
        sa.UniqueConstraint("run_id", name="uq_runs_run_id"),
        sqlite_autoincrement=True,
    )
    op.create_index("ix_runs_repo_id_start_head", "runs", ["repo_id", "start_head"], unique=False)
    op.create_index(
        "uq_runs_one_writer",
        "runs",
        ["head_repo_id", "head_ref"],
        unique=True,
        sqlite_where=sa.text("state IN ('queued', 'working')"),
        postgresql_where=sa.text("state IN ('queued', 'working')"),
    )
    op.create_table(
        "candidates",
        sa.Column("repo_id", NUMBER, autoincrement=False, nullable=False),
        sa.Column("sha", sa.Text(), nullable=False),
        sa.Column("run_id", sa.Text(), nullable=False),
        sa.ForeignKeyConstraint(["run_id"], ["runs.run_id"], name="fk_candidates_run_id"),
        sa.PrimaryKeyConstraint("repo_id", "sha", name="pk_candidates"),
    )
    op.create_table(
        "notes",
        sa.Column("run_id", sa.Text(), nullable=False),
        sa.Column("kind", sa.Text(), nullable=False),
        sa.Column("body", sa.Text(), nullable=False),
        sa.Column("at", TIME, nullable=False),
        sa.PrimaryKeyConstraint("run_id", "kind", name="pk_notes"),
    )
    op.create_table(
        "run_events",
        sa.Column("run_id", sa.Text(), nullable=False),
        sa.Column("number", NUMBER, autoincrement=False, nullable=False),
        sa.Column("at", TIME, nullable=False),
        sa.Column("kind", sa.Text(), nullable=False),
        sa.Column("data", sa.Text(), nullable=False),
        sa.PrimaryKeyConstraint("run_id", "number", name="pk_run_events"),
    )


def _agents() -> None:
    op.create_table(
        "agents",
        sa.Column("agent", sa.Text(), nullable=False),
        sa.Column("run_id", sa.Text(), nullable=False),
        sa.Column("outcome", sa.Text(), nullable=False),
        sa.Column("snapshot_tree", sa.Text(), nullable=True),
        sa.Column("snapshot_bundle", sa.LargeBinary(), nullable=True),
        sa.PrimaryKeyConstraint("agent", name="pk_agents"),
    )
    op.create_table(
        "agent_messages",
        sa.Column("agent", sa.Text(), nullable=False),
        sa.Column("seq", NUMBER, autoincrement=False, nullable=False),
        sa.Column("body", sa.Text(), nullable=False),
        sa.ForeignKeyConstraint(["agent"], ["agents.agent"], name="fk_agent_messages_agent"),
        sa.PrimaryKeyConstraint("agent", "seq", name="pk_agent_messages"),
    )
    op.create_table(
        "model_calls",
        sa.Column("agent", sa.Text(), nullable=False),
        sa.Column("turn", NUMBER, autoincrement=False, nullable=False),
        sa.Column("run_id", sa.Text(), nullable=False),
        sa.Column("model", sa.Text(), nullable=False),
        sa.Column("finish_reason", sa.Text(), nullable=False),
        sa.Column("prompt_tokens", NUMBER, nullable=False),
        sa.Column("cached_tokens", NUMBER, nullable=False),
        sa.Column("completion_tokens", NUMBER, nullable=False),
        sa.Column("cost_usd", sa.Double(), nullable=True),
        sa.Column("seconds", sa.Double(), nullable=False),
        sa.Column("at", TIME, nullable=False),
        sa.ForeignKeyConstraint(["agent"], ["agents.agent"], name="fk_model_calls_agent"),
        sa.PrimaryKeyConstraint("agent", "turn", name="pk_model_calls"),
    )
    op.create_index("ix_model_calls_run_id", "model_calls", ["run_id"], unique=False)


def _proofs() -> None:
    op.create_table(
        "executions",
        sa.Column("key", sa.Text(), nullable=False),
        sa.Column("body", sa.Text(), nullable=False),
        sa.Column("at", TIME, nullable=False),
        sa.PrimaryKeyConstraint("key", name="pk_executions"),
    )
    op.create_table(
        "ledger",
        sa.Column("repo_id", NUMBER, autoincrement=False, nullable=False),
        sa.Column("number", NUMBER, autoincrement=False, nullable=False),
        sa.Column("seq", NUMBER, autoincrement=False, nullable=False),
        sa.Column("key", sa.Text(), nullable=False),
        sa.Column("previous", sa.Text(), nullable=False),
        sa.Column("hash", sa.Text(), nullable=False),
        sa.Column("body", sa.Text(), nullable=False),
        sa.Column("at", TIME, nullable=False),
        sa.PrimaryKeyConstraint("repo_id", "number", "seq", name="pk_ledger"),
        sa.UniqueConstraint("repo_id", "number", "key", name="uq_ledger_repo_id_number_key"),
    )
    op.create_table(
        "posts",
        sa.Column("key", sa.Text(), nullable=False),
        sa.Column("remote_id", NUMBER, nullable=False),
        sa.PrimaryKeyConstraint("key", name="pk_posts"),
    )
    op.create_table(
        "workers",
        sa.Column("worker", sa.Text(), nullable=False),
        sa.Column("beat_at", TIME, nullable=False),
        sa.PrimaryKeyConstraint("worker", name="pk_workers"),
    )
