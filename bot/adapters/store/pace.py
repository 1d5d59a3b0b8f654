"""How many writes each installation has had lately, counted where all worker processes meet: also those of one that was killed."""

from sqlalchemy import delete, insert, select, update

from bot.adapters.store.part import Part
from bot.adapters.store.tables import posts
from bot.core.pace import WINDOW_SLOTS, Importance, seconds_until_room, slot_of
from bot.ids import InstallationId


class Pace(Part):
    def take_room(self, installation: InstallationId, importance: Importance, ahead: int) -> float:
        """Count one more write and answer 0.0, or answer the seconds until there is room for it. One decision at a time, whoever asks."""
        with self._database.writing() as connection:
            now = self._shared_now(connection).timestamp()
            slot = slot_of(now)
            keys = {_key(installation, one): one for one in range(slot - WINDOW_SLOTS, slot + 1)}
            mine = posts.c.key == _key(installation, slot)
            found = connection.execute(select(posts.c.key, posts.c.remote_id).where(posts.c.key.in_(keys)))
            counts = {keys[row.key]: int(row.remote_id) for row in found}
            seconds = seconds_until_room(counts, now, importance, ahead)
            if seconds > 0.0:
                return seconds
            if slot in counts:
                connection.execute(update(posts).where(mine).values(remote_id=posts.c.remote_id + 1))
            else:
                old = posts.c.key.like(f"{_key(installation, 0)[:-1]}%") & posts.c.key.not_in(keys)
                connection.execute(delete(posts).where(old))
                connection.execute(insert(posts).values(key=_key(installation, slot), remote_id=1))
            return 0.0


def _key(installation: InstallationId, slot: int) -> str:
    return f"pace/{installation}/{slot}"
