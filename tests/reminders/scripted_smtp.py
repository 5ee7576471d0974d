"""A mail server on loopback that does to each mail what a script says: refuses, hangs, hangs up, forgets to answer."""
from __future__ import annotations

import socket
import threading
import time
from collections import Counter, defaultdict, deque
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field

#: What a script may say beside an answer ("450 4.2.0 greylisted" is given to RCPT, "data 554 no" to the mail itself).
HANG = "hang"
#: The connection breaks when the mail was said: before it was kept, and after.
DROP = "drop"
FORGET = "forget"


@dataclass
class ScriptedServer:
    """One answer an entry, used up from the left; an address without a script is served well."""

    port: int = 0
    pipelining: bool = True
    #: Said instead of the greeting to each new connection, used up from the left.
    greetings: deque[str] = field(default_factory=deque)
    #: Offered in EHLO ("STARTTLS", "AUTH PLAIN LOGIN"); both then fail.
    offers: tuple[str, ...] = ()
    scripts: defaultdict[str, deque[str]] = field(default_factory=lambda: defaultdict(deque))
    #: Mails for one connection, after which it says 421; 0 for any number.
    most_on_a_line: int = 0
    #: How long the server thinks about each mail before it says 250.
    seconds_a_mail: float = 0
    #: To whom, with which Message-ID, in the order of arrival.
    kept: list[tuple[str, str]] = field(default_factory=list)
    connections: int = 0
    log_ins: int = 0

    def ids(self) -> dict[str, Counter[str]]:
        """Count the Message-IDs that each address was given."""
        found: dict[str, Counter[str]] = defaultdict(Counter)
        for address, message_id in list(self.kept):
            found[address][message_id] += 1
        return found

    def next_for(self, address: str) -> str:
        return self.scripts[address].popleft() if self.scripts.get(address) else ""


class _Conversation(threading.Thread):
    def __init__(self, server: ScriptedServer, line: socket.socket, ending: threading.Event) -> None:
        super().__init__(daemon=True)
        self.server, self.line, self.ending = server, line, ending
        line.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)  # no answer waits for the one before to arrive
        self.lines = line.makefile("rb")
        self.to, self.action, self.served = "", "", 0

    def say(self, *answers: str) -> None:
        self.line.sendall("".join(f"{answer}\r\n" for answer in answers).encode())

    def run(self) -> None:
        try:
            self.talk()
        except OSError:
            pass
        finally:
            self.lines.close()
            self.line.close()

    def talk(self) -> None:
        greeting = self.server.greetings.popleft() if self.server.greetings else "220 scripted"
        if greeting == HANG:
            self.ending.wait()
            return
        self.say(greeting)
        while command := self.lines.readline().decode().strip():
            if not self.answer(command):
                return

    def answer(self, command: str) -> bool:
        match command[:4].upper():
            case "EHLO":
                offers = [*self.server.offers, *(["PIPELINING"] if self.server.pipelining else []), "SIZE"]
                self.say("250-scripted", *(f"250-{offer}" for offer in offers[:-1]), f"250 {offers[-1]}")
            case "STAR":
                self.say("220 go ahead")
                self.line.recv(1)
                self.say("this is no TLS")
                return False
            case "AUTH":
                self.server.log_ins += 1
                self.say("535 5.7.8 wrong password")
            case "MAIL":
                self.to = self.action = ""
                self.say("250 known")
            case "RCPT":
                return self.recipient(command)
            case "DATA":
                return self.content()
            case "QUIT":
                self.say("221 bye")
                return False
            case _:
                self.say("250 fine")
        return True

    def recipient(self, command: str) -> bool:
        address = command.partition("<")[2].partition(">")[0]
        if self.server.most_on_a_line and self.served >= self.server.most_on_a_line:
            self.say("421 enough for one line")
            return False
        self.action = self.server.next_for(address)
        if self.action == HANG:
            self.ending.wait()
            return False
        if self.action[:1].isdigit():
            self.say(self.action)
            return not self.action.startswith("421")
        self.to = address
        self.say("250 known")
        return True

    def content(self) -> bool:
        if not self.to:
            self.say("503 nobody to write to")
            return True
        self.say("354 go on")
        message_id = ""
        while (line := self.lines.readline()) != b".\r\n":
            if not line:
                return False
            if line.lower().startswith(b"message-id:"):
                message_id = line.partition(b":")[2].strip().decode()
        if self.action == DROP:
            return False
        if self.action.startswith("data "):
            self.say(self.action.removeprefix("data "))
            return not self.action.startswith("data 421")
        time.sleep(self.server.seconds_a_mail)
        self.served += 1
        self.server.kept.append((self.to, message_id))
        if self.action == FORGET:
            return False
        self.say("250 kept")
        return True


@contextmanager
def running(server: ScriptedServer) -> Iterator[ScriptedServer]:
    """Serve on a free port of loopback until the block ends."""
    ending = threading.Event()
    with socket.create_server(("127.0.0.1", 0)) as door:
        server.port = door.getsockname()[1]

        def wait() -> None:
            while True:
                try:
                    line, _address = door.accept()
                except OSError:
                    return
                if ending.is_set():
                    line.close()
                    return
                server.connections += 1
                _Conversation(server, line, ending).start()

        thread = threading.Thread(target=wait, daemon=True)
        thread.start()
        yield server
        ending.set()
        with socket.create_connection(("127.0.0.1", server.port)):
            pass
        thread.join()
