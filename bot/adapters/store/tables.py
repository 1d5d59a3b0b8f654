"""The tables. They are made by `migrations`, never from here; a test keeps both in step.

Unique keys carry the promises of the `Store` port: whatever two processes do at once, the database lets one of them through.
"""

from sqlalchemy import (
    Boolean,
    Column,
    Double,
    ForeignKey,
    Index,
    LargeBinary,
    MetaData,
    Table,
    UniqueConstraint,
    text,
)

from bot.adapters.store.columns import NUMBER, UtcTime, Words

metadata = MetaData(
    naming_convention={
        "ix": "ix_%(table_name)s_%(column_0_N_name)s",
        "uq": "uq_%(table_name)s_%(column_0_N_name)s",
        "fk": "fk_%(table_name)s_%(column_0_N_name)s",
        "pk": "pk_%(table_name)s",
    }
)

deliveries = Table(
    "deliveries",
    metadata,
    Column("seq", NUMBER, primary_key=True),
    Column("delivery_id", Words, nullable=False, unique=True),
    Column("event", Words, nullable=False),
    Column("body", LargeBinary, nullable=False),
    Column("received_at", UtcTime, nullable=False),
    Column("settled_at", UtcTime),
    Column("outcome", Words),
    sqlite_autoincrement=True,
)
Index(
    "ix_deliveries_pending",
    deliveries.c.seq,
    sqlite_where=text("settled_at IS NULL"),
    postgresql_where=text("settled_at IS NULL"),
)

commands = Table(
    "commands",
    metadata,
    Column("seq", NUMBER, primary_key=True),
    Column("command_id", Words, nullable=False, unique=True),
    Column("body", Words, nullable=False),
    Column("added_at", UtcTime, nullable=False),
    Column("settled_at", UtcTime),
    Column("outcome", Words),
    sqlite_autoincrement=True,
)
Index(
    "ix_commands_pending",
    commands.c.seq,
    sqlite_where=text("settled_at IS NULL"),
    postgresql_where=text("settled_at IS NULL"),
)

pr_heads = Table(
    "pr_heads",
    metadata,
    Column("repo_id", NUMBER, primary_key=True, autoincrement=False),
    Column("number", NUMBER, primary_key=True, autoincrement=False),
    Column("seq", NUMBER, primary_key=True, autoincrement=False),
    Column("sha", Words, nullable=False),
    Column("seen_at", UtcTime, nullable=False),
)

runs = Table(
    "runs",
    metadata,
    Column("seq", NUMBER, primary_key=True),
    Column("run_id", Words, nullable=False, unique=True),
    Column("installation_id", NUMBER, nullable=False),
    Column("repo_id", NUMBER, nullable=False),
    Column("owner", Words, nullable=False),
    Column("name", Words, nullable=False),
    Column("number", NUMBER, nullable=False),
    Column("start_head", Words, nullable=False),
    Column("attempt", NUMBER, nullable=False),
    Column("head_repo_id", NUMBER, nullable=False),
    Column("head_ref", Words, nullable=False),
    Column("base_ref", Words, nullable=False),
    Column("state", Words, nullable=False),
    Column("stage", Words, nullable=False),
    Column("reason", Words, nullable=False),
    Column("requester_id", NUMBER, nullable=False),
    Column("requester_login", Words, nullable=False),
    Column("requester_is_bot", Boolean, nullable=False),
    Column("created_at", UtcTime, nullable=False),
    Column("ended_at", UtcTime),
    Column("candidate", Words),
    Column("published", Boolean, nullable=False),
    Column("verify_only", Boolean, nullable=False),
    Column("segment", NUMBER, nullable=False, server_default=text("1")),
    Column("worked_seconds", Double, nullable=False, server_default=text("0")),
    Column("working_since", UtcTime),
    UniqueConstraint("repo_id", "number", "start_head", "attempt"),
    Index("ix_runs_repo_id_start_head", "repo_id", "start_head"),
    sqlite_autoincrement=True,
)
LIVE = "state IN ('queued', 'working')"
"""`RunState.live` in SQL."""

Index(
    "uq_runs_one_writer",
    runs.c.head_repo_id,
    runs.c.head_ref,
    unique=True,
    sqlite_where=text(LIVE),
    postgresql_where=text(LIVE),
)

candidates = Table(
    "candidates",
    metadata,
    Column("repo_id", NUMBER, primary_key=True, autoincrement=False),
    Column("sha", Words, primary_key=True),
    Column("run_id", Words, ForeignKey("runs.run_id"), nullable=False),
)

agents = Table(
    "agents",
    metadata,
    Column("agent", Words, primary_key=True),
    Column("run_id", Words, nullable=False),
    Column("outcome", Words, nullable=False),
    Column("snapshot_tree", Words),
    Column("snapshot_bundle", LargeBinary),
)

agent_messages = Table(
    "agent_messages",
    metadata,
    Column("agent", Words, ForeignKey("agents.agent"), primary_key=True),
    Column("seq", NUMBER, primary_key=True, autoincrement=False),
    Column("body", Words, nullable=False),
)

model_calls = Table(
    "model_calls",
    metadata,
    Column("agent", Words, ForeignKey("agents.agent"), primary_key=True),
    Column("turn", NUMBER, primary_key=True, autoincrement=False),
    Column("run_id", Words, nullable=False, index=True),
    Column("model", Words, nullable=False),
    Column("finish_reason", Words, nullable=False),
    Column("prompt_tokens", NUMBER, nullable=False),
    Column("cached_tokens", NUMBER, nullable=False),
    Column("completion_tokens", NUMBER, nullable=False),
    Column("cost_usd", Double),
    Column("seconds", Double, nullable=False),
    Column("at", UtcTime, nullable=False),
)

reservations = Table(
    "reservations",
    metadata,
    Column("agent", Words, primary_key=True),
    Column("turn", NUMBER, primary_key=True, autoincrement=False),
    Column("run_id", Words, nullable=False, index=True),
    Column("repo_id", NUMBER, nullable=False, index=True),
    Column("tokens", NUMBER, nullable=False),
    Column("usd", Double),
    Column("at", UtcTime, nullable=False),
)

run_specs = Table(
    "run_specs",
    metadata,
    Column("run_id", Words, primary_key=True),
    Column("spec_path", Words, primary_key=True),
)

task_results = Table(
    "task_results",
    metadata,
    Column("key", Words, primary_key=True),
    Column("repo_id", NUMBER, nullable=False),
    Column("run_id", Words, nullable=False),
    Column("task_id", Words, nullable=False),
    Column("body", Words, nullable=False),
    Column("at", UtcTime, nullable=False),
)

executions = Table(
    "executions",
    metadata,
    Column("key", Words, primary_key=True),
    Column("body", Words, nullable=False),
    Column("at", UtcTime, nullable=False),
)

notes = Table(
    "notes",
    metadata,
    Column("run_id", Words, primary_key=True),
    Column("kind", Words, primary_key=True),
    Column("body", Words, nullable=False),
    Column("at", UtcTime, nullable=False),
)

ledger = Table(
    "ledger",
    metadata,
    Column("repo_id", NUMBER, primary_key=True, autoincrement=False),
    Column("number", NUMBER, primary_key=True, autoincrement=False),
    Column("seq", NUMBER, primary_key=True, autoincrement=False),
    Column("key", Words, nullable=False),
    Column("previous", Words, nullable=False),
    Column("hash", Words, nullable=False),
    Column("body", Words, nullable=False),
    Column("at", UtcTime, nullable=False),
    UniqueConstraint("repo_id", "number", "key"),
)

posts = Table(
    "posts",
    metadata,
    Column("key", Words, primary_key=True),
    Column("remote_id", NUMBER, nullable=False),
)

run_events = Table(
    "run_events",
    metadata,
    Column("run_id", Words, primary_key=True),
    Column("number", NUMBER, primary_key=True, autoincrement=False),
    Column("at", UtcTime, nullable=False),
    Column("kind", Words, nullable=False),
    Column("data", Words, nullable=False),
)

workers = Table(
    "workers",
    metadata,
    Column("worker", Words, primary_key=True),
    Column("beat_at", UtcTime, nullable=False),
)
