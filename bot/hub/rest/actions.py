"""Jobs of GitHub Actions, as far as their logs go: a job's number is that of its check run."""

from bot.hub.refusal import Refused, not_found
from bot.hub.rest.call import Answer, Call, Route
from bot.hub.storage import address_of


def job_log(call: Call) -> Answer:
    """A log is not handed out here: the answer leads to the storage, for a minute."""
    repo = call.repository("actions")
    run = call.world.store.runs.get(call.number("job_id"))
    if run is None or run.repository_id != repo.id:
        raise not_found()
    if run.id not in call.world.store.job_logs:
        raise Refused(404, "Not Found")
    return Answer(302, headers={"Location": address_of(call.world, run.id)}, text="")


ROUTES = (Route("GET", "/repos/<owner>/<repo>/actions/jobs/<job_id>/logs", job_log),)
