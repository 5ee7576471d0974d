"""A real IMAP server on loopback: Debian's dovecot as an ordinary process in a folder of the test's own."""
from __future__ import annotations

import os
import pwd
import shutil
import socket
import subprocess
import tempfile
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

from imap_tools import MailBoxUnencrypted

DOVECOT = shutil.which("dovecot") or next((p for p in ("/usr/sbin/dovecot",) if Path(p).exists()), None)
PASSWORD = "mật khẩu 7"

_CONFIG = """
base_dir = {folder}/run
state_dir = {folder}/state
log_path = {folder}/log
protocols = imap
listen = 127.0.0.1
ssl = no
disable_plaintext_auth = no
auth_mechanisms = plain login
default_internal_user = {internal}
default_login_user = {login}
default_internal_group = {group}
mail_location = maildir:{folder}/mail/%u
mail_max_userip_connections = 50
passdb {{
  driver = passwd-file
  args = {folder}/users
}}
userdb {{
  driver = static
  args = uid={uid} gid={gid} home={folder}/mail/%u
}}
service imap-login {{
  chroot =
  inet_listener imap {{
    port = {port}
  }}
  inet_listener imaps {{
    port = 0
  }}
}}
service anvil {{
  chroot =
  # A wrong password makes the next log-in wait otherwise.
  unix_listener anvil-auth-penalty {{
    mode = 0
  }}
}}
auth_failure_delay = 0
service stats {{
  chroot =
}}
first_valid_uid = 1
"""


@dataclass(frozen=True)
class Dovecot:
    """The server, and what a test does with it as another mail program would."""

    port: int

    def box(self, user: str) -> MailBoxUnencrypted:
        """Open a mailbox; whoever opens it closes it."""
        return MailBoxUnencrypted("127.0.0.1", self.port, timeout=20).login_utf8(user, PASSWORD)  # type: ignore[return-value]

    def put(self, user: str, *mails: bytes) -> None:
        """Put mails in, unread, as a mail server would."""
        with self.box(user) as box:
            for mail in mails:
                box.append(mail, "INBOX")

    def unread(self, user: str) -> int:
        """Count what is not marked as seen."""
        with self.box(user) as box:
            return len(box.uids("UNSEEN"))

    def unmark(self, user: str) -> None:
        """Take every mark away, as when the reader died before it marked anything."""
        with self.box(user) as box:
            box.flag(box.uids(), ["\\Seen", "DonDocLeft"], False)


def _free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


@contextmanager
def running_dovecot() -> Iterator[Dovecot]:
    """Start the server, and stop it again."""
    assert DOVECOT is not None
    # Paths of its sockets may not be long, so not in pytest's own folder.
    folder, port = Path(tempfile.mkdtemp(prefix="dondoc-imap-")), _free_port()
    is_root = os.geteuid() == 0
    me = pwd.getpwuid(os.geteuid()).pw_name
    mails_of = pwd.getpwnam("nobody") if is_root else pwd.getpwuid(os.geteuid())
    (folder / "mail").mkdir()
    folder.chmod(0o755)
    if is_root:
        os.chown(folder / "mail", mails_of.pw_uid, mails_of.pw_gid)
    (folder / "users").write_text("".join(f"{name}:{{PLAIN}}{PASSWORD}\n" for name in ("dondoc", "khac")), "utf-8")
    (folder / "users").chmod(0o644)
    config = folder / "dovecot.conf"
    config.write_text(_CONFIG.format(
        folder=folder, port=port, uid=mails_of.pw_uid, gid=mails_of.pw_gid,
        internal="dovecot" if is_root else me, login="dovenull" if is_root else me,
        group="dovecot" if is_root else str(os.getegid()),
    ), "utf-8")  # fmt: skip
    server = subprocess.Popen([DOVECOT, "-F", "-c", str(config)], stdin=subprocess.DEVNULL,
                              stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
    try:
        _wait_for(Dovecot(port), server, folder / "log")
        yield Dovecot(port)
    finally:
        server.terminate()
        server.wait(20)
        shutil.rmtree(folder, ignore_errors=True)


def _wait_for(dovecot: Dovecot, server: subprocess.Popen[bytes], log: Path) -> None:
    for _try in range(100):
        if server.poll() is not None:
            break
        try:
            with dovecot.box("dondoc"):
                return
        except OSError:
            time.sleep(0.1)
    raise AssertionError(log.read_text() if log.exists() else "dovecot does not start")
