"""Who a connection signs as: its own keys, or a role that is assumed with them and renewed."""

from __future__ import annotations

import asyncio
from datetime import datetime, timedelta
from typing import TYPE_CHECKING

from botocore.credentials import ReadOnlyCredentials

from bonito_aws_bedrock import wire
from bonito_aws_bedrock.session import CurrentCredentials
from bonito_providers.errors import MalformedAnswer

if TYPE_CHECKING:
    from bonito_aws_bedrock.sdk import Toolkit
    from bonito_providers.connection import Connection

SESSION_NAME = "bonito"
LIFETIME = 3600
MARGIN = timedelta(minutes=5)
"""A session is renewed so long before its end that a slow call does not outlive it."""


class Signin:
    """The role's credentials of this moment.

    Attributes:
        assumed: What requests are signed with; None where no role is assumed.
    """

    def __init__(
        self, connection: Connection, toolkit: Toolkit, base: CurrentCredentials | None
    ) -> None:
        given = wire.own(connection)
        self._clock = connection.clock
        self._toolkit = toolkit
        self._arn, self._external_id = given.role_arn, given.external_id
        self._until: datetime | None = None
        self._renewing: asyncio.Task[None] | None = None
        # A copy, so that the keys that assume the role stay what they are.
        self.assumed = (
            CurrentCredentials(base.frozen) if base is not None and self._arn is not None else None
        )

    async def refresh(self) -> None:
        """Assume the role, unless that was done and still holds.

        Raises:
            ProviderError: STS refuses.
        """
        if self.assumed is None or self._holds():
            return
        # Whoever comes meanwhile shares the outcome, a failure too.
        if self._renewing is None or self._renewing.done():
            self._renewing = asyncio.ensure_future(self._assume(self.assumed))
            self._renewing.add_done_callback(lambda task: task.cancelled() or task.exception())
        await asyncio.shield(self._renewing)

    def _holds(self) -> bool:
        return self._until is not None and self._clock.now() < self._until

    async def _assume(self, assumed: CurrentCredentials) -> None:
        asked_at = self._clock.now()
        answer = await self._toolkit.run(
            "sts",
            "AssumeRole",
            {
                "RoleArn": self._arn,
                "RoleSessionName": SESSION_NAME,
                "ExternalId": self._external_id,
                "DurationSeconds": LIFETIME,
            },
            who="access_key",
        )
        given = answer.get("Credentials", {})
        values = [given.get(name) for name in ("AccessKeyId", "SecretAccessKey", "SessionToken")]
        if not all(isinstance(value, str) and value for value in values):
            raise MalformedAnswer("STS assumed the role and gave no credentials.")
        assumed.frozen = ReadOnlyCredentials(*values, None)
        self._until = asked_at + timedelta(seconds=LIFETIME) - MARGIN
