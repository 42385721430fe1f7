"""A mail server on the loopback of this machine, which stores mails, and can answer slowly."""

import contextlib
import socketserver
import threading
import time
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field

__all__ = ["MailServer", "taking_mail"]


@dataclass
class MailServer:
    port: int
    taken: list[bytes] = field(default_factory=list)
    """Each mail as it came; it counts as taken before the sender knows."""


@contextlib.contextmanager
def taking_mail(hesitates: Callable[[], float] = lambda: 0.0) -> Iterator[MailServer]:
    """`hesitates` says for how many seconds the server keeps its yes to itself, asked anew for each mail."""

    class Talk(socketserver.StreamRequestHandler):
        def say(self, line: str) -> None:
            self.wfile.write(f"{line}\r\n".encode())

        def handle(self) -> None:
            with contextlib.suppress(OSError):  # the other side may be killed at any moment
                self.say("220 here")
                for line in self.rfile:
                    verb = line[:4].upper()
                    if verb == b"DATA":
                        self.say("354 go on")
                        self.take()
                    elif verb == b"QUIT":
                        self.say("221 bye")
                        return
                    else:
                        self.say("250 yes")

        def take(self) -> None:
            lines: list[bytes] = []
            for line in self.rfile:
                if line == b".\r\n":
                    server.taken.append(b"".join(lines))
                    time.sleep(hesitates())
                    self.say("250 taken")
                    return
                lines.append(line.removeprefix(b".") if line.startswith(b"..") else line)

    with socketserver.ThreadingTCPServer(("127.0.0.1", 0), Talk) as listener:
        listener.daemon_threads = True
        server = MailServer(listener.server_address[1])
        threading.Thread(target=listener.serve_forever, daemon=True).start()
        try:
            yield server
        finally:
            listener.shutdown()
