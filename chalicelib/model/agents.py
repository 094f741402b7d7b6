"""User agents: which are machines that nobody sits at, and what a reader's own says about device and client.

Patterns are case-sensitive regular expressions, searched in the user agent; the first that is found holds. Each row of
`MACHINES` has a source: an agent that only looks odd is not one. Left out on purpose, though lists of bots name them,
because mail apps fetch pictures with them: okhttp (K-9 Mail and others), Dalvik and CFNetwork (the mail apps of
Android and Apple's systems), `ms-office` and `MSOffice` (Outlook's desktop client).
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass
from functools import cache, lru_cache

from chalicelib.model.fact import Kind, Label

KEPT = 4_096


@dataclass(frozen=True, slots=True)
class Machine:
    """`name` is shown to people as the reason. A proxy's agent is one where it fetches pictures; where it follows
    links, somebody else carries its name, and that is a scanner. With `opens` a proxy fetches when the person opens the
    letter, and not before.
    """

    name: str
    label: Label
    pattern: str
    source: str
    opens: bool = False


MATOMO = "Matomo Device Detector (matomo-org/device-detector), regexes/bots.yml and Tests/Parser/Client/fixtures"
FIELD_GUIDE = "check.live-direct-marketing.online/blog/bot-clicks-security-scanners-detect"
FALSE_OPENS = "www.gmass.co/blog/false-opens-in-gmail"

MACHINES: Sequence[Machine] = (
    Machine(
        "apple-mail-privacy",
        "proxy",
        r"^Mozilla/5\.0$",
        "Mail Privacy Protection's proxies send these 11 characters and no more: "
        "help.socketlabs.com/docs/identifying-apple-mpp-opens-in-notification-api-events",
    ),
    Machine(
        "gmail-image-proxy",
        "proxy",
        "GoogleImageProxy",
        "(via ggpht.com GoogleImageProxy): www.scientiamobile.com/what-is-google-image-proxy",
        opens=True,
    ),
    Machine(
        "gmail-prefetch",
        "proxy",
        r"Chrome/42\.0\.2311\.135 Safari/537\.36 Edge/12\.246 Mozilla/5\.0$",
        "Pictures fetched before the letter is shown: bird.com/blog/gmail-prefetching-images",
    ),
    Machine(
        "yahoo-mail-proxy",
        "proxy",
        "YahooMailProxy",
        "It names help.yahoo.com/kb/yahoo-mail-proxy-SLN28749.html itself",
    ),
    Machine(
        "barracuda",
        "scanner",
        "(?i:barracuda)",
        "`Barracuda Sentinel (EE)`: Braze's documentation of bot filtering, and " + MATOMO,
    ),
    Machine("proofpoint", "scanner", "(?i:proofpoint)", FIELD_GUIDE),
    Machine("cisco-secure-email", "scanner", "CiscoSecureEmail|(?i:ironport)", FIELD_GUIDE),
    Machine("trend-micro", "scanner", r"\bTMES\b|(?i:trend ?micro)", FIELD_GUIDE),
    Machine(
        "office-discovery",
        "scanner",
        "Microsoft Office (?:Existence|Protocol) Discovery",
        "Office asks about a link before it opens it: Microsoft KB 838028, and the Office developers' blog",
    ),
    Machine(
        "link-preview",
        "scanner",
        "SkypeUriPreview|BingPreview|Slackbot|facebookexternalhit|WhatsApp/|Twitterbot|LinkedInBot|TelegramBot|"
        "Discordbot|GoogleMessages/|Yahoo Link Preview|Snap URL Preview",
        "A chat that shows where a link leads: " + MATOMO + "; GoogleMessages: Braze's documentation",
    ),
    Machine(
        "program",
        "scanner",
        "^(?:curl|Wget|python-requests|Python-urllib|python-httpx|Go-http-client|Java|Apache-HttpClient|libwww-perl|"
        r"axios|node-fetch|AHC|HubSpot Connect|Amazon CloudFront|lua-resty-http)(?:[/ ]|$)|^Python/\S+ aiohttp/",
        "Libraries that programs fetch with: " + FALSE_OPENS + " and " + MATOMO,
    ),
    Machine(
        "headless-browser",
        "scanner",
        "HeadlessChrome|PhantomJS|Puppeteer|Playwright",
        "They say so themselves; " + MATOMO,
    ),
    # CUBOT makes telephones
    Machine("crawler", "scanner", r"(?<!CU)(?<!Cu)[Bb]ot\b|(?i:crawler|spider|url ?scanner)", MATOMO),
)

# What a reader's user agent says, by its words; browsers behind mail clients, which often carry a browser's name too.
CLIENTS: Sequence[tuple[str, str]] = (
    ("gmail", r"GoogleImageProxy|Chrome/42\.0\.2311\.135 Safari/537\.36 Edge/12\.246 Mozilla/5\.0$"),
    ("yahoo-mail", "YahooMailProxy|Yahoo%20Mail|YahooMobile.*Mail|yahoo\\.ymail"),
    ("outlook", r"Outlook|ms-office|MSOffice"),
    ("windows-mail", "WindowsMail|Windows-Live-Mail"),
    ("thunderbird", "Thunderbird|Icedove"),
    ("em-client", "eM ?Client"),
    ("airmail", "Airmail"),
    ("mailspring", "Mailspring"),
    ("mailbird", "Mailbird"),
    ("bluemail", "BlueMail"),
    ("foxmail", "Foxmail"),
    ("postbox", "Postbox"),
    ("notes", "Lotus-Notes"),
    ("the-bat", r"The Bat!"),
    ("seamonkey", "SeaMonkey|Iceape"),
    (
        "apple-mail",
        r"^Mozilla/5\.0$|\((?:iP|Mac)[^)]*\) AppleWebKit/\S+ \(KHTML, like Gecko\)(?: Mobile/\w+)?$",
    ),
    ("edge", "Edg(?:e|A|iOS)?/"),
    ("opera", "OPR/|Opera"),
    ("samsung-internet", "SamsungBrowser"),
    ("firefox", "Firefox/|FxiOS/"),
    ("chrome", "Chrome/|CriOS/"),
    ("safari", r"Version/\S+.* Safari/"),
    ("internet-explorer", "MSIE |Trident/"),
)
BROWSERS = frozenset({"edge", "opera", "samsung-internet", "firefox", "chrome", "safari", "internet-explorer"})
OTHER = "other"

# `Tablet PC` stands in the agents of Windows desktops; Android's tablets are those that do not say Mobile.
DEVICES: Sequence[tuple[str, str]] = (
    ("tablet", r"iPad|Tablet(?! PC)|Kindle|Silk/|Android(?!.*Mobile)(?=.*Safari/)"),
    ("mobile", r"iPhone|iPod|Mobile|Android|Outlook-iOS|Windows Phone|\.prod\.iphone"),
    ("desktop", r"Windows|Macintosh|Mac OS X|MacOutlook|WindowsMail|X11|Linux|CrOS|Darwin/.*\(x86_64\)"),
)


@lru_cache(KEPT)
def machine_of(agent: str) -> Machine | None:
    """The machine whose agent this is; None for all others."""
    return next((machine for machine in MACHINES if _compiled(machine.pattern).search(agent)), None)


@lru_cache(KEPT)
def client_of(agent: str) -> str:
    """A family of mail clients or browsers, `other` where it is none that we know, "" without an agent."""
    return next((name for name, pattern in CLIENTS if _compiled(pattern).search(agent)), OTHER if agent else "")


@lru_cache(KEPT)
def device_of(agent: str, kind: Kind) -> str:
    """mobile, tablet, desktop, or webmail: a letter that is read in a desktop's browser. "" where nobody knows."""
    device = next((name for name, pattern in DEVICES if _compiled(pattern).search(agent)), "")
    if device == "desktop" and kind == "opened" and client_of(agent) in BROWSERS:
        return "webmail"
    return device


@cache
def _compiled(pattern: str) -> re.Pattern[str]:
    """When it is first asked for: the pixel and the click, which ask nothing, do not wait for it."""
    return re.compile(pattern)
