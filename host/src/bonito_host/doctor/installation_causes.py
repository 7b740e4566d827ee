"""What can be wrong with the installation, with what surrounds it, and with the store."""

from __future__ import annotations

from bonito_host import exit_codes
from bonito_host.doctor.findings import fault, note, warning

_UNREACHABLE = 9
_THIS_VERSION = "Use the version of bonito that wrote it, or name another store with --store."

INSTALLATION = (
    fault(
        "requirement-unmet",
        "A package that another one needs is missing or of the wrong version",
        "What needs it fails when it is loaded, or later, in the middle of a call.",
        "Install it with pip.",
    ),
    warning(
        "installed-twice",
        "A package is there twice, in two versions or two places",
        "Python loads one of them and reads the metadata of the other.",
        "Uninstall it until pip finds none, then install it once.",
    ),
    fault(
        "no-provider",
        "No provider works",
        "Without one there is nothing to connect to.",
        "pip install bonito-<provider>; `bonito providers list` says why one is off.",
    ),
    fault(
        "plugin-broken",
        "A plugin does not load, or breaks the contract",
        "Its provider is not there; the others work on without it.",
        "Report it to the plugin's author, or uninstall it.",
        exit_codes.DEFECT,
    ),
    fault(
        "plugin-incompatible",
        "A plugin was written for another contract, or does not say for which",
        "It was not loaded, since it would fail in the middle of a call.",
        "Upgrade the plugin and the core together.",
    ),
    fault(
        "plugin-conflict",
        "Two plugins claim the same name or the same place",
        "Neither is loaded, so that nobody is handed to a stranger by accident.",
        "Uninstall one of them, or name one in BONITO_PLUGINS_PREFERRED.",
    ),
    warning(
        "plugin-blocked",
        "The operator blocked a plugin",
        "Its provider is not there; connections to it do not open.",
        "Take it out of BONITO_PLUGINS_BLOCKED.",
    ),
    warning(
        "plugin-not-listed",
        "A plugin is not on the operator's list",
        "Its provider is not there; connections to it do not open.",
        "If you trust it, add its package to BONITO_PLUGINS_ALLOWED.",
    ),
    fault(
        "wrapper-unusable",
        "A wrapper that BONITO_WRAPPERS names is missing, doubled or broken",
        "No command that needs a provider runs, since a policy must not be skipped in silence.",
        "Install it, mend it, or take it out of BONITO_WRAPPERS.",
    ),
    note(
        "litellm-missing",
        "LiteLLM is not installed",
        "Connecting, listing and deploying work; calls through the gateway do not.",
        "pip install 'bonito-host[gateway]'",
    ),
    warning(
        "litellm-other",
        "LiteLLM is of another version than this host was proved with",
        "Which address and header a route gets changes between its minor releases.",
        "pip install 'bonito-host[gateway]'",
    ),
    fault(
        "litellm-compromised",
        "LiteLLM is of a release that was tampered with",
        "It sends keys from this machine to strangers, at the start of Python already.",
        "Uninstall it, change every key this machine could read, then install the pinned version.",
        exit_codes.DEFECT,
    ),
)

SURROUNDINGS = (
    warning(
        "variable-unknown",
        "A variable begins with BONITO_ and means nothing",
        "What it was meant to set stays at its default.",
        "Correct its spelling, or unset it.",
    ),
    warning(
        "proxy-ignored",
        "The machine's proxy variables are set, BONITO_PROXY is not",
        "Bonito goes out by BONITO_PROXY or directly: a proxy from elsewhere would see every name.",
        "If this network needs the proxy, set BONITO_PROXY=http://host:port.",
    ),
    warning(
        "variable-of-provider",
        "Variables are set that a provider's SDK or LiteLLM would read",
        "They fill in for what a connection leaves out. This host removes them before a gateway "
        "call; LiteLLM Proxy or another program started from here does not.",
        "Unset them where bonito and LiteLLM run.",
    ),
    fault(
        "trust-unreadable",
        "SSL_CERT_FILE names a file that is missing or holds no certificates",
        "No TLS connection can be opened, so nothing is reachable.",
        "Unset SSL_CERT_FILE, or name a file of certificates in PEM form.",
        _UNREACHABLE,
    ),
    fault(
        "proxy-unreachable",
        "The operator's proxy takes no connection",
        "Every request takes it, so nothing is reachable.",
        "Start the proxy, or correct BONITO_PROXY.",
        _UNREACHABLE,
    ),
)

STORE = (
    fault(
        "store-unusable",
        "The store cannot be opened, or is no store",
        "Stored connections and plans cannot be read.",
        "Name another with --store or BONITO_STORE.",
    ),
    fault(
        "store-newer",
        "A newer version has brought the store's tables up to date",
        "This version does not know what they mean, and keeps its hands off.",
        _THIS_VERSION,
    ),
    warning(
        "store-older",
        "The store's tables are of an older version",
        "The next command that opens the store brings them up to date, and an earlier version "
        "cannot read them any more. The doctor changes nothing, so it did not look inside.",
        "Copy the store, then run any other command, such as `bonito connections`.",
    ),
    fault(
        "store-locked",
        "Another program holds the store's lock",
        "Nothing can be written before it lets go; commands wait half a minute, then fail.",
        "End the other program; `bonito serve` itself never holds it for long.",
    ),
    warning(
        "store-exposed",
        "Others on this machine may read the store",
        "Credentials in it are sealed; names, endpoints' names and plans are not.",
        "chmod 600 the store",
    ),
    fault(
        "key-missing",
        "The store's key file is missing",
        "The stored credentials cannot be opened without it; nobody can make it again.",
        "Put the key file back, or give the key in BONITO_KEY.",
    ),
    fault(
        "key-unusable",
        "The store's key is exposed, unreadable or no key",
        "The stored credentials are not opened with it.",
        "Make the key file readable for its owner alone: chmod 600 FILE.",
    ),
    fault(
        "key-wrong",
        "The key is not the one the store is sealed with",
        "The stored credentials do not open, and nothing new is sealed with a second key.",
        "Give the store's own key in BONITO_KEY, or unset BONITO_KEY to use the key file.",
    ),
    note(
        "key-rotation-open",
        "A rotation of the store's key was interrupted at its end",
        "The new key is in use, and not yet under its final name.",
        "The next command that opens the store ends it.",
    ),
)
