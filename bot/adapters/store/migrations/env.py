"""How alembic runs: always on a connection that `migrate` opened, inside its transaction."""

from alembic import context

from bot.adapters.store.tables import metadata

context.configure(connection=context.config.attributes["connection"], target_metadata=metadata, render_as_batch=True)
context.run_migrations()
