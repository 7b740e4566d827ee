"""What goes wrong with the installation, what surrounds it, and the store."""

from __future__ import annotations

from functools import partial

from host.tests.doctor import preparing, steps
from host.tests.doctor.bench import write_text
from host.tests.doctor.fault import Fault
from tests.core.sites import FITTING, working

_MISSPELT = working("acme") + "\n@hookimpl\ndef list_modles(connection):\n    return None\n"
_LACKING = working("acme").replace("list_models,", "")
_NEWER = "UPDATE alembic_version SET version_num = '9999'"
_OLDER = "UPDATE alembic_version SET version_num = '0002'"
_WRAPPER = "async def around_call(call, proceed):\n    return await proceed()\n"

INSTALLATION = [
    Fault(
        "a plugin raises when it is imported",
        "plugin-broken",
        "RuntimeError: no such bird",
        "Report it to the author of bonito-acme",
        steps.plugin("raise RuntimeError('no such bird')\n"),
    ),
    Fault(
        "a plugin ends Python when it is imported",
        "plugin-broken",
        "sys.exit(3)",
        "bonito-acme",
        steps.plugin("import sys\nsys.exit(3)\n"),
    ),
    Fault(
        "a plugin misspells a hook",
        "plugin-broken",
        "list_models",
        "bonito-acme",
        steps.plugin(_MISSPELT),
    ),
    Fault(
        "a plugin lacks a required hook",
        "plugin-broken",
        "list_models",
        "author",
        steps.plugin(_LACKING),
    ),
    Fault(
        "a plugin's package needs one that is not installed",
        "requirement-unmet",
        "bonito-acme needs birds-of-acme>=2; it is not installed",
        'pip install "birds-of-acme>=2"',
        steps.plugin("import birds_of_acme\n", (*FITTING, "birds-of-acme>=2")),
    ),
    Fault(
        "a package that a plugin needs is too old",
        "requirement-unmet",
        "needs click>=99",
        'pip install "click>=99"',
        steps.plugin(working("acme"), (*FITTING, "click>=99")),
    ),
    Fault(
        "the version of a package that a plugin needs cannot be read",
        "requirement-unmet",
        "installed is newest",
        'pip install "birds-of-acme>=2"',
        preparing.unreadable_version,
    ),
    Fault(
        "a plugin was written for a newer core",
        "plugin-incompatible",
        ">=2,<3",
        "pip install --upgrade bonito-acme",
        steps.plugin(working("acme"), ("bonito-providers>=2,<3",)),
    ),
    Fault(
        "a plugin was written for an older core",
        "plugin-incompatible",
        "<1",
        "pip install --upgrade bonito-acme",
        steps.plugin(working("acme"), ("bonito-providers>=0.5,<1",)),
    ),
    Fault(
        "a plugin does not say which core it was written for",
        "plugin-incompatible",
        "does not state",
        "dependencies of bonito-acme",
        steps.plugin(working("acme"), ()),
    ),
    Fault(
        "two packages claim one provider's name",
        "plugin-conflict",
        "bonito-acme-fork",
        "Uninstall one",
        preparing.two_of_one_name,
    ),
    Fault(
        "a stranger's package claims an installed provider's name",
        "plugin-conflict",
        "bonito-free-tokens",
        "Uninstall one",
        preparing.impostor,
    ),
    Fault(
        "two providers of a cloud cannot be told apart",
        "plugin-conflict",
        "apex",
        "prefer",
        preparing.two_of_one_place,
    ),
    Fault(
        "a package's metadata are damaged",
        "plugin-broken",
        "metadata cannot be read",
        "install the package it came with again",
        preparing.damaged_metadata,
    ),
    Fault(
        "the operator blocked a provider",
        "plugin-blocked",
        "acme",
        "BONITO_PLUGINS_BLOCKED",
        steps.plugin_with("BONITO_PLUGINS_BLOCKED", "acme"),
    ),
    Fault(
        "a provider is not on the operator's list",
        "plugin-not-listed",
        "bonito-acme",
        "BONITO_PLUGINS_ALLOWED",
        steps.plugin_with("BONITO_PLUGINS_ALLOWED", "bonito-azure-foundry"),
    ),
    Fault(
        "the operator's list is empty",
        "no-provider",
        "No provider works",
        "bonito providers list",
        steps.variable("BONITO_PLUGINS_ALLOWED", ""),
    ),
    Fault(
        "an old version's metadata were left behind",
        "installed-twice",
        "bonito-host is installed 2 times: 0.9, 1.0.0",
        "pip uninstall bonito-host",
        preparing.left_over,
    ),
    Fault(
        "a wrapper that is named is not installed",
        "wrapper-unusable",
        "The wrapper audit is not installed",
        "BONITO_WRAPPERS",
        steps.variable("BONITO_WRAPPERS", "audit"),
    ),
    Fault(
        "a wrapper does not load",
        "wrapper-unusable",
        "RuntimeError: no file of rules",
        "BONITO_WRAPPERS",
        lambda bench: preparing.wrapper(
            bench, "raise RuntimeError('no file of rules')", "acme-audit"
        ),
    ),
    Fault(
        "two packages claim one wrapper's name",
        "wrapper-unusable",
        "audit",
        "BONITO_WRAPPERS",
        lambda bench: preparing.wrapper(bench, _WRAPPER, "acme-audit", "other-audit"),
    ),
    Fault(
        "LiteLLM is of another version",
        "litellm-other",
        "LiteLLM 1.106.2 is installed",
        'pip install "litellm==',
        partial(preparing.litellm_of, "1.106.2"),
    ),
    Fault(
        "LiteLLM is of a release that was tampered with",
        "litellm-compromised",
        "LiteLLM 1.82.8",
        "change every key",
        partial(preparing.litellm_of, "1.82.8"),
    ),
]

SURROUNDINGS = [
    Fault(
        "a variable is misspelt",
        "variable-unknown",
        "BONITO_TRUSTED_NETWORK",
        "Did you mean BONITO_TRUSTED_NETWORKS?",
        steps.variable("BONITO_TRUSTED_NETWORK", "10.1.0.0/16"),
    ),
    Fault(
        "the machine has a proxy that bonito is not told of",
        "proxy-ignored",
        "https_proxy",
        "BONITO_PROXY=",
        steps.variable("https_proxy", "http://proxy.example:3128"),
    ),
    Fault(
        "a variable would fill in for a customer's credentials",
        "variable-of-provider",
        "AZURE_CLIENT_SECRET",
        "unset AZURE_CLIENT_SECRET",
        steps.variable("AZURE_CLIENT_SECRET", "canary-of-somebody-else"),
    ),
    Fault(
        "SSL_CERT_FILE names no file",
        "trust-unreadable",
        "anchors.pem, which is no file",
        "Unset SSL_CERT_FILE",
        steps.trusting(None),
    ),
    Fault(
        "SSL_CERT_FILE names a file without certificates",
        "trust-unreadable",
        "holds no certificates",
        "PEM",
        steps.trusting("no certificate"),
    ),
    Fault(
        "the proxy takes no connection",
        "proxy-unreachable",
        "The proxy 127.0.0.1:",
        "BONITO_PROXY",
        steps.by_proxy_nobody_serves,
    ),
]

STORE = [
    Fault(
        "the store's file is something else",
        "store-unusable",
        "not a database",
        "--store",
        lambda bench: write_text(bench.path, "no database" * 100),
    ),
    Fault(
        "the store's folder is a file",
        "store-unusable",
        "is no folder",
        "--store",
        preparing.folder_is_a_file,
    ),
    Fault(
        "the store's database server is down",
        "store-unusable",
        "PostgreSQL",
        "--store",
        steps.by_server_nobody_runs,
    ),
    Fault(
        "the store is of a kind that is not known",
        "store-unusable",
        "no database that is known here",
        "postgresql://",
        steps.variable("BONITO_STORE", "mysql://me:canary-store-01@db.example/bonito"),
    ),
    Fault(
        "a newer version has opened the store",
        "store-newer",
        "revision 9999",
        "Use the version of bonito that wrote it",
        steps.stored_then(lambda bench: bench.sql(_NEWER)),
    ),
    Fault(
        "an older version made the store",
        "store-older",
        "revision 0002",
        "Copy the store",
        steps.stored_then(lambda bench: bench.sql(_OLDER)),
    ),
    Fault(
        "another program holds the store's lock",
        "store-locked",
        "locked",
        "End the other program",
        preparing.locked,
    ),
    Fault(
        "others may read the store",
        "store-exposed",
        "mode 644",
        "chmod 600",
        steps.stored_then(lambda bench: bench.path.chmod(0o644)),
    ),
    Fault(
        "the key file is gone",
        "key-missing",
        "bonito.db.key is missing",
        "Put the key file back",
        steps.stored_then(lambda bench: bench.key_file.unlink()),
    ),
    Fault(
        "others may read the key file",
        "key-unusable",
        "can be read by others",
        "chmod 600",
        steps.stored_then(lambda bench: bench.key_file.chmod(0o640)),
    ),
    Fault(
        "the key file holds no key",
        "key-unusable",
        "holds no key",
        "Put the store's own key file back",
        steps.stored_then(lambda bench: write_text(bench.key_file, "no key")),
    ),
    Fault(
        "the key file is another store's",
        "key-wrong",
        "bonito.db.key holds",
        "BONITO_KEY",
        preparing.other_key_file,
    ),
    Fault(
        "BONITO_KEY is another store's",
        "key-wrong",
        "BONITO_KEY holds",
        "unset BONITO_KEY",
        preparing.wrong_key,
    ),
    Fault(
        "BONITO_KEY is no key",
        "key-unusable",
        "BONITO_KEY holds no key",
        "give its key in BONITO_KEY",
        steps.stored_then(steps.variable("BONITO_KEY", "secret")),
    ),
    Fault(
        "the end of a key's rotation was interrupted",
        "key-rotation-open",
        "the next key",
        "next command",
        preparing.open_rotation,
    ),
]
