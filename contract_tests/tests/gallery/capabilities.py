"""Broken promises of what credentials allow."""

from __future__ import annotations

from typing import ClassVar

from bonito_aviary.credentials import MANAGE, AviaryCredentials
from bonito_aviary.plugin import Aviary
from bonito_aviary.wire import Rows, own
from bonito_providers import Capabilities, Capability, Connection, Credentials, hookimpl
from contract_tests.tests.gallery.broken import broken

KEY_ONLY = "peers 1c: key-only mode still asks for a token, with an empty tenant"


class OtherPromise(Aviary):
    """Honest so far; its children promise something else."""

    fields: ClassVar[type[AviaryCredentials]] = AviaryCredentials

    @hookimpl
    def credential_schema(self) -> type[Credentials]:
        return self.fields


class _Traded(AviaryCredentials):
    def capabilities(self) -> Capabilities:
        said = super().capabilities()
        lost = {Capability.INVOKE} if self.manages else set()
        return said.model_copy(update={"available": said.available - lost})


@broken(
    "CAP-01",
    incident="Adding a service principal took calling the models away.",
    source="peers 1c: one token for all scopes, the management token reused for data",
)
class MoreFieldsAllowLess(OtherPromise):
    fields = _Traded


class _Silent(AviaryCredentials):
    def capabilities(self) -> Capabilities:
        return super().capabilities().model_copy(update={"missing": {}})


@broken(
    "CAP-02",
    incident="'Not possible with these credentials', and not a word what to add.",
    source="peers 1c: a key-only user cannot pass onboarding and is not told why",
)
class SaysNotWhatIsMissing(OtherPromise):
    fields = _Silent


class _Misnaming(AviaryCredentials):
    def capabilities(self) -> Capabilities:
        said = super().capabilities()
        missing = dict.fromkeys(said.missing, ("service_principal",))
        return said.model_copy(update={"missing": missing})


@broken(
    "CAP-02",
    incident="The field that was said to be missing is on no form.",
    source="monolith: role_arn asked for and rejected by _ALLOWED_FIELDS, aws_gcp row 12",
)
class NamesAFieldThereIsNot(OtherPromise):
    fields = _Misnaming


@broken(
    "CAP-03",
    incident="What one account may was remembered by host, and offered to the next one there.",
    source="monolith: cache bedrock:models:{region} holds per-account access, aws_gcp row 10",
)
class RemembersWhatOthersMay(Aviary):
    def __init__(self) -> None:
        able: dict[str, frozenset[Capability]] = {}

        class Learning(AviaryCredentials):
            def capabilities(self) -> Capabilities:
                said = super().capabilities()
                able[self.host] = said.available | able.get(self.host, frozenset())
                return said.model_copy(update={"available": able[self.host]})

        self.fields = Learning

    @hookimpl
    def credential_schema(self) -> type[Credentials]:
        return self.fields

    async def account(self, connection: Connection, path: str = "") -> str:
        account = own(connection).account_id
        return f"https://{MANAGE}/accounts/{account}{path}?version=2026-01-01"


class _Boasting(AviaryCredentials):
    base_capabilities: ClassVar[frozenset[Capability]] = frozenset(Capability)


@broken(
    "CAP-04",
    incident="A button to deploy, which a key can never do.",
    source="monolith: scale offered where no such feature exists, aws_gcp row 7",
)
class PromisesToDeployWithAKey(OtherPromise):
    fields = _Boasting


@broken("CAP-04", incident="Listing with a key asked management all the same.", source=KEY_ONLY)
class ListsByManagementAlways(Aviary):
    async def model_rows(self, connection: Connection) -> Rows:
        return await self.pages(connection, await self.account(connection, "/models"))


@broken(
    "CAP-05",
    incident="Pages offered to deploy, and the plugin had no hook for it.",
    source="monolith: list_model_access is called and does not exist, aws_gcp row 1",
)
class PromisesWithoutHooks(Aviary):
    plan_deployment = None  # type: ignore[assignment]  # no hook: the fault
    deploy = None  # type: ignore[assignment]  # no hook: the fault
    get_deployment = None  # type: ignore[assignment]  # no hook: the fault
    delete_deployment = None  # type: ignore[assignment]  # no hook: the fault
