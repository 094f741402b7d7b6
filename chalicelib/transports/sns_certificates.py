"""The certificates that Amazon SNS signs with: fetched from SNS's own host alone, looked at, kept.

What makes one trustworthy is that the host `sns.<region>.amazonaws.com` gave it over TLS, whose chain and name the
standard library verifies. The file holds the one certificate without those above it, so that its own chain cannot be
built here; its name and its dates can be looked at, and are.
https://docs.aws.amazon.com/sns/latest/dg/sns-verify-signature-of-message.html
"""

from __future__ import annotations

import http.client
import re
import ssl
import time
from collections.abc import Callable
from datetime import UTC, datetime
from typing import TYPE_CHECKING
from urllib.parse import urlsplit

from chalicelib.model.outcome import CallNotSent
from chalicelib.transports.webhooks import Unverified

if TYPE_CHECKING:
    from cryptography.hazmat.primitives.asymmetric.rsa import RSAPublicKey

REGION = re.compile(r"[a-z]{2}(?:-[a-z]+)+-[0-9]{1,2}")
PATH = re.compile(r"/SimpleNotificationService-[A-Za-z0-9]{1,64}\.pem")
MAX_BYTES = 16 * 1024
TIMEOUT_S = 3.0
# SNS changes its certificate about once a year: many at once are nobody's but an attacker's.
KEPT = 8
# Anybody can name a file that is not there; SNS is not asked for each.
PAUSE_S = 10.0
ABSENT = frozenset({http.client.FORBIDDEN, http.client.NOT_FOUND})

Fetch = Callable[[str], bytes]


class Certificates:
    """`fetch` gives what an address holds, and raises OSError; `clock` gives epoch seconds."""

    def __init__(self, fetch: Fetch | None = None, clock: Callable[[], float] = time.time) -> None:
        self._fetch = fetch or fetched
        self._clock = clock
        self._kept: dict[str, tuple[RSAPublicKey, float, float]] = {}
        self._pause_until = 0.0

    def key(self, url: str, region: str) -> RSAPublicKey:
        """Its public key. Unverified where the address is not SNS's in this region, or the certificate not SNS's or not
        valid now; CallNotSent where it cannot be had now.
        """
        if not is_sns(url, region) or not PATH.fullmatch(urlsplit(url).path) or urlsplit(url).query:
            raise Unverified("The certificate's address is not SNS's.")
        if url not in self._kept:
            self._keep(url, region)
        key, begins, ends = self._kept[url]
        if not begins <= self._clock() <= ends:
            raise Unverified("The certificate is not valid at this time.")
        return key

    def _keep(self, url: str, region: str) -> None:
        if self._clock() < self._pause_until:
            raise CallNotSent("A certificate could not be had a moment ago.")
        self._pause_until = self._clock() + PAUSE_S
        try:
            found = self._fetch(url)
        except (OSError, http.client.HTTPException) as error:
            raise CallNotSent(f"SNS did not give its certificate ({type(error).__name__}).") from None
        read = _read(found, region)
        self._pause_until = 0.0
        if len(self._kept) >= KEPT:
            self._kept.pop(next(iter(self._kept)))
        self._kept[url] = read


def is_sns(url: str, region: str) -> bool:
    """Whether this is an https address of exactly `sns.<region>.amazonaws.com` (`.com.cn` in China)."""
    try:
        place = urlsplit(url)
        port = place.port
    except ValueError:
        return False
    end = "amazonaws.com.cn" if region.startswith("cn-") else "amazonaws.com"
    return (
        place.scheme == "https"
        and place.netloc == f"sns.{region}.{end}"
        and port is None
        and bool(REGION.fullmatch(region))
        and not place.fragment
    )


def fetched(url: str) -> bytes:
    """By GET over verified TLS, without following anybody anywhere. Unverified where there is none; OSError for any
    other answer than 200.
    """
    place = urlsplit(url)
    path = place.path + (f"?{place.query}" if place.query else "")
    context = ssl.create_default_context()
    connection = http.client.HTTPSConnection(place.netloc, timeout=TIMEOUT_S, context=context)
    try:
        connection.request("GET", path)
        answer = connection.getresponse()
        body = answer.read(MAX_BYTES + 1)
    finally:
        connection.close()
    if answer.status in ABSENT:
        raise Unverified("There is nothing at this address of SNS's.")
    if answer.status != http.client.OK or len(body) > MAX_BYTES:
        raise OSError(f"HTTP status {answer.status}, {len(body)} bytes")
    return body


def _read(pem: bytes, region: str) -> tuple[RSAPublicKey, float, float]:
    """Key, and from when to when (epoch seconds) it is valid."""
    from cryptography import x509  # noqa: PLC0415  # 60 ms that only this webhook waits for
    from cryptography.hazmat.primitives.asymmetric.rsa import RSAPublicKey  # noqa: PLC0415

    try:
        certificate = x509.load_pem_x509_certificate(pem)
        names = certificate.extensions.get_extension_for_class(x509.SubjectAlternativeName)
        listed = set(names.value.get_values_for_type(x509.DNSName))
        key = certificate.public_key()
    except (ValueError, x509.ExtensionNotFound) as error:
        raise Unverified("What SNS's host gave is no certificate with a name.") from error
    if not listed & {"sns.amazonaws.com", f"sns.{region}.amazonaws.com"} or not isinstance(key, RSAPublicKey):
        raise Unverified("The certificate is not SNS's.")
    return key, _seconds(certificate.not_valid_before_utc), _seconds(certificate.not_valid_after_utc)


def _seconds(moment: datetime) -> float:
    return moment.astimezone(UTC).timestamp()
