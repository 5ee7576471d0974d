"""The settings, read once from the environment at start."""
from __future__ import annotations

import secrets
from collections.abc import Mapping
from dataclasses import dataclass, field, fields
from pathlib import Path
from typing import Any

ROOT = Path(__file__).resolve().parent.parent
MEGABYTE = 1024 * 1024
#: Why one person's files may not fill the disk; the issue of a larger file is told with this number.
EVIDENCE_LIMIT = 25 * MEGABYTE
YES = frozenset({"on", "1", "true", "yes"})
NO = frozenset({"off", "0", "false", "no"})
DEMO_PORT = 5000
#: Where `make run` leaves the port it serves on.
DEMO_NOTE = "demo-port"


class MissingSetting(RuntimeError):
    """The system can't start without this setting; the message says which, and how to set it."""


def _setting(variable: str, about: str, default: Any = None) -> Any:
    return field(default=default, metadata={"variable": variable, "about": about})


@dataclass(frozen=True)
class Settings:
    """Everything that differs between one installation and another.

    Each field names its environment variable and what it is for; the README's table is
    tested against them.
    """

    secret_key: str | None = _setting("TRACKER_SECRET_KEY", "Signs log-ins and forms. Required outside the demo.")
    database_url: str = _setting(
        "DATABASE_URL", "SQLite by default; postgresql://user:password@host/name for PostgreSQL.", ""
    )
    base_url: str | None = _setting(
        "TRACKER_BASE_URL",
        "Address people open, used in e-mails, such as https://dondoc.example. Required outside the demo.",
    )
    mail_server: str | None = _setting("TRACKER_MAIL_SERVER", "SMTP server. Required outside the demo.")
    mail_port: int = _setting("TRACKER_MAIL_PORT", "Port of the SMTP server.", 25)
    mail_security: str = _setting("TRACKER_MAIL_SECURITY", "none, starttls or tls.", "none")
    mail_username: str | None = _setting("TRACKER_MAIL_USERNAME", "Name for the SMTP server, when it asks for one.")
    mail_password: str | None = _setting("TRACKER_MAIL_PASSWORD", "Password for the SMTP server.")
    mail_sender: str | None = _setting("TRACKER_MAIL_SENDER", "Address e-mails come from. Required outside the demo.")
    imap_server: str | None = _setting(
        "TRACKER_IMAP_SERVER",
        "IMAP server of the sender's own mailbox, for mails sent back and answers; without it none are read.",
    )
    imap_port: int = _setting("TRACKER_IMAP_PORT", "Port of the IMAP server.", 993)
    imap_security: str = _setting("TRACKER_IMAP_SECURITY", "none, starttls or tls.", "tls")
    imap_username: str | None = _setting(
        "TRACKER_IMAP_USERNAME", "Name for the IMAP server; that for the SMTP server when it is the same."
    )
    imap_password: str | None = _setting(
        "TRACKER_IMAP_PASSWORD", "Password for the IMAP server; that for the SMTP server when it is the same."
    )
    imap_folder: str = _setting("TRACKER_IMAP_FOLDER", "Folder of the mailbox that is read.", "INBOX")
    instance: Path = _setting(
        "TRACKER_INSTANCE", "Folder for the SQLite file, evidence and the demo's mails.", ROOT / "instance"
    )
    province: str = _setting(
        "TRACKER_PROVINCE", "Name of the province as shown beside the wordmark, such as Tỉnh Hà Dương.", ""
    )
    scheduler: bool = _setting(
        "TRACKER_SCHEDULER", "on: the clock runs inside the web process. off: run it as its own process.", False
    )
    jobs: str = _setting(
        "TRACKER_JOBS",
        "apscheduler: the clock runs in one process. procrastinate: on several machines over PostgreSQL, as jobs of "
        "`flask --app app worker`.",
        "apscheduler",
    )
    proxies: int = _setting("TRACKER_PROXIES", "How many reverse proxies stand before the application.", 0)
    demo: bool = _setting(
        "TRACKER_DEMO", "on: demo data, caught mails readable in the browser. Never for real work.", False
    )

    @property
    def evidence_folder(self) -> Path:
        """Where evidence is kept: outside anything that is served."""
        return self.instance / "evidence"

    @property
    def maildir(self) -> Path:
        """Where the demo's mail catcher puts what it caught."""
        return self.instance / "maildir"

    @property
    def sqlalchemy_url(self) -> str:
        """Give the database URL with the driver this project uses."""
        url = self.database_url or f"sqlite:///{self.instance / 'tracker.db'}"
        for prefix in ("postgres://", "postgresql://"):
            if url.startswith(prefix):
                return "postgresql+psycopg://" + url.removeprefix(prefix)
        return url

    def check_complete(self) -> None:
        """Refuse to serve without what is unsafe or useless to leave out.

        Raises MissingSetting, naming every missing variable at once.
        """
        if self.demo:
            return
        needed = ("secret_key", "base_url", "mail_server", "mail_sender")
        missing = [f.metadata["variable"] for f in fields(self) if f.name in needed and not getattr(self, f.name)]
        if missing:
            raise MissingSetting(
                "Thiếu thiết lập / missing setting: " + ", ".join(missing)
                + ". Set it in the environment (the README lists all settings), or run `make run` for the demo."
            )


def read_settings(environ: Mapping[str, str]) -> Settings:
    """Read the settings from an environment; what is unset keeps its default.

    Raises MissingSetting for a value that can't be understood, naming its variable.
    """
    if environ.get("TRACKER_DEMO", "").strip().lower() in YES:
        environ = {**_demo_defaults(environ), **environ}
    given: dict[str, Any] = {}
    for setting in fields(Settings):
        variable = setting.metadata["variable"]
        raw = environ.get(variable, "").strip()
        if not raw:
            continue
        try:
            given[setting.name] = _understand(setting.default, raw)
        except ValueError as error:
            raise MissingSetting(f"{variable}: {error}") from error
    settings = Settings(**given)
    if settings.mail_security not in {"none", "starttls", "tls"}:
        raise MissingSetting("TRACKER_MAIL_SECURITY: none, starttls or tls")
    if settings.jobs not in {"apscheduler", "procrastinate"}:
        raise MissingSetting("TRACKER_JOBS: apscheduler or procrastinate")
    if settings.jobs == "procrastinate" and not settings.sqlalchemy_url.startswith("postgresql"):
        raise MissingSetting("TRACKER_JOBS: procrastinate cần PostgreSQL / needs PostgreSQL (DATABASE_URL)")
    if settings.imap_security not in {"none", "starttls", "tls"}:
        raise MissingSetting("TRACKER_IMAP_SECURITY: none, starttls or tls")
    return settings


def _understand(default: Any, raw: str) -> Any:
    if isinstance(default, bool):
        if raw.lower() not in YES | NO:
            raise ValueError("on or off")
        return raw.lower() in YES
    if isinstance(default, int):
        return int(raw)
    if isinstance(default, Path):
        return Path(raw).resolve()
    return raw


def demo_mail_port(port: int) -> int:
    """Give the mail catcher's port that goes with a web port, so that two demos don't meet."""
    return port + 3025


def _demo_defaults(environ: Mapping[str, str]) -> dict[str, str]:
    """What the demo needs and nobody has to set; the secret key is made once and kept."""
    port = int(environ.get("PORT") or DEMO_PORT)
    instance = Path(environ.get("TRACKER_INSTANCE") or ROOT / "instance")
    kept = instance / "demo-secret-key"
    if not kept.exists():
        instance.mkdir(parents=True, exist_ok=True)
        kept.write_text(secrets.token_hex(32), "ascii")
        kept.chmod(0o600)
    return {
        "TRACKER_SECRET_KEY": kept.read_text("ascii"),
        "TRACKER_BASE_URL": f"http://127.0.0.1:{port}",
        "TRACKER_MAIL_SERVER": "127.0.0.1",
        "TRACKER_MAIL_PORT": str(demo_mail_port(port)),
        "TRACKER_MAIL_SENDER": "dondoc@haduong.example",
        "TRACKER_PROVINCE": "Tỉnh Hà Dương",
    }


def settings_beside_demo(environ: Mapping[str, str]) -> Settings:
    """Give settings for a command: beside a running demo, and nothing else set, they are the demo's.

    `make run` leaves its port in the instance folder, so that `flask --app app reminders
    send` in the next terminal reaches the same database and mail catcher.
    """
    settings = read_settings(environ)
    note = settings.instance / DEMO_NOTE
    if settings.demo or settings.secret_key or settings.database_url or not note.exists():
        return settings
    return read_settings({"TRACKER_DEMO": "on", "PORT": note.read_text("ascii").strip(), **environ})
