"""Signs as Amazon SNS does, with a certificate of its own."""

import base64
import json
from datetime import UTC, datetime, timedelta
from functools import cache

from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec, padding, rsa
from cryptography.x509.oid import NameOID

REGION = "us-east-1"
TOPIC = f"arn:aws:sns:{REGION}:123456789012:envoi-events"
CERTIFICATE = f"https://sns.{REGION}.amazonaws.com/SimpleNotificationService-0123456789abcdef.pem"
SUBSCRIBE = f"https://sns.{REGION}.amazonaws.com/?Action=ConfirmSubscription&TopicArn={TOPIC}&Token=2336412f37"
NOW = datetime(2026, 1, 1, tzinfo=UTC)
# Written down by themselves, from SNS's developer guide.
ORDER = {
    "Notification": ["Message", "MessageId", "Subject", "Timestamp", "TopicArn", "Type"],
    "SubscriptionConfirmation": ["Message", "MessageId", "SubscribeURL", "Timestamp", "Token", "TopicArn", "Type"],
    "UnsubscribeConfirmation": ["Message", "MessageId", "SubscribeURL", "Timestamp", "Token", "TopicArn", "Type"],
}


@cache
def key():
    return rsa.generate_private_key(public_exponent=65537, key_size=2048)


@cache
def certificate(name="sns.amazonaws.com", begins=-10, ends=10, elliptic=False):
    """PEM; days around NOW."""
    signer = ec.generate_private_key(ec.SECP256R1()) if elliptic else key()
    subject = x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, name)])
    made = (
        x509.CertificateBuilder()
        .subject_name(subject)
        .issuer_name(subject)
        .public_key(signer.public_key())
        .serial_number(1)
        .not_valid_before(NOW + timedelta(days=begins))
        .not_valid_after(NOW + timedelta(days=ends))
        .add_extension(x509.SubjectAlternativeName([x509.DNSName(name)]), critical=False)
        .sign(signer, hashes.SHA256())
    )
    return made.public_bytes(serialization.Encoding.PEM)


def envelope(message, kind="Notification", **more):
    """A signed message; `more` overrules before it is signed, None takes a field out."""
    said = {
        "Type": kind,
        "MessageId": "165545c9-2a5c-472c-8df2-7ff2be2b3b1b",
        "TopicArn": TOPIC,
        "Subject": "Amazon SES Email Event Notification",
        "Message": message,
        "Timestamp": "2026-01-01T00:00:00.000Z",
        "SignatureVersion": "2",
        "SigningCertURL": CERTIFICATE,
        "UnsubscribeURL": f"https://sns.{REGION}.amazonaws.com/?Action=Unsubscribe",
    }
    if kind != "Notification":
        said |= {"Token": "2336412f37", "SubscribeURL": SUBSCRIBE}
    said = {name: value for name, value in (said | more).items() if value is not None}
    text = "".join(f"{name}\n{said[name]}\n" for name in ORDER.get(said["Type"], []) if name in said)
    version = hashes.SHA1() if said["SignatureVersion"] == "1" else hashes.SHA256()  # noqa: S303  as SNS does
    signature = key().sign(text.encode(), padding.PKCS1v15(), version)
    return said | {"Signature": base64.b64encode(signature).decode()}


def body(message, kind="Notification", **more):
    return json.dumps(envelope(message, kind, **more)).encode()
