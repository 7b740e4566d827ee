"""What goes wrong with a connection: its fields, the way to it, its credentials."""

from __future__ import annotations

from host.tests.doctor import preparing, steps
from host.tests.doctor.bench import date_header
from host.tests.doctor.fault import Fault

_BUSY = {"error": {"code": "429", "message": "Rate limit is exceeded. Try again in 7 seconds."}}
_HTML = {"content-type": "text/html"}
_HOST = "contoso.services.ai.azure.com"

CONNECTION = [
    Fault("an id is misspelt", "connection-unknown", "prd", "Did you mean prod?", steps.unknown_id),
    Fault(
        "nothing is stored yet",
        "connection-unknown",
        "Nothing is stored yet",
        "bonito connect prod",
        lambda bench: bench.choose_stored(),
    ),
    Fault(
        "stored credentials were swapped",
        "credentials-sealed",
        "altered",
        "Connect again with --replace",
        preparing.swapped_credentials,
    ),
    Fault(
        "the plugin of a stored connection was uninstalled",
        "provider-unknown",
        "acmeland",
        "Installed are providers for",
        preparing.stored_with_another_plugin,
    ),
    Fault(
        "the file of credentials is missing",
        "credentials-unreadable",
        "No such file",
        "JSON or YAML",
        steps.missing_file,
    ),
    Fault(
        "the file of credentials is cut off",
        "credentials-unreadable",
        "neither JSON nor YAML",
        "JSON or YAML",
        steps.chosen('{"endpoint": "https'),
    ),
    Fault(
        "the fields could be any provider's",
        "credentials-unreadable",
        "do not tell which is meant",
        "--cloud",
        steps.chosen('{"nothing": "known"}'),
    ),
    Fault(
        "a required field is missing",
        "fields-refused",
        "api_key",
        "bonito providers show azure_foundry",
        steps.with_fields(without=("api_key",)),
    ),
    Fault(
        "a field is misspelt",
        "fields-refused",
        "api_kee is not a field",
        "bonito providers show azure_foundry",
        steps.with_fields(api_kee="canary-misspelt-0123456789"),
    ),
    Fault(
        "an endpoint is none of the provider's",
        "fields-refused",
        "endpoint",
        "bonito providers show",
        steps.with_fields(endpoint="https://contoso.example.com"),
    ),
    Fault(
        "others may read the file of credentials",
        "credentials-exposed",
        "credentials.json holds credentials",
        "chmod 600",
        steps.exposed_file,
    ),
    Fault(
        "the credentials cannot deploy",
        "capability-missing",
        "do not allow to deploy",
        "subscription_id",
        preparing.served,
    ),
    Fault(
        "an endpoint could serve more by another name",
        "field-proposed",
        f"https://{_HOST}",
        "bonito connect",
        preparing.all_but_the_host,
    ),
]

NETWORK = [
    Fault(
        "an endpoint's name does not exist",
        "name-unresolved",
        "nobody.services.ai.azure.com does not resolve",
        "spelling",
        lambda bench: preparing.served(bench, endpoint="https://nobody.services.ai.azure.com"),
    ),
    Fault(
        "an endpoint's name leads into a private network",
        "address-private",
        f"{_HOST} leads to 10.1.2.3",
        "BONITO_TRUSTED_NETWORKS=10.1.2.3/32",
        steps.leading_to("10.1.2.3", 443, trusted=False),
    ),
    Fault(
        "a firewall closes the port",
        "port-closed",
        f"{_HOST} takes no connection",
        "port 443",
        steps.leading_to("127.0.0.1", 0, trusted=True),
    ),
    Fault(
        "something intercepts TLS",
        "certificate-untrusted",
        f"{_HOST} shows a certificate that is not trusted",
        "SSL_CERT_FILE",
        preparing.intercepted,
    ),
    Fault(
        "something without TLS answers in the service's place",
        "tls-broken",
        f"{_HOST} takes the connection and no TLS",
        "sign-in page",
        preparing.no_tls,
    ),
    Fault(
        "the machine's clock is slow",
        "clock-wrong",
        "s behind the service's",
        "Set the clock",
        steps.answering(401, date_header(minutes=61), {"error": {"code": "401", "message": "no"}}),
    ),
    Fault(
        "the machine's clock is fast",
        "clock-wrong",
        "s ahead of the service's",
        "Set the clock",
        steps.answering(401, date_header(minutes=-61), {"error": {"code": "401", "message": "no"}}),
    ),
]

CHECK = [
    Fault(
        "the key is wrong",
        "credentials-rejected",
        "Authenticate",
        "Copy it again",
        lambda bench: preparing.served(bench, api_key="wrong-key-0123456789abcdef"),
    ),
    Fault(
        "the account's owner switched keys off",
        "keys-disabled",
        "Key based authentication is disabled",
        "switch keys on",
        preparing.keys_off,
    ),
    Fault(
        "the service principal has no role here",
        "permission-missing",
        "AuthorizationFailed",
        "role",
        preparing.reader,
    ),
    Fault(
        "the account's calls are used up",
        "rate-limited",
        "Rate limit is exceeded",
        "Wait",
        steps.answering(429, {"retry-after": "600"}, _BUSY),
    ),
    Fault("the service is down", "service-down", "503", "again", steps.answering(503, {}, "down")),
    Fault(
        "a sign-in page answers in the service's place",
        "answer-unreadable",
        "text/html",
        "browser",
        steps.answering(200, _HTML, "<html>Sign in</html>"),
    ),
    Fault(
        "the service sends callers elsewhere",
        "host-refused",
        "answered 307",
        "endpoint",
        steps.answering(307, {"location": "https://elsewhere.example/"}, b""),
    ),
    Fault(
        "the proxy cannot reach the service",
        "host-unreachable",
        "The proxy made no connection to nobody.services.ai.azure.com",
        "spelling",
        preparing.behind_a_proxy_without_the_name,
    ),
]
