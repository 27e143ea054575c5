"""A real SMTP server for tests: aiosmtpd with its Maildir handler. Tells its port and then each letter as a line of JSON.

Addresses that begin with `refused` are no such users here while the file `refusing` lies beside the mail.
"""

import asyncio
import json
import socket
import sys
from email.header import decode_header, make_header
from pathlib import Path

from aiosmtpd.handlers import Mailbox
from aiosmtpd.smtp import SMTP


def say(line):
    print(json.dumps(line), flush=True)


class Post(Mailbox):
    async def handle_RCPT(self, server, session, envelope, address, options):
        if address.startswith("refused") and (Path(self.mail_dir).parent / "refusing").exists():
            return "550 5.1.1 no such user"
        envelope.rcpt_tos.append(address)
        return "250 OK"

    def handle_message(self, message):
        super().handle_message(message)
        text = message.get_payload(decode=True).decode("utf-8")
        subject = str(make_header(decode_header(message["Subject"])))
        say({"id": message["Message-ID"], "to": message["To"], "subject": subject, "text": text})


class Prompt(SMTP):
    """Acknowledges each packet at once: the client's last line waits for that, forty milliseconds otherwise."""

    def connection_made(self, transport):
        super().connection_made(transport)
        self.prompt()

    def data_received(self, data):
        super().data_received(data)
        self.prompt()

    def prompt(self):
        if self.transport and hasattr(socket, "TCP_QUICKACK"):
            end = self.transport.get_extra_info("socket")
            end.setsockopt(socket.IPPROTO_TCP, socket.TCP_QUICKACK, 1)


async def main(folder):
    loop = asyncio.get_running_loop()
    post = Post(folder)
    server = await loop.create_server(lambda: Prompt(post, enable_SMTPUTF8=True), "127.0.0.1", 0)
    say({"port": server.sockets[0].getsockname()[1]})
    await server.serve_forever()


asyncio.run(main(sys.argv[1]))
