"""Mail by SMTP: several servers, connections that stay open, and what is known when one breaks."""

from __future__ import annotations

import asyncio
import re
import time
from collections.abc import Sequence
from dataclasses import replace
from email.utils import parseaddr

import aiosmtplib
from pydantic import Field, SecretStr, field_validator

from bihuan.delivery.kinds import ChannelSettings, Kind
from bihuan.delivery.mail.mime import Written, mail_address, message_id_header, one_line, written_mail
from bihuan.delivery.mail.replies import result_of_reply
from bihuan.delivery.mail.servers import (
    Connection,
    MailServer,
    NoConnection,
    Server,
    in_turn,
)
from bihuan.delivery.port import (
    Limits,
    Mail,
    Outgoing,
    Rejected,
    Result,
    Retry,
    Sent,
    Uncertain,
)
from bihuan.delivery.reasons import Reasons

_GO_ON, _CLOSING = 354, 421
_DOTS = re.compile(rb"(?m)^\.")
_REFUSED_SECONDS, _DOWN_SECONDS = 300.0, 15.0


class SmtpSettings(ChannelSettings):
    """Servers, and who the mail is from. ``passwords`` are by host, or host:port where two have one host."""

    servers: list[MailServer] = Field(min_length=1, max_length=20)
    passwords: dict[str, SecretStr] = Field(default_factory=dict)
    sender: str = Field(max_length=400, description="Name <address>, for mails that name none")
    return_path: str = Field("", max_length=254, description="Where bounces go; empty: to the sender")
    hello: str = Field("", max_length=255, description="What we call ourselves; empty: the sender's domain")
    per_second: float = Field(0.0, ge=0, description="Messages a second, 0 for no limit")
    messages_per_connection: int = Field(500, ge=1, le=100_000)
    answer_seconds: float = Field(120.0, gt=0, le=600)

    @field_validator("sender")
    @classmethod
    def _has_an_address(cls, given: str) -> str:
        if mail_address(parseaddr(one_line(given))[1]) is None:
            raise ValueError("there is no mail address in it")
        return given

    @field_validator("return_path")
    @classmethod
    def _is_an_address(cls, given: str) -> str:
        if given and mail_address(given) is None:
            raise ValueError("it is no mail address")
        return given


class Lost(Exception):
    """The connection broke, or the server ended it, before the content was on its way."""


class Smtp:
    """Sends each mail by one of the servers, in a transaction of its own."""

    def __init__(self, settings: SmtpSettings, private: bool) -> None:
        del private  # Relays stand inside as a rule.
        self._settings = settings
        domain = parseaddr(settings.sender)[1].partition("@")[2]
        passwords = {host: each.get_secret_value() for host, each in settings.passwords.items()}
        self._servers = [
            Server(
                each,
                passwords.get(f"{each.host}:{each.port}", passwords.get(each.host, "")),
                settings.hello or domain,
                settings.messages_per_connection,
            )
            for each in settings.servers
        ]
        connections = sum(each.connections for each in settings.servers)
        self.limits = Limits.of_single(settings.per_second, connections)
        self._reason = Reasons(settings.secret_values())

    def __repr__(self) -> str:
        return f"Smtp({self._servers})"

    async def send(self, batch: Sequence[Outgoing]) -> list[Result]:
        """One result for each message, in order."""
        return list(await asyncio.gather(*(self._one(each) for each in batch)))

    async def close(self) -> None:
        """QUIT on every connection."""
        await asyncio.gather(*(each.close() for each in self._servers))

    async def _one(self, message: Outgoing) -> Result:
        result = await self._result(message)
        if isinstance(result, Sent):
            return result
        return replace(result, reason=self._reason(result.reason, address=message.address))

    async def _result(self, message: Outgoing) -> Result:
        mail, settings = message.content, self._settings
        if not isinstance(mail, Mail):
            return Rejected(f"this channel sends Mail, not {type(mail).__name__}")
        recipient = mail_address(message.address, wide=True)
        if recipient is None:
            return Rejected("no mail address", address_is_dead=True)
        try:
            written = written_mail(message.message_id, recipient, mail, settings.sender, settings.return_path)
        except ValueError as error:
            return Rejected(str(error))
        try:
            result = await self._by_some_server(written)
        except Exception as error:  # a fault of ours must not cost the others their results
            return Uncertain(f"{type(error).__name__}: {error}")
        if not isinstance(result, Sent):
            return result
        sender = parseaddr(one_line(mail.sender or settings.sender))[1]
        return Sent(message_id_header(message.message_id, str(mail_address(sender)).partition("@")[2]))

    async def _by_some_server(self, written: Written) -> Result:
        last: Result | None = None
        for server in in_turn(self._servers):
            async with server.turns:
                for fresh in (False, True):
                    try:
                        connection = await server.connection(fresh=fresh)
                    except NoConnection as error:
                        wait = _REFUSED_SECONDS if error.refused else _DOWN_SECONDS
                        last = Retry(f"no connection: {error}", wait)
                        break
                    used = connection.used
                    try:
                        return await self._transact(server, connection, written)
                    except Lost as error:
                        last = Retry(f"the connection broke before the mail was sent: {error}")
                        if not used:
                            break
        if last is None:
            back = min(each.down_until for each in self._servers) - time.monotonic()
            return Retry("all servers are down", max(1.0, back))
        return last

    async def _transact(self, server: Server, connection: Connection, written: Written) -> Result:
        client, kept = connection.client, False
        try:
            result = await _mail(client, written, self._settings.answer_seconds)
            if not isinstance(result, Sent | Uncertain) and client.is_connected:
                await client.rset(timeout=self._settings.answer_seconds)
            kept = client.is_connected and not isinstance(result, Uncertain)
        except Lost:
            raise
        except (aiosmtplib.SMTPException, OSError):
            # RSET failed, after a reply that is final.
            kept = False
        finally:
            if not kept:
                client.close()
        if kept:
            await server.keep(connection)
        return result


async def _mail(client: aiosmtplib.SMTP, written: Written, seconds: float) -> Result:
    """One transaction. Raises ``Lost`` while it is certain that nothing was sent."""
    if written.wide and not client.supports_extension("smtputf8"):
        return Rejected("the server takes no address with letters beyond ASCII (SMTPUTF8)")
    parameters = " SMTPUTF8 BODY=8BITMIME" if written.wide else ""
    commands = (
        (b"MAIL", f"FROM:<{written.sender}>{parameters}".encode()),
        (b"RCPT", f"TO:<{written.recipient}>".encode()),
        (b"DATA",),
    )
    for command in commands:
        try:
            code, text = await client.execute_command(*command, timeout=seconds)
        except (aiosmtplib.SMTPException, OSError) as error:
            raise Lost(f"{type(error).__name__} {error}") from error
        is_data = command[0] == b"DATA"
        if code == _CLOSING or (is_data and code < 400 and code != _GO_ON):
            raise Lost(f"{code} {text}")
        if code >= 300 and not (is_data and code == _GO_ON):
            return result_of_reply(code, text, of_recipient=command[0] != b"MAIL")
    protocol = client.protocol
    if protocol is None:
        raise Lost("closed after DATA")
    try:
        protocol.write(_DOTS.sub(b"..", written.content) + b".\r\n")
    except aiosmtplib.SMTPServerDisconnected as error:
        raise Lost(f"{error}") from error
    try:
        # From here on the server may have it whether or not we hear of it.
        code, text = await protocol.read_response(timeout=seconds)
    except (aiosmtplib.SMTPException, OSError) as error:
        return Uncertain(f"no answer after the mail was sent: {type(error).__name__} {error}")
    return result_of_reply(code, text, of_recipient=True)


KIND = Kind("smtp", Mail, "email", SmtpSettings, Smtp, apart=True)
