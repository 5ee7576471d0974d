"""A mail server that takes everything and keeps nothing: as quick as one thread can answer.

    python -m bench.sink        prints its port, then how many mails each connection brought

Written on bare sockets, because aiosmtpd would be what is measured. It offers what usual servers do (PIPELINING,
8BITMIME, SIZE), and asks nothing of a mail's contents but where it ends.
"""
from __future__ import annotations

import socket
import sys
import threading

END = b"\r\n.\r\n"
CHUNK = 1 << 18


def talk(line: socket.socket) -> None:
    line.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
    line.sendall(b"220 sink\r\n")
    held, mails = b"", 0
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
                    mails += 1
                    line.sendall(b"250 kept\r\n")
                case b"QUIT":
                    line.sendall(b"221 bye\r\n")
                case _:
                    line.sendall(b"250 fine\r\n")
    print(mails, flush=True)


def after_mail(line: socket.socket, held: bytes) -> bytes:
    """Read to the end of a mail, and give what came after it."""
    pieces = [b"\r\n" + held]
    # Only the last piece's end can hold the end: the next command comes after our answer, or right behind it.
    while END not in (pieces[-2][-4:] if len(pieces) > 1 else b"") + pieces[-1]:
        pieces.append(line.recv(CHUNK))
    return b"".join(pieces).partition(END)[2]


def main() -> None:
    with socket.create_server(("127.0.0.1", 0)) as door:
        print(door.getsockname()[1], flush=True)
        sys.stdout.flush()
        while True:
            line, _address = door.accept()
            threading.Thread(target=talk, args=(line,), daemon=True).start()


if __name__ == "__main__":
    main()
