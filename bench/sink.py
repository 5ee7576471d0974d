"""Mail servers that take everything and keep nothing.

    python -m bench.sink [bare|aiosmtpd]        prints its port, and takes mails until it is ended

`bare` is written on sockets and as quick as one thread can answer: no mail server there is answers like that, so it
shows what the sender itself costs. It offers what usual servers do (PIPELINING, 8BITMIME, SIZE), and asks nothing of a
mail's contents but where it ends. `aiosmtpd` is Python's own mail server, the one of the tests, which reads a mail line
by line. A mail server that writes what it takes to a disk needs a millisecond or more for each.
"""
from __future__ import annotations

import asyncio
import socket
import sys
import threading
from typing import Any

from aiosmtpd.smtp import SMTP

BARE, AIOSMTPD = "bare", "aiosmtpd"

END = b"\r\n.\r\n"
CHUNK = 1 << 18


class Taking:
    """What aiosmtpd asks about each mail."""

    async def handle_DATA(self, _server: Any, _session: Any, _envelope: Any) -> str:
        return "250 kept"


async def serve_aiosmtpd() -> None:
    loop = asyncio.get_running_loop()
    server = await loop.create_server(lambda: SMTP(Taking(), hostname="sink", loop=loop), "127.0.0.1", 0)
    print(server.sockets[0].getsockname()[1], flush=True)
    await server.serve_forever()


def talk(line: socket.socket) -> None:
    line.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
    line.sendall(b"220 sink\r\n")
    held = b""
    while chunk := line.recv(CHUNK):
        held += chunk
        while (end := held.find(b"\r\n")) >= 0:
            command, held = held[:end], held[end + 2 :]
            match command[:4].upper():
                case b"EHLO":
                    line.sendall(b"250-sink\r\n250-PIPELINING\r\n250-8BITMIME\r\n250 SIZE 99999999\r\n")
                case b"DATA":
                    line.sendall(b"354 go on\r\n")
                    held = after_mail(line, held)
                    line.sendall(b"250 kept\r\n")
                case b"QUIT":
                    line.sendall(b"221 bye\r\n")
                case _:
                    line.sendall(b"250 fine\r\n")


def after_mail(line: socket.socket, held: bytes) -> bytes:
    """Read to the end of a mail, and give what came after it."""
    pieces = [b"\r\n" + held]
    # Only the last piece's end can hold the end: the next command comes after our answer, or right behind it.
    while END not in (pieces[-2][-4:] if len(pieces) > 1 else b"") + pieces[-1]:
        pieces.append(line.recv(CHUNK))
    return b"".join(pieces).partition(END)[2]


def serve_bare() -> None:
    with socket.create_server(("127.0.0.1", 0)) as door:
        print(door.getsockname()[1], flush=True)
        while True:
            line, _address = door.accept()
            threading.Thread(target=talk, args=(line,), daemon=True).start()


def main() -> None:
    if sys.argv[1:] == [AIOSMTPD]:
        asyncio.run(serve_aiosmtpd())
    else:
        serve_bare()


if __name__ == "__main__":
    main()
