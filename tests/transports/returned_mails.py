"""Mails that come back, about a message of ours: the fixtures, with tokens under a key of the tests.

Their shapes are documented: RFC 3464 appendix E, RFC 5965 appendix B, Postfix (bounce(5), DEBUG_README), Exim
(specification, "Customizing bounce and warning messages"), qmail (qsbmf, cr.yp.to/proto/qsbmf.txt), sendmail (op.me),
Exchange Online ("Email non-delivery reports in Exchange Online"), Gmail ("SMTP error reference").
"""

from pathlib import Path

from chalicelib.model.message import MessageKey
from chalicelib.model.token import Returned, Tracked
from chalicelib.transports.returned_mail import Mail
from tests.transports.smtp_stand_in import RETURN_DOMAIN, SIGNER

FOLDER = Path(__file__).parent / "fixtures" / "mails"
MESSAGE = MessageKey("c00000000000000a", "f00000000000000b")
EMAIL, ATTEMPT = "e00000000000000c", "a00000000000000d"
RECEIVED = 1_795_489_210_000


def return_path(signer=SIGNER, message=MESSAGE, email=EMAIL):
    return f"bounces+{signer.return_token(Returned(message, email))}@{RETURN_DOMAIN}"


def content(name, *, signer=SIGNER, eol="\r\n"):
    token = signer.return_token(Returned(MESSAGE, EMAIL))
    filled = {
        "{{RETURN}}": return_path(signer),
        "{{MESSAGE_ID}}": f"<{token}.{ATTEMPT}@{RETURN_DOMAIN}>",
        "{{TRACKING}}": signer.token(Tracked(MESSAGE, EMAIL, 1)),
    }
    text = (FOLDER / f"{name}.eml").read_text()
    for mark, value in filled.items():
        text = text.replace(mark, value)
    return text.replace("\n", eol).encode()


def mail(name, recipients=(), **how):
    return Mail(content(name, **how), RECEIVED, recipients)
