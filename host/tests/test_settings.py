from __future__ import annotations

import click
import pytest

from bonito_host.settings import Settings


def test_an_empty_environment_is_the_default() -> None:
    settings = Settings.read({})
    assert settings.plugins.allowed is None
    assert settings.proxy is None
    assert settings.trusted_networks == ()
    assert settings.extra_hosts == ()
    assert settings.log_level == "warning"
    assert settings.colour


def test_every_variable_is_read() -> None:
    settings = Settings.read(
        {
            "BONITO_PROXY": "http://proxy.example:3128",
            "BONITO_TRUSTED_NETWORKS": "10.1.0.0/16, fd00::/8",
            "BONITO_EXTRA_HOSTS": "models.example.com, .models.example http://10.1.0.5:8000",
            "BONITO_SERVICES": "https://vault.example:8200, http://127.0.0.1:4318",
            "BONITO_PLUGINS_BLOCKED": "a,b",
            "BONITO_PLUGINS_ALLOWED": "bonito-c",
            "BONITO_PLUGINS_PREFERRED": "y x",
            "BONITO_WRAPPERS": "audit, trace",
            "BONITO_LOG": "DEBUG",
            "NO_COLOR": "1",
            "BONITO_CREDENTIAL_API_KEY": "k",
        }
    )
    assert settings.network().proxy == "http://proxy.example:3128"
    assert settings.network().trusted_networks == ("10.1.0.0/16", "fd00::/8")
    hosts = ("models.example.com", ".models.example", "http://10.1.0.5:8000")
    assert settings.network().extra_hosts == hosts
    assert settings.services == ("https://vault.example:8200", "http://127.0.0.1:4318")
    assert settings.plugins.blocked == {"a", "b"}
    assert settings.plugins.allowed == frozenset({"bonito-c"})
    assert settings.plugins.preferred == ("y", "x")
    assert settings.plugins.wrappers == ("audit", "trace")
    assert settings.log_level == "debug"
    assert not settings.colour
    assert settings.credentials == {"api_key": "k"}


def test_a_list_of_allowed_distributions_that_is_empty_allows_none() -> None:
    assert Settings.read({"BONITO_PLUGINS_ALLOWED": ""}).plugins.allowed == frozenset()


@pytest.mark.parametrize(
    ("name", "value"),
    [
        ("BONITO_PROXY", "proxy.example"),
        ("BONITO_PROXY", "socks5://proxy.example:1080"),
        ("BONITO_PROXY", "http://proxy.example"),
        ("BONITO_PROXY", "http://proxy.example:99999"),
        ("BONITO_TRUSTED_NETWORKS", "10.0.0.0/99"),
        ("BONITO_TRUSTED_NETWORKS", "10.0.0.1/8"),
        ("BONITO_EXTRA_HOSTS", "models.example.com:8000"),
        ("BONITO_EXTRA_HOSTS", "http://models.example.com/v1"),
        ("BONITO_EXTRA_HOSTS", "*.example.com"),
        ("BONITO_EXTRA_HOSTS", "models.example.com ."),
        ("BONITO_SERVICES", "vault.example"),
        ("BONITO_SERVICES", "https://vault.example:8200/v1"),
        ("BONITO_LOG", "loud"),
    ],
)
def test_a_value_that_means_nothing_is_refused_by_the_variables_name(name: str, value: str) -> None:
    with pytest.raises(click.UsageError, match=name):
        Settings.read({name: value})


def test_credentials_do_not_show_in_the_representation() -> None:
    settings = Settings.read({"BONITO_CREDENTIAL_API_KEY": "canary-0123456789"})
    assert "canary" not in repr(settings)
