"""Claims of idempotency keys in memory."""

from dataclasses import dataclass

from chalicelib.model.claim import Claim
from tests.fakes.tables import Tables, put_new, put_over


@dataclass
class FakeClaims:
    tables: Tables

    def create(self, claim: Claim) -> bool:
        return put_new(self.tables.bulk_claims, claim.id, claim)

    def read(self, claim_id: str) -> Claim | None:
        return self.tables.bulk_claims.get(claim_id)

    def update(self, claim: Claim, expected_version: int) -> bool:
        return put_over(self.tables.bulk_claims, claim.id, claim, expected_version)
