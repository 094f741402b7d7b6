"""SES's account-level suppression list.

https://docs.aws.amazon.com/ses/latest/APIReference-V2/API_ListSuppressedDestinations.html and its neighbours. These
calls send nothing: they may be repeated, and botocore repeats them.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from datetime import UTC, datetime
from functools import cached_property
from types import MappingProxyType
from typing import Any

from chalicelib.model.suppression import Reason
from chalicelib.model.suppression_sync import Listed, ListedPage

# What a page holds at most, by SES's own limit.
PAGE = 1_000
REASONS: Mapping[str, Reason] = MappingProxyType({"BOUNCE": "bounced", "COMPLAINT": "complained"})
NAMES: Mapping[Reason, str] = MappingProxyType({reason: name for name, reason in REASONS.items()})


def list_client(region: str) -> Any:  # noqa: ANN401  boto3 has no types
    """Short times: whoever puts an address there has other work to do."""
    import boto3  # noqa: PLC0415  # 300 ms that only who needs the list waits for
    from botocore.config import Config  # noqa: PLC0415

    config = Config(connect_timeout=2, read_timeout=5, retries={"total_max_attempts": 3, "mode": "standard"})
    return boto3.client("sesv2", region_name=region, config=config)


class SesAccountList:
    """`client` makes an SESv2 client at the first call."""

    def __init__(self, client: Callable[[], Any]) -> None:
        self._make = client

    def listed(self, since: int, token: str) -> ListedPage:
        """Raises botocore's errors: the next round reads it again."""
        start = {"StartDate": datetime.fromtimestamp(since / 1_000, UTC)} if since else {}
        more = {"NextToken": token} if token else {}
        answer = self._client.list_suppressed_destinations(PageSize=PAGE, **start, **more)
        entries = [_listed(each) for each in answer.get("SuppressedDestinationSummaries", [])]
        return ListedPage(entries, answer.get("NextToken") or "")

    def put(self, address: str, reason: Reason) -> bool:
        return self._done("put_suppressed_destination", EmailAddress=address, Reason=NAMES[reason])

    def remove(self, address: str) -> bool:
        """An address that is not there is off it."""
        return self._done("delete_suppressed_destination", EmailAddress=address)

    def _done(self, operation: str, **request: str) -> bool:
        from botocore.exceptions import BotoCoreError, ClientError  # noqa: PLC0415  # as boto3 itself

        try:
            getattr(self._client, operation)(**request)
        except ClientError as error:
            return bool(error.response.get("Error", {}).get("Code") == "NotFoundException")
        except BotoCoreError:
            return False
        return True

    @cached_property
    def _client(self) -> Any:  # noqa: ANN401  boto3 has no types
        return self._make()


def _listed(summary: Mapping[str, Any]) -> Listed:
    at = round(summary["LastUpdateTime"].timestamp() * 1_000)
    return Listed(str(summary["EmailAddress"]), REASONS.get(summary["Reason"], "bounced"), at)
