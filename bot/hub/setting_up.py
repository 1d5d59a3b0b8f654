"""Filling the hub: people, repositories, protection, Apps and their installations."""

import functools
import secrets
from collections.abc import Callable, Mapping, Sequence
from dataclasses import replace

from cryptography.hazmat.primitives import serialization
from cryptography.hazmat.primitives.asymmetric import rsa

from bot.hub.actor import as_user
from bot.hub.changes import files as file_changes
from bot.hub.changes import installations, refs
from bot.hub.events import ping
from bot.hub.git.bare import Bare
from bot.hub.git.history import Signature
from bot.hub.looking import Looking
from bot.hub.state.apps import App
from bot.hub.state.people import Level, User, UserType
from bot.hub.state.repositories import Protection, Repository, RequiredCheck
from bot.hub.world import World

KEY_BITS = 2048
"""GitHub's own key size."""


class SettingUp(Looking):
    """What an administrator does before the story begins. `make_key` gives the private keys of Apps."""

    def __init__(self, world: World, make_key: Callable[[], str]) -> None:
        super().__init__(world)
        self.new_key = make_key

    def add_user(self, login: str, type: UserType = "User") -> User:
        """A person (or an organisation); the one who is there already, if so."""
        with self.store.lock:
            found = self.store.user_named(login)
            return found or self.store.users.put(User(self.store.new_account_id(), login, type, self.world.now()))

    def user_token(self, login: str) -> str:
        """A personal token of that person."""
        with self.store.lock:
            return installations.make_user_token(self.world, self.user(login)).token

    def create_repository(
        self,
        full_name: str,
        private: bool = False,
        default_branch: str = "main",
        files: Mapping[str, str | bytes] | None = None,
    ) -> Repository:
        """A repository; its owner is added if unknown. With `files` it has a first commit, else it is empty."""
        owner_name, _, name = full_name.partition("/")
        with self.store.lock:
            owner = self.add_user(owner_name)
            path = self.world.root / owner.login / f"{name}.git"
            Bare.create(path, default_branch)
            made = self.store.repositories.put(
                Repository(
                    id=self.store.new_account_id(),
                    owner_id=owner.id,
                    owner=owner.login,
                    name=name,
                    private=private,
                    default_branch=default_branch,
                    path=path,
                    created_at=self.world.now(),
                    clone_url=f"{self.world.address}/{owner.login}/{name}.git",
                )
            )
            if files is not None:
                content = {path: data.encode() if isinstance(data, str) else data for path, data in files.items()}
                author = Signature(owner.login, owner.email, self.world.now())
                file_changes.push(self.world, as_user(owner), made, (default_branch, None), content, "Start", author)
            return made

    def fork(self, full_name: str, login: str) -> Repository:
        """That person's fork, with all branches."""
        with self.store.lock:
            source = self.repository(full_name)
            made = self.create_repository(f"{login}/{source.name}", source.private, source.default_branch)
            made = self.store.repositories.put(replace(made, fork_of_id=source.id))
            self.store.bare(made).run("fetch", "--quiet", "--", str(source.path), "+refs/heads/*:refs/heads/*")
            refs.settle(self.world, as_user(self.user(login)), made)
            return made

    def set_permission(self, repo: Repository | str, login: str, level: Level) -> None:
        """Give a person (added if unknown) a role in a repository."""
        with self.store.lock:
            self.store.levels[self.repository(repo).id, self.add_user(login).id] = level

    def protect(
        self,
        repo: Repository | str,
        branch: str,
        required: Sequence[tuple[str, int | None]],
        strict: bool = False,
        enforce_admins: bool = True,
        merge_queue: bool = False,
    ) -> Protection:
        """Require checks, each pinned to an App id (None: from anybody), before a merge into a branch; with `merge_queue` only through that."""
        with self.store.lock:
            found = self.repository(repo)
            old = self.store.protection(found, branch)
            pinned = tuple(RequiredCheck(context, app_id) for context, app_id in required)
            number = old.id if old and old.branch == branch else self.store.new_id()
            return self.store.protections.put(
                Protection(number, found.id, branch, pinned, strict, enforce_admins, merge_queue=merge_queue)
            )

    def rule(
        self,
        repo: Repository | str,
        branch: str,
        *,
        signatures: bool = False,
        linear: bool = False,
        merge_methods: Sequence[str] = (),
        ruleset: bool = True,
    ) -> Protection:
        """Say how commits come to a branch, beside what protects it already. `ruleset` False: the older way, which Apps may not read."""
        with self.store.lock:
            found = self.repository(repo)
            old = self.store.protection(found, branch)
            if old is None or old.branch != branch:
                old = Protection(self.store.new_id(), found.id, branch, ())
            methods = tuple(merge_methods)
            return self.store.protections.put(
                replace(old, signatures=signatures, linear=linear, merge_methods=methods, ruleset=ruleset)
            )

    def register_app(
        self,
        slug: str,
        name: str,
        permissions: Mapping[str, str],
        events: Sequence[str],
        webhook_url: str | None = None,
        secret: str | None = None,
        owner: str = "hub-admin",
    ) -> App:
        """Register an App. Its key is made here; a secret too, unless given."""
        private = self.new_key()
        with self.store.lock:
            bot = self.add_user(f"{slug}[bot]", "Bot")
            made = App(
                id=self.store.new_account_id(),
                client_id=f"Iv23li{secrets.token_hex(7)}",
                client_secret=secrets.token_hex(20),
                slug=slug,
                name=name,
                owner_id=self.add_user(owner).id,
                permissions={"metadata": "read", **permissions},
                events=tuple(events),
                bot_user=bot,
                private_key_pem=private,
                public_key_pem=public_part(private),
                hook_id=self.store.new_account_id(),
                webhook_secret=secret if secret is not None else secrets.token_hex(20),
                webhook_url=None,
                created_at=self.world.now(),
            )
            self.store.apps.put(made)
        return self.set_webhook(made, webhook_url) if webhook_url else made

    def set_webhook(self, app: App, url: str | None) -> App:
        """Set where the App's webhooks go; a ping follows. None: nowhere."""
        with self.store.lock:
            changed = self.store.apps.put(replace(self.store.apps[app.id], webhook_url=url))
            if url is not None:
                ping.announce(self.world, changed)
            return changed

    def set_callbacks(self, app: App, urls: Sequence[str]) -> App:
        """Set where people may be sent back after they logged in through the App."""
        with self.store.lock:
            return self.store.apps.put(replace(self.store.apps[app.id], callback_urls=tuple(urls)))

    def install(self, app: App, account: str, repositories: Sequence[Repository | str] | None = None) -> int:
        """Install an App on repositories of an account (None: all); the installation's id."""
        with self.store.lock:
            owner = self.add_user(account)
            repos = None if repositories is None else [self.repository(repo) for repo in repositories]
            return installations.install(self.world, as_user(owner), self.store.apps[app.id], owner, repos).id

    def suspend(self, installation_id: int, suspended: bool = True) -> None:
        """Suspend an installation, or take it back up."""
        with self.store.lock:
            one = self.store.installations[installation_id]
            actor = as_user(self.store.users[one.account_id])
            installations.suspend(self.world, actor, one, suspended)

    def uninstall(self, installation_id: int) -> None:
        """Delete an installation; its tokens end."""
        with self.store.lock:
            one = self.store.installations[installation_id]
            installations.delete(self.world, as_user(self.store.users[one.account_id]), one)

    def select_repositories(self, installation_id: int, repositories: Sequence[Repository | str]) -> None:
        """Set which repositories an installation covers."""
        with self.store.lock:
            one = self.store.installations[installation_id]
            actor = as_user(self.store.users[one.account_id])
            installations.select(self.world, actor, one, [self.repository(repo) for repo in repositories])

    def installation_token(
        self,
        installation_id: int,
        repositories: Sequence[Repository | str] | None = None,
        permissions: Mapping[str, str] | None = None,
    ) -> str:
        """A token as the App would mint it."""
        with self.store.lock:
            one = self.store.installations[installation_id]
            ids = None if repositories is None else frozenset(self.repository(repo).id for repo in repositories)
            return installations.make_token(self.world, one, ids, permissions).token


def new_key() -> str:
    """A fresh private key, PEM. Takes about 70 ms, at times several times that."""
    private = rsa.generate_private_key(public_exponent=65537, key_size=KEY_BITS).private_bytes(
        serialization.Encoding.PEM, serialization.PrivateFormat.TraditionalOpenSSL, serialization.NoEncryption()
    )
    return private.decode()


@functools.cache
def public_part(private_key_pem: str) -> str:
    """The public part of a private key, PEM."""
    key = serialization.load_pem_private_key(private_key_pem.encode(), password=None)
    public = key.public_key().public_bytes(serialization.Encoding.PEM, serialization.PublicFormat.SubjectPublicKeyInfo)
    return public.decode()
