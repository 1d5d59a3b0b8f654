"""alembic's folder: the history of the tables. Revisions are frozen once released; they import nothing of ours."""
