"""What git's last words mean, in our errors. Git is run with LC_ALL=C, so that its words are the ones known here."""

import re

from bot.errors import Defect, GitHubLimited, NotThere, Refused, SpecbotError, Transient, Unsafe

MAX_WORDS = 1500
"""How much of git's or the server's words an error carries: enough for GitHub's longest refusal, short enough for a comment."""

_INVISIBLE = re.compile(
    r"\x1b(?:\[[0-?]*[ -/]*[@-~]|\][^\x07\x1b]*(?:\x07|\x1b\\)|.)?"
    r"|[\x00-\x08\x0b-\x1f\x7f-\x9f\u200b-\u200f\u202a-\u202e\u2066-\u2069\ufeff]"
)
_UNKNOWN = re.compile(
    r"(?i)bad object|not a valid object|not a tree object|not a valid 'commit'|unable to read tree|could not get object info"
    r"|invalid object|unknown revision|needed a single revision|cannot be resolved|not a valid commit name|unable to find [0-9a-f]{40}"
    r"|unresolved delta|missing (?:blob|tree|commit)|failed to unpack tree object|does not exist|nonexistent"
    r"|did not receive expected object|object of unexpected type|object [0-9a-f]{40} not found|bad tree object"
)
_HOSTILE = re.compile(
    r"(?i)fsck error|invalid path|error in object|contains '?\.git|malformed|empty filename in tree|too-short tree|is not a valid pack|pack signature"
)
_DISK_FULL = re.compile(r"(?i)no space left|disk quota exceeded")
_STALE_LOCK = re.compile(r"(?i)unable to create '[^']*\.lock': file exists")
_NOT_OFFERED = re.compile(r"(?i)not our ref|couldn't find remote ref|unadvertised object|no such remote ref")
_HTTP_STATUS = re.compile(r"(?i)(?:http|returned error:?|error:) ?(?P<status>[45]\d\d)\b")
_LOGIN = re.compile(
    r"(?i)authentication failed|could not read (?:username|password)|invalid credentials|invalid username or"
)
_GONE = re.compile(r"(?i)repository .*not found|does not appear to be a git repository|no such file or directory")
_OTHER_FORMAT = re.compile(r"(?i)mismatched algorithms|unknown object format")
_TOO_MANY_REQUESTS = 429
_REFUSED_IN_MID_TALK = re.compile(r"(?i)rpc failed; http 403")
"""Rights are checked when git asks for the refs, at the beginning; a 403 after that is a secondary limit (github.com's come as
403 or 429)."""


def plain(words: str) -> str:
    """Words of git or of the server without escape sequences and invisible characters, cut to `MAX_WORDS`."""
    return _INVISIBLE.sub("", words).strip()[:MAX_WORDS]


def local_fault(verb: str, words: str) -> SpecbotError:
    """Why a git command on our own disk failed."""
    said = plain(words)
    if _DISK_FULL.search(said):
        return Transient(f"git {verb}: the disk is full", hint="free some space below the state directory")
    if _HOSTILE.search(said):
        return Unsafe(f"git {verb} refused hostile objects: {said}", hint="mend or remove those objects")
    if _UNKNOWN.search(said):
        return NotThere(f"git {verb}: {said}", hint="fetch the commit first")
    if _STALE_LOCK.search(said):
        return Transient(f"git {verb}: {said}", hint="another process writes; try again")
    return Defect(f"git {verb} failed: {said}", hint="report it with these words")


def remote_fault(verb: str, words: str) -> SpecbotError:
    """Why a git command that talks to a remote failed. What is not understood counts as trouble on the way."""
    said = plain(words)
    found = _HTTP_STATUS.search(said)
    status = int(found["status"]) if found else 0
    fault: SpecbotError = Transient(f"git {verb}: {said}", hint="the network or the server is unwell; try again")
    if is_not_offered(said):
        fault = NotThere(f"the remote does not have it: {said}", hint="it may have been deleted or force-pushed away")
    elif _HOSTILE.search(said) or _DISK_FULL.search(said) or _STALE_LOCK.search(said):
        fault = local_fault(verb, words)
    elif _OTHER_FORMAT.search(said):
        fault = Refused("the repository's object format is not SHA-1", hint="Specbot cannot work on it yet")
    elif status == _TOO_MANY_REQUESTS or _REFUSED_IN_MID_TALK.search(said):
        fault = GitHubLimited(f"git {verb}: {said}", hint="wait a little")
    elif _LOGIN.search(said) or status in (401, 403):
        fault = Refused(f"the remote refused our token: {said}", hint="check the App's installation and permissions")
    elif _GONE.search(said) or status in (404, 410):
        fault = NotThere(f"the remote repository is not there: {said}", hint="was it deleted or closed to the App?")
    return fault


def is_not_offered(words: str) -> bool:
    """Whether the remote said that it has no such commit or ref."""
    return bool(_NOT_OFFERED.search(words))


def is_stale_lock(words: str) -> bool:
    """Whether git stopped at a lock file that somebody left behind or holds."""
    return bool(_STALE_LOCK.search(words))
