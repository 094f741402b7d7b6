"""As much of an IMAP server as reading needs (RFC 3501), over TLS on loopback."""

import re
import socketserver
import ssl
import threading
from dataclasses import dataclass, field
from datetime import UTC, datetime


@dataclass
class Mailbox:
    """`mails` by UID. `commands` is what was said; a command in `refused` is answered NO, one in `cut`
    ends the line."""

    user: str
    password: str
    mails: dict[int, bytes] = field(default_factory=dict)
    validity: int = 7
    received_at: int = 1_795_489_210
    commands: list[str] = field(default_factory=list)
    refused: dict[str, str] = field(default_factory=dict)
    cut: set[str] = field(default_factory=set)


class Line(socketserver.StreamRequestHandler):
    disable_nagle_algorithm = True

    def handle(self):
        self.say("* OK ready")
        for raw in self.rfile:
            tag, _, rest = raw.decode().strip().partition(" ")
            name = re.match(r"(UID )?\w+", rest)[0].upper()
            mailbox = self.server.mailbox
            mailbox.commands.append(rest)
            if name in mailbox.cut:
                return
            if name in mailbox.refused:
                self.say(f"{tag} NO {mailbox.refused[name]}")
                continue
            getattr(self, name.lower().replace(" ", "_"))(tag, rest.removeprefix(name).strip())
            if name == "LOGOUT":
                return

    def say(self, line):
        self.wfile.write(line.encode() + b"\r\n")

    def capability(self, tag, _said):
        self.say("* CAPABILITY IMAP4rev1")
        self.say(f"{tag} OK done")

    def login(self, tag, said):
        known = said == f'{self.server.mailbox.user} "{self.server.mailbox.password}"'
        self.say(f"{tag} OK done" if known else f"{tag} NO [AUTHENTICATIONFAILED] not {said}")

    def examine(self, tag, _said):
        self.say(f"* {len(self.server.mailbox.mails)} EXISTS")
        self.say(f"* OK [UIDVALIDITY {self.server.mailbox.validity}] UIDs valid")
        self.say(f"{tag} OK [READ-ONLY]")

    def uid_search(self, tag, said):
        """`n:*` holds the last one, even where it is before n."""
        first = int(re.match(r"UID (\d+):\*", said)[1])
        mails = self.server.mailbox.mails
        found = [uid for uid in mails if uid >= first] or ([max(mails)] if mails else [])
        self.say(f"* SEARCH {' '.join(map(str, found))}".strip())
        self.say(f"{tag} OK done")

    def uid_fetch(self, tag, said):
        uid, most = map(int, re.match(r"(\d+) \(INTERNALDATE BODY\.PEEK\[\]<0\.(\d+)>\)", said).groups())
        content = self.server.mailbox.mails.get(uid)
        if content is not None:
            at = datetime.fromtimestamp(self.server.mailbox.received_at, UTC).strftime("%d-%b-%Y %H:%M:%S +0000")
            cut = content[:most]
            self.wfile.write(f'* 1 FETCH (UID {uid} INTERNALDATE "{at}" BODY[]<0> {{{len(cut)}}}\r\n'.encode())
            self.wfile.write(cut + b")\r\n")
        self.say(f"{tag} OK done")

    def logout(self, tag, _said):
        self.say("* BYE")
        self.say(f"{tag} OK done")


class ImapServer(socketserver.ThreadingTCPServer):
    daemon_threads = True
    block_on_close = False

    def __init__(self, mailbox: Mailbox, context: ssl.SSLContext):
        super().__init__(("127.0.0.1", 0), Line)
        self.mailbox = mailbox
        self.port = self.server_address[1]
        self._context = context
        self._thread = threading.Thread(target=self.serve_forever, args=(0.02,), daemon=True)

    def get_request(self):
        plain, address = super().get_request()
        return self._context.wrap_socket(plain, server_side=True, do_handshake_on_connect=False), address

    def handle_error(self, request, client_address):
        """A client that does not trust us hangs up: that is for its test to judge."""

    def __enter__(self):
        self._thread.start()
        return self

    def __exit__(self, *_):
        self.shutdown()
        self._thread.join()
        self.server_close()
