"""Makes .venv hold exactly what requirements/<set>.txt pins, and does nothing when it already does.

    python3 requirements/install.py run    # what serving needs
    python3 requirements/install.py dev    # that, and what tests and checks need
    python3 requirements/install.py next   # that, and the next Django in place of ours, in .venv-next

It runs on the machine's own Python with nothing installed, and keeps to syntax that an old Python
can read, so that it can say that it is too old. A .venv that holds `dev` serves `run` too.
"""

import fcntl
import hashlib
import os
import shutil
import ssl
import subprocess
import sys
from pathlib import Path

OLDEST = (3, 11)
OLDEST_FOR_NEXT = (3, 12)  # what the Django of next.in needs
ROOT = Path(__file__).resolve().parent.parent

# How packages are reached (proxies, certificates, mirrors) is configured on the machine and left alone. The variables
# here would change what is installed, or where, so they are removed.
NOT_INHERITED = (
    "PIP_CONSTRAINT",
    "PIP_NO_BINARY",
    "PIP_PREFIX",
    "PIP_REQUIRE_VIRTUALENV",
    "PIP_TARGET",
    "PIP_USER",
    "PYTHONHOME",
    "PYTHONPATH",
    "UV_CONSTRAINT",
    "UV_NO_BINARY",
    "UV_OVERRIDE",
    "UV_PYTHON",
    "UV_SYSTEM_PYTHON",
    "VIRTUAL_ENV",
)


class InstallError(Exception):
    """What went wrong and what to do about it, in one line."""


class Environment:
    """The virtual environment of one checkout.

    It contains two kinds of stamp: what it was created with (interpreter, place, uv), and for each set the digest of
    the pinned file it was last filled from. A stamp is written after the step it records and removed before that step
    is repeated, so an interrupted installation is noticed.
    """

    folder = ".venv"

    def __init__(self, root):
        self.root = root
        self.path = root / self.folder
        self.python = self.path / "bin" / "python"

    def digest(self, name, *also):
        pinned = (self.root / "requirements" / (name + ".txt")).read_bytes()
        return hashlib.sha256(pinned + repr(also).encode()).hexdigest()

    def made_with(self):
        return self.digest("bootstrap", sys.version, str(self.path))

    def stamp(self, name):
        return self.path / ("installed-" + name)

    def says(self, name):
        stamp = self.stamp(name)
        return stamp.read_text() if stamp.exists() else ""

    def is_made(self):
        return self.python.exists() and self.says("bootstrap") == self.made_with()

    def holds(self, name):
        """Whether this set is installed completely."""
        return self.is_made() and self.says(name) == self.digest(name)

    def make(self):
        """Creates a new environment with the pinned uv in it."""
        shutil.rmtree(str(self.path), ignore_errors=True)
        made = subprocess.run(
            [sys.executable, "-m", "venv", str(self.path)],
            env=environment(self.root),
            stdin=subprocess.DEVNULL,
            stdout=subprocess.PIPE,
            stderr=subprocess.STDOUT,
            check=False,
        )
        if made.returncode:
            shutil.rmtree(str(self.path), ignore_errors=True)
            raise InstallError(
                "Python's venv module does not work here; on Debian or Ubuntu, apt-get install python3-venv. "
                "It said: " + " ".join(made.stdout.decode(errors="replace").split())
            )
        pip = "-m pip install --quiet --require-hashes --only-binary :all: -r requirements/bootstrap.txt"
        self.call(self.python, pip)
        self.stamp("bootstrap").write_text(self.made_with())

    def fill(self, name):
        """Installs exactly the pinned packages of a set; once `dev` was installed it is kept, because it contains
        `run`.
        """
        if self.stamp("dev").exists():
            name = "dev"
        for each in ("run", "dev"):
            if self.stamp(each).exists():
                self.stamp(each).unlink()
        self.uv("sync", "requirements/" + name + ".txt")
        self.stamp("run").write_text(self.digest("run"))
        if name == "dev":
            self.stamp("dev").write_text(self.digest("dev"))

    def uv(self, command, pinned):
        options = " --quiet --require-hashes --only-binary :all: --python " + self.folder + "/bin/python "
        self.call(self.path / "bin" / "uv", "pip " + command + options + pinned)

    def call(self, program, arguments):
        command = [str(program), *arguments.split()]
        done = subprocess.run(
            command, cwd=str(self.root), env=environment(self.root), stdin=subprocess.DEVNULL, check=False
        )
        if done.returncode:
            raise InstallError(
                "Installing failed: {0} ended with {1}; what it printed stands above.".format(
                    program.name, done.returncode
                )
            )


class NextEnvironment(Environment):
    """The packages of dev.txt, except Django and its dependencies, which come from next.txt; `make test-next` uses it."""

    folder = ".venv-next"

    def holds(self, name):
        return self.is_made() and self.says("next") == self.digest("next", self.digest("dev"))

    def fill(self, name):
        if self.stamp("next").exists():
            self.stamp("next").unlink()
        self.uv("sync", "requirements/dev.txt")
        self.uv("install", "--no-deps --requirements requirements/next.txt")
        self.stamp("next").write_text(self.digest("next", self.digest("dev")))


def environment(root):
    """The environment variables for pip and uv."""
    variables = {key: value for key, value in os.environ.items() if key not in NOT_INHERITED}
    variables["PIP_DISABLE_PIP_VERSION_CHECK"] = "1"
    if has_certificates():
        variables.setdefault("UV_SYSTEM_CERTS", "1")  # uv's own certificates do not include a company's proxy
    if not variables.get("HOME"):
        variables["HOME"] = str(root / "var" / "home")  # both keep a cache there
    return variables


def has_certificates():
    """Whether this machine has certificates of its own."""
    paths = ssl.get_default_verify_paths()
    return bool(paths.cafile or (paths.capath and os.listdir(paths.capath)))


def install(root, name):
    """Brings .venv, or .venv-next, up to date; returns whether there was something to do."""
    venv = NextEnvironment(root) if name == "next" else Environment(root)
    (root / "var").mkdir(exist_ok=True)
    with open(str(root / "var" / "install.lock"), "w") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)  # of two processes, the second waits and finds it done
        if venv.holds(name):
            return False
        print("Installing what requirements/{0}.txt names into {1}".format(name, venv.folder), flush=True)
        if not venv.is_made():
            venv.make()
        venv.fill(name)
        return True


def refuse_older(what, oldest, target):
    if sys.version_info < oldest:
        sys.exit(
            "{0} needs Python {1}.{2} or newer, and this is {3}.{4}. "
            "If a newer one is installed, name it: make {5} PYTHON=python3.12".format(
                what, *(oldest + sys.version_info[:2] + (target,))
            )
        )


def main():
    refuse_older("Majlis", OLDEST, "run")
    if sys.argv[1:] not in (["run"], ["dev"], ["next"]):
        sys.exit("Say which set to install: run, dev or next.")
    name = sys.argv[1]
    if name == "next":
        refuse_older("The next Django", OLDEST_FOR_NEXT, "test-next")
    try:
        install(ROOT, name)
    except InstallError as refusal:
        sys.exit(str(refusal))
    except OSError as error:
        sys.exit("Installing failed: {0}".format(error))


if __name__ == "__main__":
    main()
