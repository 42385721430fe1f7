"""A real Valkey, or Redis where there is none, on the loopback of this machine."""

import contextlib
import shutil
import signal
import socket
import subprocess
import time
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

import redis

from tests.support.patience import PATIENCE

__all__ = ["Valkey", "running_valkey"]


@dataclass
class Valkey:
    port: int
    program: str
    arguments: tuple[str, ...]
    process: subprocess.Popen[bytes] | None = None

    @property
    def url(self) -> str:
        return f"redis://127.0.0.1:{self.port}/0"

    @property
    def client(self) -> Any:  # its types say that anything may be awaited
        return redis.Redis(port=self.port)

    def start(self) -> None:
        told = ["--bind", "127.0.0.1", "--port", str(self.port), "--save", "", "--appendonly", "no", *self.arguments]
        self.process = subprocess.Popen([self.program, *told], stdout=subprocess.DEVNULL, cwd="/")
        deadline = time.monotonic() + PATIENCE
        while True:
            try:
                with self.client as client:
                    client.ping()
                return
            except redis.RedisError:
                if time.monotonic() > deadline:
                    raise
                time.sleep(0.02)

    def stop(self) -> None:
        if self.process is not None:
            self.process.send_signal(signal.SIGCONT)
            self.process.kill()
            self.process.wait()

    def pause(self) -> None:
        """It takes connections, and says nothing."""
        assert self.process is not None
        self.process.send_signal(signal.SIGSTOP)


def free_port() -> int:
    with socket.socket() as found:
        found.bind(("127.0.0.1", 0))
        return int(found.getsockname()[1])


@contextlib.contextmanager
def running_valkey(*arguments: str) -> Iterator[Valkey]:
    """`arguments` are those of its configuration, such as --maxmemory."""
    program = shutil.which("valkey-server") or shutil.which("redis-server")
    if program is None:
        raise RuntimeError("There is no valkey-server and no redis-server; on Debian: apt-get install redis-server")
    server = Valkey(free_port(), program, arguments)
    try:
        server.start()
        yield server
    finally:
        server.stop()
