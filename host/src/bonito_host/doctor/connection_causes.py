"""What can be wrong with a connection: fields, the way, the credentials, the gateway's routes."""

from __future__ import annotations

from bonito_host import exit_codes
from bonito_host.doctor.findings import fault, note, warning

_UNREACHABLE = 9
_REFUSED = 3

CONNECTION = (
    fault(
        "connection-unknown",
        "No connection of that id is stored",
        "There is nothing to examine.",
        "`bonito connections` lists the ids.",
        4,
    ),
    fault(
        "credentials-sealed",
        "The stored credentials do not open",
        "They were altered, or come from another store.",
        "Store the connection again: bonito connect ID --replace.",
    ),
    fault(
        "credentials-unreadable",
        "The credentials cannot be read, or do not tell which provider they are for",
        "There is nothing to examine.",
        "Give a file with one JSON or YAML object, and the provider by --cloud or --provider.",
    ),
    fault(
        "provider-unknown",
        "The connection's provider does not work here",
        "The connection does not open.",
        "`bonito providers list` says which are there.",
    ),
    fault(
        "fields-refused",
        "Credential fields are missing, unknown or wrong",
        "The provider refuses them before anything is sent.",
        "Correct the fields that are named; `bonito providers show NAME` lists them.",
    ),
    warning(
        "credentials-exposed",
        "Others on this machine may read the file of credentials",
        "Whoever reads it has the keys.",
        "chmod 600 the file",
    ),
    note(
        "capability-missing",
        "The credentials leave something out that further fields would allow",
        "Everything else works.",
        "Add the fields that are named.",
    ),
    note(
        "field-proposed",
        "A field could be written in a better way",
        "It works as it is; the other form does more.",
        "bonito connect ID --replace, with the proposed value.",
    ),
)

NETWORK = (
    fault(
        "host-refused",
        "The guard lets no request go to that host",
        "It is none of the provider's hosts, or an address that is not public, or where a redirect "
        "points to: the key would travel along.",
        "Correct the endpoint.",
    ),
    fault(
        "name-unresolved",
        "A host name does not resolve",
        "There is no such resource, or this machine asks a name server that does not know it.",
        "Check the endpoint's spelling, character by character; then the machine's DNS.",
        _UNREACHABLE,
    ),
    fault(
        "address-private",
        "A host name leads to an address that is not public",
        "The guard refuses it: a name can be made to lead into the operator's own network.",
        "If it is your private endpoint, set BONITO_TRUSTED_NETWORKS to its range.",
    ),
    fault(
        "port-closed",
        "A host takes no connection",
        "The name is right, and the way to it is barred: a firewall, or a proxy that is needed.",
        "Let this machine out to port 443, or set BONITO_PROXY=http://host:port.",
        _UNREACHABLE,
    ),
    fault(
        "certificate-untrusted",
        "A host shows a certificate that is not trusted",
        "Something between here and the service intercepts TLS, or the trust anchors are wrong.",
        "Set SSL_CERT_FILE to the certificates of your network's interception, or ask for an "
        "exception.",
        _UNREACHABLE,
    ),
    fault(
        "tls-broken",
        "A host takes the connection and no TLS",
        "Whatever answers there is not the service.",
        "Look what stands between here and the service: proxy, firewall, sign-in page.",
        _UNREACHABLE,
    ),
    fault(
        "clock-wrong",
        "This machine's clock is off by minutes",
        "Signed requests and tokens carry the time, and services refuse them as expired.",
        "Set the clock: timedatectl set-ntp true",
        _REFUSED,
    ),
)

CHECK = (
    fault(
        "credentials-rejected",
        "The service does not take the key or secret",
        "It is wrong, revoked or of another resource.",
        "Copy it again from the provider's console.",
        _REFUSED,
    ),
    fault(
        "keys-disabled",
        "The account takes no keys",
        "Its owner switched them off; another way to authenticate is needed.",
        "Add the credentials of the other way, or let the owner switch keys on.",
        _REFUSED,
    ),
    fault(
        "permission-missing",
        "The service knows the caller and does not let it do this",
        "What needs the permission does not work; the rest does.",
        "Grant the permission that is named.",
        _REFUSED,
    ),
    fault(
        "rate-limited",
        "The service refuses further calls for now",
        "The account's quota is used up by this or another program.",
        "Wait, or ask for more quota.",
        10,
    ),
    fault(
        "service-down",
        "The service fails or stops answering",
        "It is reached, so neither the network nor the endpoint is to blame.",
        "Try again in a moment; the service's status page tells of known trouble.",
        _UNREACHABLE,
    ),
    fault(
        "host-unreachable",
        "The service was not reached",
        "Nothing else could be checked.",
        "Check the endpoint's spelling, then the network, firewall and proxy.",
        _UNREACHABLE,
    ),
    fault(
        "answer-unreadable",
        "Something answers that is not the service",
        "A sign-in page or a proxy answers in its place, or the service has changed.",
        "Open the address in a browser on this machine; then report it.",
        exit_codes.DEFECT,
    ),
    fault(
        "check-failed",
        "An item of the credentials' check fails",
        "What it stands for does not work.",
        "Do what the item says.",
    ),
)

ROUTES = (
    note(
        "deployment-not-routed",
        "A deployment is left out of the gateway",
        "LiteLLM cannot call it rightly, so it is not offered.",
        "Call it without the gateway: bonito chat DEPLOYMENT --direct.",
    ),
    fault(
        "route-leads-elsewhere",
        "LiteLLM would call a host that is none of the provider's",
        "The guard refuses the call; without it, the key would go there.",
        "Report it to the plugin's author.",
        exit_codes.DEFECT,
    ),
    warning(
        "route-fails",
        "LiteLLM refuses a route before it calls anything",
        "Calls to this deployment through the gateway fail.",
        "Report it to the plugin's author, with the output of `bonito doctor --report`.",
    ),
    warning(
        "deployments-unlisted",
        "The connection's deployments cannot be listed",
        "Which addresses the gateway would call is not known.",
        "Do what the error says.",
    ),
)
