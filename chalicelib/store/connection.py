"""The clients of one process: DynamoDB through pynamodb's connection, S3 and SQS; each made when first asked for."""

from __future__ import annotations

import time
from collections.abc import Callable
from dataclasses import dataclass
from functools import cached_property
from typing import Any

CONNECT_S = 2
READ_S = 5
ATTEMPTS = 3
POOL = 32


@dataclass(frozen=True)
class Connection:
    """`endpoint` None leaves it to botocore (`AWS_ENDPOINT_URL`); `prefix` begins the names of tables and queues.

    Every write that passes here is conditional or idempotent: retrying it does no harm. Sending mail never
    passes here. `sleep` takes seconds.
    """

    region: str
    prefix: str
    bucket: str
    endpoint: str | None = None
    sleep: Callable[[float], None] = time.sleep

    @cached_property
    def dynamodb(self) -> Any:  # noqa: ANN401  # botocore makes its clients' classes when it runs
        """The botocore client inside pynamodb's connection, which makes it anew where credentials were missing."""
        from pynamodb.connection import Connection as Pynamodb  # noqa: PLC0415  # 400 ms that not every process needs

        return Pynamodb(
            self.region,
            self.endpoint,
            read_timeout_seconds=READ_S,
            connect_timeout_seconds=CONNECT_S,
            retry_configuration={"total_max_attempts": ATTEMPTS, "mode": "standard"},
            max_pool_connections=POOL,
        ).client

    @cached_property
    def s3(self) -> Any:  # noqa: ANN401  # the same
        # Addresses of the form <endpoint>/<bucket>/<key> where an endpoint is given: there is no DNS for 127.0.0.1.
        style = {"addressing_style": "path"} if self._is_local else {"addressing_style": "virtual"}
        return self._client("s3", s3=style, signature_version="s3v4")

    @cached_property
    def sqs(self) -> Any:  # noqa: ANN401  # the same
        return self._client("sqs")

    def table(self, name: str) -> str:
        return f"{self.prefix}-{name}"

    @cached_property
    def _is_local(self) -> bool:
        return "amazonaws.com" not in str(self.dynamodb.meta.endpoint_url)

    def _client(self, service: str, **options: Any) -> Any:  # noqa: ANN401  # the same
        import botocore.session  # noqa: PLC0415  # 300 ms that not every process needs
        from botocore.config import Config  # noqa: PLC0415

        config = Config(
            connect_timeout=CONNECT_S,
            read_timeout=READ_S,
            retries={"total_max_attempts": ATTEMPTS, "mode": "standard"},
            max_pool_connections=POOL,
            **options,
        )
        session = botocore.session.get_session()
        return session.create_client(service, self.region, endpoint_url=self.endpoint, config=config)
