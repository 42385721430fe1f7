"""Installs the Debian packages named on the command line, if that is possible and needed.

    .venv/bin/python requirements/install_debian.py chromium fonts-noto-core

If it is not possible it says what to install and still succeeds: whatever needs a package reports that itself.
"""

import os
import shutil
import subprocess
import sys

PROGRAMS = {"chromium": "chromium", "gettext": "xgettext", "redis-server": "redis-server"}


def is_installed(package: str) -> bool:
    if package in PROGRAMS and shutil.which(PROGRAMS[package]):
        return True
    if not shutil.which("dpkg-query"):
        return package not in PROGRAMS  # on another system only programs can be looked for
    asked = subprocess.run(
        ["dpkg-query", "--show", "--showformat=${db:Status-Status}", package],
        capture_output=True,
        text=True,
        check=False,
    )
    return asked.stdout == "installed"


def main() -> None:
    missing = [package for package in sys.argv[1:] if not is_installed(package)]
    if not missing:
        return
    if os.geteuid() == 0 and shutil.which("apt-get"):
        print("Installing with apt-get:", *missing, flush=True)
        apt = ["apt-get", "-qq", "-o", "DPkg::Lock::Timeout=300"]
        options = {
            "env": {**os.environ, "DEBIAN_FRONTEND": "noninteractive"},
            "stdin": subprocess.DEVNULL,
            "stdout": subprocess.DEVNULL,
        }
        subprocess.run([*apt, "update"], check=False, **options)
        subprocess.run([*apt, "install", "--no-install-recommends", "--yes", *missing], check=False, **options)
        missing = [package for package in missing if not is_installed(package)]
    if missing:
        what = " ".join(missing)
        print(f"Some of what follows needs {what}; on Debian, as root: apt-get install {what}", flush=True)


if __name__ == "__main__":
    main()
