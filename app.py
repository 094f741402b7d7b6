"""Every way into Envoi: the API's addresses, what the queues bring, what the clock calls.

Event handlers stand here and in no blueprint, where they would pass by the app's middleware.
"""

from __future__ import annotations

from typing import Any

from chalice import CloudWatchEvent, Rate, SQSEvent

from chalicelib.api import broadcasts, contacts, emails, imports, messages, segments
from chalicelib.api.http_api import Envoi
from chalicelib.api.recipients import recipients
from chalicelib.consuming import Answer, each, log_lines, together
from chalicelib.settings import Settings
from chalicelib.store import hints
from chalicelib.transports import ses_events
from chalicelib.wiring import Wiring
from chalicelib.work import delivering, hits, importing, messaging, pending, planning, recording, sweeping, tending

settings = Settings.from_env()
queue = f"{settings.prefix}-{{}}".format
app = Envoi("envoi", Wiring(settings))

app.register_blueprint(recipients)
for resource in (contacts, imports, segments, emails, broadcasts, messages):
    app.register_blueprint(resource.blueprint, url_prefix="/v1")
