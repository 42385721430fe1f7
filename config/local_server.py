"""The server of `make run`: gunicorn in this process, and a supervisor for the other processes.

The site runs in processes with threads. A connection gets a thread only when the head of a request has arrived, because
browsers open connections that they leave idle, and some clients send slowly. The background worker and the embedded
PostgreSQL are restarted when they end, and a line of output says so.
"""

import os
import selectors
import signal
import socket
import subprocess
import sys
import time
from collections import deque
from collections.abc import Callable
from functools import partial
from typing import Any

from django.conf import settings
from django.core.wsgi import get_wsgi_application
from gunicorn.app.base import BaseApplication
from gunicorn.arbiter import Arbiter
from gunicorn.workers.gthread import TConn, ThreadWorker

from config import postgres

PROCESSES = 2
THREADS = 8
"""Threads of each process; each has a connection to the database."""

IDLE = 30.0
"""Seconds for which a connection may stay open before any data arrives."""

LOOK_AGAIN = 0.1
"""Seconds between two looks at a connection on which the head of a request comes slowly."""

MAX_HEAD = 64 * 1024
"""Bytes of which a thread is told even if the head has not ended: it refuses them."""

TO_FINISH = 1
"""Seconds for requests that are being answered when the server is told to stop."""

MAX_PAUSE = 60.0
"""The longest pause, in seconds, before an ended process is restarted; the first is one second, and each doubles."""


class PatientWorker(ThreadWorker):
    """Gives a connection to a thread when the head of a request has come, however slowly its client sends it."""

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.slow: deque[tuple[float, TConn]] = deque()
        """Connections with the beginning of a head, and when each is looked at again."""

    def enqueue_req(self, conn: TConn) -> None:
        if conn.data_ready:
            super().enqueue_req(conn)
            return
        conn.sock.setblocking(False)
        conn.timeout = time.monotonic() + IDLE
        self.pending_conns.append(conn)
        self.look_for_data(conn)

    def look_for_data(self, conn: TConn) -> None:
        self.poller.register(conn.sock, selectors.EVENT_READ, partial(self.on_pending_socket_readable, conn))

    def on_pending_socket_readable(self, conn: TConn, client: socket.socket) -> None:
        if has_head(client):
            client.setblocking(True)
            super().on_pending_socket_readable(conn, client)
        else:
            self.poller.unregister(client)  # or it would be told of the same bytes again and again
            self.slow.append((time.monotonic() + LOOK_AGAIN, conn))

    def on_client_socket_readable(self, conn: TConn, client: socket.socket) -> None:
        conn.data_ready = False  # that was the request before
        super().on_client_socket_readable(conn, client)

    def wait_for_and_dispatch_events(self, timeout: float) -> None:
        super().wait_for_and_dispatch_events(min(timeout, LOOK_AGAIN) if self.slow else timeout)
        while self.slow and self.slow[0][0] <= time.monotonic():
            _due, conn = self.slow.popleft()
            if conn in self.pending_conns:
                self.look_for_data(conn)

    def handle_exit(self, sig: int, frame: Any) -> None:
        if self.alive:
            self.alive: bool = False
            self.method_queue.defer(self.drop_idle)

    def drop_idle(self) -> None:
        for waiting in (self.pending_conns, self.keepalived_conns):
            for conn in waiting:
                conn.timeout = 0
        self.murder_pending()
        self.murder_keepalived()

    def handle_quit(self, sig: int, frame: Any) -> None:
        os._exit(0)  # at once: a thread that reads from a slow client cannot be interrupted

    def run(self) -> None:
        super().run()
        os._exit(0)  # for the same reason


def has_head(client: socket.socket) -> bool:
    """Whether the head of a request, or its client's end, has come; it is left to be read."""
    try:
        come = client.recv(MAX_HEAD, socket.MSG_PEEK)
    except OSError:
        return True  # whoever reads it finds out
    return not come or b"\r\n\r\n" in come or len(come) == MAX_HEAD


class Again:
    """When to restart an ended process: later each time, until it has run for a while."""

    def __init__(self) -> None:
        self.pause = 1.0
        self.started_at = time.monotonic()
        self.at: float | None = None

    def has_ended(self) -> float:
        """Must be called at each end; the seconds until the restart."""
        now = time.monotonic()
        if now - self.started_at > MAX_PAUSE:
            self.pause = 1.0
        self.at, pause = now + self.pause, self.pause
        self.pause = min(2 * pause, MAX_PAUSE)
        return pause

    def is_due(self) -> bool:
        return self.at is not None and time.monotonic() >= self.at

    def has_started(self) -> None:
        self.started_at, self.at = time.monotonic(), None


class Background:
    """The background worker, in a process of its own that Ctrl-C in the terminal does not reach."""

    def __init__(self, say: Callable[[str], object]) -> None:
        self.say = say
        self.again = Again()
        self.start()

    def start(self) -> None:
        command = [sys.executable, str(settings.BASE_DIR / "manage.py"), "worker", "--with-parent", str(os.getpid())]
        self.process = subprocess.Popen(command, stdin=subprocess.DEVNULL, process_group=0)
        self.again.has_started()

    def look(self) -> None:
        if self.again.is_due():
            self.start()
        elif self.again.at is None and self.process.poll() is not None:
            self.say(f"The background worker has ended; it is started again in {self.again.has_ended():.0f} s")

    def stop(self) -> None:
        self.process.terminate()
        try:
            self.process.wait(TO_FINISH)
        except subprocess.TimeoutExpired:
            self.process.kill()  # its unfinished job is started again later
            self.process.wait()


class EmbeddedPostgres:
    """The server of `make run`; while it is down, requests are answered with 503."""

    def __init__(self, say: Callable[[str], object]) -> None:
        self.say = say
        self.again = Again()

    def look(self) -> None:
        if self.again.at is None and not postgres.RUN.is_gone():
            return
        if self.again.at is not None and not self.again.is_due():
            return
        try:
            postgres.RUN.start_again()
        except postgres.PostgresError as error:
            self.say(f"PostgreSQL has ended; it is tried again in {self.again.has_ended():.0f} s. {error}")
        else:
            self.again.has_started()
            self.say("PostgreSQL had ended, and was started again")


class LookingAround(Arbiter):
    """Runs the checks once a second."""

    def manage_workers(self) -> None:
        super().manage_workers()
        for one in self.app.beside:
            one.look()


class Server(BaseApplication):
    """Uses a socket that is already bound, with the site already loaded."""

    def __init__(self, listener: int, announce: Callable[[], object], say: Callable[[str], object]) -> None:
        self.descriptor = listener
        self.announce = announce
        self.say = say
        self.beside: list[Background | EmbeddedPostgres] = []
        super().__init__()

    def load_config(self) -> None:
        for name, value in {
            "bind": f"fd://{self.descriptor}",
            "worker_class": PatientWorker,
            "workers": PROCESSES,
            "threads": THREADS,
            "preload_app": True,
            "graceful_timeout": 3 * TO_FINISH,
            "loglevel": "warning",
            "control_socket_disable": True,
            "forwarded_allow_ips": "",  # as in gunicorn.conf.py
            "forwarder_headers": "",
            "secure_scheme_headers": {},
            "when_ready": self.when_ready,
            "post_fork": self.post_fork,
            "on_exit": self.on_exit,
        }.items():
            self.cfg.set(name, value)

    def load(self) -> Callable[..., Any]:
        return get_wsgi_application()

    def run(self) -> None:
        LookingAround(self).run()

    def when_ready(self, arbiter: Any) -> None:
        # gunicorn reloads on SIGHUP, and would keep running after its terminal window is closed.
        signal.signal(signal.SIGHUP, lambda number, frame: arbiter.signal(signal.SIGTERM, frame))
        self.beside.append(Background(self.say))
        if settings.EMBEDDED_POSTGRES:
            self.beside.append(EmbeddedPostgres(self.say))
        self.announce()

    def post_fork(self, arbiter: Any, worker: Any) -> None:
        # Earlier than the arbiter's timeout, after which it would report that it had to kill the process.
        worker.cfg.set("graceful_timeout", TO_FINISH)

    def on_exit(self, arbiter: Any) -> None:
        for one in self.beside:
            if isinstance(one, Background):
                one.stop()
