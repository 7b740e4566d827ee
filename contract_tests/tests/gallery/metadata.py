"""Broken name cards, and plugins that cost the host something when they load."""

from __future__ import annotations

import os
from collections.abc import Mapping
from typing import Any, ClassVar

from bonito_aviary.plugin import INFO, Aviary
from bonito_providers import Connection, Credentials, ProviderInfo, hookimpl
from contract_tests.tests.gallery.broken import broken

AT_IMPORT = "contract_tests.tests.gallery.at_import"


class OtherCard(Aviary):
    """Honest so far; its children change something of the name card."""

    changes: ClassVar[Mapping[str, Any]] = {}

    @hookimpl
    def provider_info(self) -> ProviderInfo:
        return INFO.model_copy(update=dict(self.changes))


@broken(
    "META-01",
    incident="A link to documentation was plain http, put in past the validators.",
    source="peers: links in onboarding pages that were never checked",
)
class LinkWithoutTls(OtherCard):
    changes: ClassVar[Mapping[str, Any]] = {"links": {"Console": "http://console.aviary.example"}}


@broken(
    "META-01",
    incident="The card changed with use, so pages and records of one provider disagreed.",
    source="peers 1c: default mode inconsistent between field, validator and gateway",
)
class CardThatChanges(Aviary):
    def __init__(self) -> None:
        self.asked = 0

    @hookimpl
    def provider_info(self) -> ProviderInfo:
        self.asked += 1
        return INFO.model_copy(update={"summary": f"Asked {self.asked} times."})


@broken(
    "META-02",
    incident="The provider was renamed on its card, and its references kept the old name.",
    source="peers 1c: provider list drift between form, regex and backend, known issue 19",
)
class TwoNames(OtherCard):
    changes: ClassVar[Mapping[str, Any]] = {"name": "aviary_cloud"}


@broken(
    "META-03",
    incident="A suffix was cut one label too short: whoever bought a name below it got the keys.",
    source="anchors 0: requests with the key going to another host survived in the spike",
)
class WholeRegistry(OtherCard):
    changes: ClassVar[Mapping[str, Any]] = {"host_suffixes": (".aviary.example", ".co.uk")}


@broken(
    "META-03",
    incident="A whole top-level domain was allowed, written past the validator.",
    source="anchors 0: requests with the key going to another host survived in the spike",
)
class WholeDomain(OtherCard):
    changes: ClassVar[Mapping[str, Any]] = {"host_suffixes": (".aviary.example", ".example")}


@broken(
    "META-04",
    incident="Hosts were allowed in advance for a service that was never called.",
    source="monolith: iac_templates grant what no code uses, aws_gcp row 13",
)
class HostsInAdvance(OtherCard):
    changes: ClassVar[Mapping[str, Any]] = {
        "host_suffixes": (".aviary.example", ".birdhouse.example")
    }


@broken(
    "META-05",
    incident="The host was told to remove the proxy's variable, and nothing got out any more.",
    source="litellm 1i: emulation and proxies live by HTTPS_PROXY",
)
class TakesTheProxyAway(OtherCard):
    changes: ClassVar[Mapping[str, Any]] = {"environment": (*INFO.environment, "HTTPS_PROXY")}


@broken(
    "META-05",
    incident="Variables were written as in a configuration file, so none was removed.",
    source="monolith: gateway.py entries without a key let the environment's bearer in, row 14",
)
class VariablesInSmallLetters(OtherCard):
    changes: ClassVar[Mapping[str, Any]] = {"environment": ("openai-api-key",)}


@broken(
    "META-06",
    incident="The SDK was imported at the top: every command took seconds to start.",
    source="anchors 0.7 and 5: llm imports openai, 1.3 s, for `llm --help`",
)
def loads_a_client_at_import() -> str:
    return f"{AT_IMPORT}.eager:provider"


@broken(
    "META-06",
    incident="Drawing the form loaded the SDK, only to know its default address.",
    source="anchors 0.7: importing litellm takes 4.4 s, an identity SDK 0.3 s",
)
class FormLoadsAClient(Aviary):
    @hookimpl
    def credential_schema(self) -> type[Credentials]:
        import httpx

        assert httpx.URL(INFO.links["Console"]).host
        return super().credential_schema()


@broken(
    "META-07",
    incident="A region from the environment of the host became every customer's default.",
    source="monolith: default location us-central1 from settings, aws_gcp row 20",
)
def reads_the_environment_at_import() -> str:
    return f"{AT_IMPORT}.reads_environment:provider"


@broken(
    "META-07",
    incident="A greeting on stdout broke the JSON of every command.",
    source="anchors 1: suites and plugins that print",
)
def prints_at_import() -> str:
    return f"{AT_IMPORT}.prints:provider"


@broken(
    "META-07",
    incident="A refreshing thread ran in every worker before anyone had a connection.",
    source="peers 1c: sync in four workers at once, known issue 28",
)
def starts_a_thread_at_import() -> str:
    return f"{AT_IMPORT}.starts_thread:provider"


@broken(
    "META-07",
    incident="A look-up at import stopped the host on a machine without a network.",
    source="anchors 0.5: one broken entry point stops the whole command",
)
def resolves_at_import() -> str:
    return f"{AT_IMPORT}.resolves:provider"


@broken(
    "META-08",
    incident="A table of prices was built at import, for commands that needed none.",
    source="anchors 2.6: measured start-up; litellm builds its cost map at import",
)
def computes_at_import() -> str:
    return f"{AT_IMPORT}.computes:provider"


@broken(
    "META-09",
    incident="A key in the host's environment replaced the customer's.",
    source="monolith: gateway.py, env bearer would replace tenant keys, aws_gcp row 14",
)
class KeyOfTheEnvironment(Aviary):
    def headers(self, connection: Connection) -> Mapping[str, str]:
        return {"x-aviary-key": os.environ.get("OPENAI_API_KEY") or self.key(connection)}

    def key(self, connection: Connection) -> str:
        return super().headers(connection)["x-aviary-key"]
