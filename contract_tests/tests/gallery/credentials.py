"""Broken credential checks."""

from __future__ import annotations

from collections.abc import Callable
from datetime import UTC, datetime

from bonito_aviary.deployments import name_in
from bonito_aviary.plugin import Aviary
from bonito_aviary.wire import own
from bonito_providers import CheckItem, Connection, CredentialReport, Verdict
from contract_tests.tests.gallery.broken import broken
from contract_tests.tests.gallery.keeping import kept

HEALTHY = "monolith: providers/gcp_vertex.py, ImportError path reports 'healthy', aws_gcp row 18"
SWALLOWED = "monolith: deployment_service.deploy_aws, error swallowed, 'access verified', row 5"
PROJECT = "monolith: validate_credentials gcp asks for the project, aws_gcp row 19"
FAKED = "peers 1c: onboarding checks animated with fixed 300-400 ms sleeps"
CACHED = "monolith: an empty list cached for five minutes, aws_gcp row 15"

Change = Callable[[CheckItem], CheckItem]


class OtherReport(Aviary):
    """Honest so far; its children change what was found."""

    async def report(self, connection: Connection) -> CredentialReport:
        report = await super().report(connection)
        return report.model_copy(update={"items": tuple(map(self.changed, report.items))})

    def changed(self, item: CheckItem) -> CheckItem:
        return item


def _with(item: CheckItem, **changes: object) -> CheckItem:
    return item.model_copy(update=changes)


@broken(
    "CRED-01", incident="A correct role failed, for lack of a right nobody needs.", source=PROJECT
)
class AsksForARightNobodyNeeds(OtherReport):
    def changed(self, item: CheckItem) -> CheckItem:
        return _with(item, essential=True)


@broken(
    "CRED-01",
    incident="The item a host decides by had another name in this provider.",
    source="monolith: each provider's validation names its steps differently",
)
class LogsInInsteadOfAuthenticating(OtherReport):
    def changed(self, item: CheckItem) -> CheckItem:
        return _with(item, name="log_in") if item.name == "authenticate" else item


@broken("CRED-02", incident="Anything but a refusal counted as healthy.", source=HEALTHY)
class HealthyUnlessRefused(OtherReport):
    def changed(self, item: CheckItem) -> CheckItem:
        refused = item.error in ("CredentialsRejected", "PermissionMissing")
        return item if refused else _with(item, verdict=Verdict.PASSED, error=None)


@broken(
    "CRED-02",
    incident="A key of the right form passed without being tried.",
    source="peers 1c: the onboarding page shows ticks before anything was asked",
)
class LooksAtTheKeyOnly(Aviary):
    async def entrance(self, connection: Connection) -> tuple[CheckItem, CheckItem]:
        well_formed = own(connection).api_key.get_secret_value().startswith("avk-")
        verdict = Verdict.PASSED if well_formed else Verdict.FAILED
        reach = CheckItem(name="reach", title="Reach the account", verdict=Verdict.PASSED)
        return reach, CheckItem(name="authenticate", title="Authenticate", verdict=verdict)


@broken("CRED-03", incident="A refused listing was swallowed and shown as done.", source=SWALLOWED)
class SwallowsARefusedListing(Aviary):
    async def listing_item(self, connection: Connection, authenticate: CheckItem) -> CheckItem:
        item = await super().listing_item(connection, authenticate)
        if authenticate.verdict is not Verdict.PASSED:
            return item
        return _with(item, verdict=Verdict.PASSED, reason="4 deployments", error=None, action=None)


@broken(
    "CRED-04",
    incident="A wrong key was an exception that no page was ready for.",
    source="monolith: validate_credentials raises what the SDK raised",
)
class RaisesForAWrongKey(Aviary):
    async def entrance(self, connection: Connection) -> tuple[CheckItem, CheckItem]:
        await self.listed(connection, "/v1/models")
        return await super().entrance(connection)


@broken(
    "CRED-04",
    incident="A wrong key was shown as an outage: people waited instead of correcting it.",
    source="anchors 1: errors classified by words of the message match the wrong class",
)
class WrongKeyIsAnOutage(OtherReport):
    def changed(self, item: CheckItem) -> CheckItem:
        return _with(item, error="ServiceUnavailable") if item.error else item


@broken(
    "CRED-04",
    incident="With a wrong key five items failed, and nobody saw which mattered.",
    source="peers 2.2: what a person needs of a check",
)
class GoesOnAfterAWrongKey(Aviary):
    async def listing_item(self, connection: Connection, authenticate: CheckItem) -> CheckItem:
        tried = _with(authenticate, verdict=Verdict.PASSED)
        return await super().listing_item(connection, tried)


@broken(
    "CRED-05",
    incident="A laptop without a network was told that its key is wrong.",
    source="monolith: any exception in validation reads 'invalid credentials'",
)
class DeadHostIsAWrongKey(Aviary):
    async def entrance(self, connection: Connection) -> tuple[CheckItem, CheckItem]:
        reach, authenticate = await super().entrance(connection)
        if reach.error != "HostUnreachable":
            return reach, authenticate
        blamed = _with(reach, name="authenticate", error="CredentialsRejected")
        return reach, blamed


@broken(
    "CRED-06",
    incident="An outage of the service was reported as a wrong key, and keys were replaced.",
    source="monolith: any exception in validation reads 'invalid credentials'",
)
class OutageIsAWrongKey(OtherReport):
    def changed(self, item: CheckItem) -> CheckItem:
        outage = item.error in ("ServiceUnavailable", "RateLimited")
        return _with(item, error="CredentialsRejected") if outage else item


@broken(
    "CRED-07",
    incident="Checking deployed something to see whether it may, and left a bill.",
    source="monolith: activation deploys while validating",
)
class DeploysToCheck(Aviary):
    async def management_item(self, connection: Connection) -> CheckItem:
        item = await super().management_item(connection)
        if item.verdict is Verdict.PASSED:
            address = await self.deployment_address(connection, name_in({"name": "probe"}))
            body = {
                "model": "finch-2",
                "version": "2",
                "sku": "shared",
                "capacity": 1,
                "tags": {"managed-by": "bonito"},
            }
            await self.manage(connection, "PUT", address, body=body)
            await self.manage(connection, "DELETE", address)
        return item


@broken(
    "CRED-08",
    incident="A red cross without a word: 'Failed to activate' for everything.",
    source="monolith: model_activation.py, except Exception, aws_gcp row 1",
)
class FailsWithoutAWord(OtherReport):
    def changed(self, item: CheckItem) -> CheckItem:
        return item if item.verdict is Verdict.PASSED else _with(item, reason="")


@broken(
    "CRED-08",
    incident="Errors were named by words of the plugin's own, by which no host can decide.",
    source="monolith: LRO and status strings raw, aws_gcp row 9",
)
class NamesErrorsOfItsOwn(OtherReport):
    def changed(self, item: CheckItem) -> CheckItem:
        return _with(item, error="AuthFailure401") if item.error else item


@broken("CRED-09", incident="Each step took 0.3 seconds, whatever really happened.", source=FAKED)
class InventsItsTimes(OtherReport):
    def changed(self, item: CheckItem) -> CheckItem:
        return item if item.seconds is None else _with(item, seconds=0.3)


@broken(
    "CRED-09",
    incident="A report was dated by another clock than everything beside it.",
    source="style: clock and sleep are injected; timestamps of hosts differ",
)
class DatesByAnotherClock(Aviary):
    async def report(self, connection: Connection) -> CredentialReport:
        report = await super().report(connection)
        return report.model_copy(update={"observed_at": datetime.now(UTC)})


@broken("CRED-10", incident="A revoked key stayed green until the cache ran out.", source=CACHED)
class KeepsItsReport(Aviary):
    async def report(self, connection: Connection) -> CredentialReport:
        place = await kept(connection)
        if "report" not in place:
            place["report"] = await super().report(connection)
        found: CredentialReport = place["report"]
        return found


@broken(
    "CRED-10",
    incident="One failure was kept: the connection stayed red after it was mended.",
    source="monolith: a failed sync is remembered, known issue 28",
)
class NeverForgivesARefusal(Aviary):
    async def report(self, connection: Connection) -> CredentialReport:
        place = await kept(connection)
        report = await super().report(connection)
        if not report.usable:
            place["report"] = report
        found: CredentialReport = place.get("report", report)
        return found


@broken(
    "CRED-11",
    incident="Green ticks ran down the page before anything was asked, and turned red at its end.",
    source="peers 1c: the onboarding page shows ticks before anything was asked",
)
class TellsWhatItHopesFor(Aviary):
    async def entrance(self, connection: Connection) -> tuple[CheckItem, CheckItem]:
        for name in ("reach", "authenticate"):
            connection.tell(CheckItem(name=name, title=name, verdict=Verdict.PASSED))
        return await super().entrance(connection)


@broken(
    "CRED-11",
    incident="A step that was shown while checking was missing from what was found.",
    source=FAKED,
)
class TellsStepsOfItsOwn(Aviary):
    async def entrance(self, connection: Connection) -> tuple[CheckItem, CheckItem]:
        connection.tell(CheckItem(name="warm_up", title="Warming up", verdict=Verdict.PASSED))
        return await super().entrance(connection)
