"""One request to GitHub through PyGithub, and nothing more: no retry, no pacing, no redirect, no other host.

PyGithub's own connection object keeps the request it is about to send in itself, so two threads on one client can send each
other's request with each other's token (2.10, `Requester.__requestRaw`). It also repeats any method after a 301 and drops
the query then. Therefore every request here has a connection object of its own, over one shared pool of sockets.
"""

import json
from collections.abc import Mapping
from typing import Any
from urllib.parse import urlsplit

import requests
from github import Github
from github.Requester import HTTPSRequestsConnectionClass, Requester, RequestsResponse

from bot.adapters.github.answers import Reply

USER_AGENT = "specbot"

API_VERSION = "2022-11-28"
"""The dated version of GitHub's REST API that the adapter was written against."""

TIMEOUT_SECONDS = 15
"""For connecting and for each wait for bytes. GitHub ends its own requests after 10 seconds (docs, REST best practices)."""

POOL_SIZE = 32
"""Sockets kept open; below GitHub's limit of 100 requests at once."""

LOOPBACK = ("127.0.0.1", "localhost", "::1")


SENT_TO = "sent-to"
"""The header of a `Reply` that holds where a 302 leads. Not `location`, for PyGithub and requests would go there by themselves."""

GRAPHQL = "graphql"
"""In place of a path: the server's GraphQL address, which lies beside REST's (`/api/graphql` on an Enterprise Server)."""


class Broken(Exception):
    """No answer came: refused, reset, timed out. Whether a write was applied is unknown."""


class Transport:
    """Requests to one API address. Safe from any number of threads."""

    def __init__(self, api_url: str) -> None:
        self._host = api_url.rstrip("/")
        self._session = requests.Session()
        # Without this, requests looks for credentials in ~/.netrc and puts them in place of ours.
        self._session.auth = Requester.noopAuth
        self._session.trust_env = urlsplit(api_url).hostname not in LOOPBACK
        adapter = requests.adapters.HTTPAdapter(pool_connections=2, pool_maxsize=POOL_SIZE, max_retries=0)
        self._session.mount("https://", adapter)
        self._session.mount("http://", adapter)
        self._github = Github(
            base_url=self._host,
            timeout=TIMEOUT_SECONDS,
            user_agent=USER_AGENT,
            retry=None,
            seconds_between_requests=None,
            seconds_between_writes=None,
            api_version=API_VERSION,
        )

    def send(
        self,
        verb: str,
        path: str,
        *,
        authorization: str | None,
        parameters: Mapping[str, str] | None = None,
        body: Any = None,
    ) -> Reply:
        """The answer to one request. `path` begins with a slash and is quoted already, or is `GRAPHQL`. Raises `Broken`."""
        address = self._github.requester.graphql_url if path == GRAPHQL else path
        headers = {"Accept": "application/vnd.github+json"}
        if authorization is not None:
            headers["Authorization"] = authorization
        try:
            status, answered, text = self._github.requester.requestJson(
                verb, address, dict(parameters or {}), headers, body, cnx=_Call(self._session, self._host)
            )
        except requests.RequestException as error:
            # The exception's text may carry the address, never the headers; still, only its kind is needed.
            raise Broken(type(error).__name__) from None
        return Reply(status, answered, _parsed(text), text)

    def close(self) -> None:
        self._session.close()
        self._github.close()


class _Call(HTTPSRequestsConnectionClass):
    """One request on the shared session. Only the host that was configured is ever asked."""

    def __init__(self, session: requests.Session, api_url: str) -> None:
        parts = urlsplit(api_url)
        self.session = session
        self._origin = f"{parts.scheme}://{parts.netloc}"

    def getresponse(self) -> RequestsResponse:
        answer = self.session.request(
            self.verb,
            self._origin + self.url,
            headers=self.headers,
            data=self.input,
            timeout=TIMEOUT_SECONDS,
            allow_redirects=False,
        )
        answer.headers.pop(SENT_TO, None)
        leads_to = answer.headers.pop("location", None)
        if answer.status_code == requests.codes.found and leads_to:
            answer.headers[SENT_TO] = leads_to
        return RequestsResponse(answer)


def _parsed(text: str) -> Any:
    try:
        return json.loads(text)
    except (ValueError, RecursionError):
        return None
