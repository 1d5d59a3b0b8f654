"""A run's own notes, and the ids that GitHub gave to what we wrote."""

from sqlalchemy import insert, select, update

from bot.adapters.store.part import Part
from bot.adapters.store.tables import notes, posts
from bot.ids import RunId


class Notes(Part):
    def keep_note(self, run: RunId, kind: str, body: str) -> None:
        """One a kind, replaced when written again."""
        here = (notes.c.run_id == run) & (notes.c.kind == kind)
        values = {"body": body, "at": self._clock.now()}
        with self._database.writing() as connection:
            if connection.execute(update(notes).where(here).values(values)).rowcount == 0:
                connection.execute(insert(notes).values(run_id=run, kind=kind, **values))

    def note(self, run: RunId, kind: str) -> str | None:
        here = (notes.c.run_id == run) & (notes.c.kind == kind)
        with self._database.reading() as connection:
            body: str | None = connection.execute(select(notes.c.body).where(here)).scalar()
        return body

    def note_kinds(self, run: RunId, beginning: str) -> tuple[str, ...]:
        here = (notes.c.run_id == run) & notes.c.kind.startswith(beginning, autoescape=True)
        with self._database.reading() as connection:
            return tuple(sorted(connection.execute(select(notes.c.kind).where(here)).scalars()))


class Posts(Part):
    def keep_post(self, key: str, remote_id: int) -> None:
        """The id GitHub gave to something we wrote, by our own key; replaced when written again."""
        with self._database.writing() as connection:
            if connection.execute(update(posts).where(posts.c.key == key).values(remote_id=remote_id)).rowcount == 0:
                connection.execute(insert(posts).values(key=key, remote_id=remote_id))

    def post(self, key: str) -> int | None:
        with self._database.reading() as connection:
            found: int | None = connection.execute(select(posts.c.remote_id).where(posts.c.key == key)).scalar()
        return found
