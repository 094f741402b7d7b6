"""What user agents say. Each row has been seen somewhere; the source is beside it."""

import pytest

from chalicelib.model.agents import BROWSERS, CLIENTS, DEVICES, MACHINES, client_of, device_of, machine_of

MATOMO_PIM = "matomo-org/device-detector, Tests/Parser/Client/fixtures/pim.yml"
GMASS = "gmass.co/blog/false-opens-in-gmail, as others keep its list in their code"
PREFETCH = (
    "Mozilla/5.0 (Windows NT 10.0; Win64; x64) AppleWebKit/537.36 (KHTML, like Gecko) Chrome/42.0.2311.135 "
    "Safari/537.36 Edge/12.246 Mozilla/5.0"
)

# agent, machine, source
MACHINE_AGENTS = [
    ("Mozilla/5.0", "apple-mail-privacy", "help.socketlabs.com/docs/identifying-apple-mpp-opens-..."),
    (
        "Mozilla/5.0 (Windows NT 5.1; rv:11.0) Gecko Firefox/11.0 (via ggpht.com GoogleImageProxy)",
        "gmail-image-proxy",
        "www.scientiamobile.com/what-is-google-image-proxy",
    ),
    (PREFETCH, "gmail-prefetch", "bird.com/blog/gmail-prefetching-images"),
    (
        "YahooMailProxy; https://help.yahoo.com/kb/yahoo-mail-proxy-SLN28749.html",
        "yahoo-mail-proxy",
        "the address in it",
    ),
    (
        "Mozilla/5.0 (compatible; YahooMailProxy; https://help.yahoo.com/kb/yahoo-mail-proxy-SLN28749.html)",
        "yahoo-mail-proxy",
        "the address in it",
    ),
    ("Barracuda Sentinel (EE)", "barracuda", "Braze, user guide: bot filtering; Matomo's bots"),
    ("Microsoft Office Existence Discovery", "office-discovery", "Microsoft, Office developers' blog, 2008-03-11"),
    ("Microsoft Office Protocol Discovery", "office-discovery", "Microsoft KB 838028"),
    ("SkypeUriPreview Preview/0.5", "link-preview", "Matomo's bots"),
    ("Slackbot-LinkExpanding 1.0 (+https://api.slack.com/robots)", "link-preview", "the address in it"),
    ("facebookexternalhit/1.1 (+http://www.facebook.com/externalhit_uatext.php)", "link-preview", "the address in it"),
    ("WhatsApp/2.23.20.0", "link-preview", "Matomo's bots"),
    ("TelegramBot (like TwitterBot)", "link-preview", "Matomo's bots"),
    ("Mozilla/5.0 (compatible; Discordbot/2.0; +https://discordapp.com)", "link-preview", "Matomo's bots"),
    ("GoogleMessages/20", "link-preview", "Braze, user guide: bot filtering"),
    ("python-requests/2.32.3", "program", "Braze, user guide: bot filtering"),
    ("Python/3.9 aiohttp/3.8.1", "program", GMASS),
    ("AHC/2.1", "program", GMASS),
    ("Amazon CloudFront", "program", GMASS),
    ("HubSpot Connect", "program", GMASS),
    ("Java/17.0.2", "program", GMASS),
    ("lua-resty-http/0.10 (Lua) ngx_lua/10019", "program", GMASS),
    ("Apache-HttpClient/4.5.1 (Java/1.8.0_172)", "program", "gist.github.com/lpellegr/142c153b..., agents of opens"),
    ("axios/0.19.2", "program", "the same"),
    ("curl/8.4.0", "program", "the same"),
    ("Wget/1.21.2", "program", "Matomo's libraries"),
    ("Go-http-client/2.0", "program", "Matomo's libraries"),
    ("Mozilla/5.0 (X11; Linux x86_64) HeadlessChrome/120.0.0.0 Safari/537.36", "headless-browser", "it says so"),
    ("Mozilla/5.0 (compatible; Googlebot/2.1; +http://www.google.com/bot.html)", "crawler", "the address in it"),
    ("Mozilla/5.0 MalShare Crawler", "crawler", "it says so"),
]

# agent, client, device of an open, source. Whoever reads with these is a person.
READERS = [
    (
        (
            "Mozilla/4.0 (compatible; MSIE 7.0; Windows NT 6.1; Win64; x64; Trident/7.0; .NET CLR 2.0.50727; SLCC2; "
            ".NET CLR 3.5.30729; .NET CLR 3.0.30729; Media Center PC 6.0; .NET4.0C; InfoPath.3; .NET CLR 1.1.4322; "
            "FDM; Tablet PC 2.0; .NET4.0E; Microsoft Outlook 14.0.7113; ms-office; MSOffice 14)"
        ),
        "outlook",
        "desktop",
        MATOMO_PIM,
    ),
    (
        "Microsoft Office/16.0 (Microsoft Outlook 16.0.12329; Pro), Mozilla/4.0 (compatible; ms-office; MSOffice 16)",
        "outlook",
        "",
        MATOMO_PIM,
    ),
    ("MacOutlook/16.46.21021202 (Intelx64 Mac OS X 11.2.2 (Build 20D80))", "outlook", "desktop", MATOMO_PIM),
    ("Outlook/16.16.18071205 CFNetwork/902.1 Darwin/17.7.0 (x86_64)", "outlook", "desktop", MATOMO_PIM),
    ("Outlook-iOS/709.2042344.prod.iphone (3.21.0)", "outlook", "mobile", MATOMO_PIM),
    (
        "Mozilla/5.0 (X11; Linux x86_64; rv:24.0) Gecko/20100101 Thunderbird/24.4.0 Lightning/2.6.4",
        "thunderbird",
        "desktop",
        MATOMO_PIM,
    ),
    ("Mozilla/5.0 (X11; Linux x86_64; rv:24.0) Gecko/20100101 Icedove/24.4.0", "thunderbird", "desktop", MATOMO_PIM),
    ("Airmail 1.4 rv:238 (Macintosh; Mac OS X 10.9.2; hr_HR)", "airmail", "desktop", MATOMO_PIM),
    ("Yahoo%20Mail/49268 CFNetwork/1121.2.2 Darwin/19.3.0", "yahoo-mail", "", MATOMO_PIM),
    (
        (
            "Mozilla/5.0 (Windows NT 10.0) AppleWebKit/537.36 (KHTML, like Gecko) Chrome/51.0.2704.103 Safari/537.36 "
            "Mailbird/2.4.30.0/"
        ),
        "mailbird",
        "desktop",
        MATOMO_PIM,
    ),
    ("eMClient/9.3.6041.0", "em-client", "", MATOMO_PIM),
    ("WindowsMail/17.5.9600.22013", "windows-mail", "desktop", MATOMO_PIM),
    ("The Bat! 4.0.0.22", "the-bat", "", MATOMO_PIM),
    ("Mozilla/4.0 (compatible; Lotus-Notes/6.0; Windows-NT)", "notes", "desktop", MATOMO_PIM),
    (
        "Mozilla/5.0 (Macintosh; Intel Mac OS X 10_15_7) AppleWebKit/605.1.15 (KHTML, like Gecko)",
        "apple-mail",
        "desktop",
        "Apple Mail on macOS without Mail Privacy Protection: it names no browser",
    ),
    (
        (
            "Mozilla/5.0 (iPhone; CPU iPhone OS 17_5_1 like Mac OS X) AppleWebKit/605.1.15 (KHTML, like Gecko) "
            "Mobile/15E148"
        ),
        "apple-mail",
        "mobile",
        "the same on a telephone",
    ),
    (
        (
            "Mozilla/5.0 (iPhone; CPU iPhone OS 17_5_1 like Mac OS X) AppleWebKit/605.1.15 (KHTML, like Gecko) "
            "Version/17.5 Mobile/15E148 Safari/604.1"
        ),
        "safari",
        "mobile",
        "microlinkhq/top-user-agents",
    ),
    (
        (
            "Mozilla/5.0 (iPad; CPU OS 16_6 like Mac OS X) AppleWebKit/605.1.15 (KHTML, like Gecko) Version/16.6 "
            "Mobile/15E148 Safari/604.1"
        ),
        "safari",
        "tablet",
        "microlinkhq/top-user-agents",
    ),
    (
        (
            "Mozilla/5.0 (Windows NT 10.0; Win64; x64) AppleWebKit/537.36 (KHTML, like Gecko) Chrome/131.0.0.0 "
            "Safari/537.36"
        ),
        "chrome",
        "webmail",
        "microlinkhq/top-user-agents",
    ),
    (
        (
            "Mozilla/5.0 (Windows NT 10.0; Win64; x64) AppleWebKit/537.36 (KHTML, like Gecko) Chrome/131.0.0.0 "
            "Safari/537.36 Edg/131.0.0.0"
        ),
        "edge",
        "webmail",
        "microlinkhq/top-user-agents",
    ),
    (
        "Mozilla/5.0 (X11; Ubuntu; Linux x86_64; rv:133.0) Gecko/20100101 Firefox/133.0",
        "firefox",
        "webmail",
        "microlinkhq/top-user-agents",
    ),
    (
        (
            "Mozilla/5.0 (Linux; Android 10; K) AppleWebKit/537.36 (KHTML, like Gecko) Chrome/131.0.0.0 Mobile "
            "Safari/537.36"
        ),
        "chrome",
        "mobile",
        "microlinkhq/top-user-agents",
    ),
    (
        "Mozilla/5.0 (Linux; Android 10; K) AppleWebKit/537.36 (KHTML, like Gecko) Chrome/131.0.0.0 Safari/537.36",
        "chrome",
        "tablet",
        "developer.chrome.com: the reduced agent of a tablet does not say Mobile",
    ),
    (
        (
            "Mozilla/5.0 (Linux; Android 9; CUBOT_X18_Plus) AppleWebKit/537.36 (KHTML, like Gecko) Chrome/85.0 "
            "Mobile Safari/537.36"
        ),
        "chrome",
        "mobile",
        "CUBOT makes telephones: Matomo keeps them out of its bots too",
    ),
    ("okhttp/4.12.0", "other", "", "K-9 Mail fetches with it"),
    ("Dalvik/2.1.0 (Linux; U; Android 13; 23049RAD8C Build/TKQ1.221114.001)", "other", "mobile", "Android's mail apps"),
]


@pytest.mark.parametrize(("agent", "name", "source"), MACHINE_AGENTS)
def test_machines_are_known(agent, name, source):
    machine = machine_of(agent)
    assert machine is not None, source
    assert machine.name == name, source


@pytest.mark.parametrize(("agent", "client", "device", "source"), READERS)
def test_readers_are_no_machines_and_their_client_and_device_are_told(agent, client, device, source):
    assert machine_of(agent) is None, source
    assert (client_of(agent), device_of(agent, "opened")) == (client, device), source


@pytest.mark.parametrize(
    ("agent", "client"),
    [
        (agent, client)
        for agent, name, _ in MACHINE_AGENTS
        if (
            client := {
                "apple-mail-privacy": "apple-mail",
                "gmail-image-proxy": "gmail",
                "gmail-prefetch": "gmail",
                "yahoo-mail-proxy": "yahoo-mail",
            }.get(name)
        )
    ],
)
def test_a_proxy_tells_the_client_behind_it(agent, client):
    assert client_of(agent) == client


def test_a_click_in_a_desktops_browser_is_no_webmail():
    agent = "Mozilla/5.0 (X11; Linux x86_64; rv:133.0) Gecko/20100101 Firefox/133.0"
    assert (device_of(agent, "clicked"), device_of(agent, "opened")) == ("desktop", "webmail")


def test_without_an_agent_nothing_is_known():
    assert (machine_of(""), client_of(""), device_of("", "opened")) == (None, "", "")


def test_every_row_of_the_table_has_been_seen():
    """No row without an agent that shows what it is for, and no name twice."""
    assert {name for _, name, _ in MACHINE_AGENTS} | {"proofpoint", "cisco-secure-email", "trend-micro"} == {
        machine.name for machine in MACHINES
    }
    assert all(machine.source for machine in MACHINES)
    for names in ([each.name for each in MACHINES], [name for name, _ in CLIENTS], [name for name, _ in DEVICES]):
        assert len(set(names)) == len(names)
    assert {name for name, _ in CLIENTS} >= BROWSERS


@pytest.mark.parametrize(
    ("agent", "name"),
    [
        ("Mozilla/5.0 (compatible; proofpoint url defense)", "proofpoint"),
        ("CiscoSecureEmail/1.0", "cisco-secure-email"),
        ("TMES", "trend-micro"),
    ],
)
def test_what_a_field_guide_says_that_scanners_have_in_their_agents(agent, name):
    """check.live-direct-marketing.online/blog/bot-clicks-security-scanners-detect gives the words, no whole agents."""
    machine = machine_of(agent)
    assert machine is not None
    assert machine.name == name
