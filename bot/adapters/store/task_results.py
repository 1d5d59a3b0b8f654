"""Finished tasks by what they were asked and given, so that a later run may take them over."""

from sqlalchemy import delete, insert, select

from bot.adapters.store.part import Part
from bot.adapters.store.tables import task_results
from bot.core.runs import Run
from bot.ids import Digest, RunId, TaskId


class TaskResults(Part):
    def keep_task_result(self, key: Digest, run: Run, task: TaskId, body: str) -> None:
        """The newest work for a key counts."""
        with self._database.writing() as connection:
            connection.execute(delete(task_results).where(task_results.c.key == key))
            values = {"key": key, "repo_id": run.repo.repo_id, "run_id": run.run_id, "task_id": task, "body": body}
            connection.execute(insert(task_results).values(at=self._clock.now(), **values))

    def task_result(self, key: Digest) -> str | None:
        with self._database.reading() as connection:
            found: str | None = connection.execute(
                select(task_results.c.body).where(task_results.c.key == key)
            ).scalar()
        return found

    def forget_task_result(self, run: RunId, task: TaskId) -> None:
        with self._database.writing() as connection:
            here = (task_results.c.run_id == run) & (task_results.c.task_id == task)
            connection.execute(delete(task_results).where(here))
