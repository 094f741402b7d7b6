"""`make bench`: one JSON object a line, each figure beside what one would pick instead, measured in the same run."""

from __future__ import annotations

import json

from bench import cost, deliver, hits, imports, personalise, plan, record, transports

for module in (personalise, deliver, transports, plan, hits, record, imports, cost):
    for figure in module.figures():
        print(json.dumps(figure), flush=True)
