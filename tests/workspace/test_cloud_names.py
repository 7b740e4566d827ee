from __future__ import annotations

from pathlib import Path

import pytest

from tests.workspace.cloud_names import cloud_names, offences
from tests.workspace.distributions import DISTRIBUTIONS, ROOT

CLOUDLESS = [
    distribution.package
    for distribution in DISTRIBUTIONS
    if distribution.folder in {ROOT, ROOT / "host"}
]


@pytest.mark.parametrize("package", CLOUDLESS, ids=lambda each: each.name)
def test_core_and_host_name_no_cloud(package: Path) -> None:
    assert any(package.rglob("*.py"))
    assert list(offences(package)) == []


def test_core_and_host_are_both_looked_at() -> None:
    assert {package.name for package in CLOUDLESS} == {"bonito_providers", "bonito_host"}


@pytest.mark.parametrize(
    ("text", "name"),
    [
        ("if cloud == 'azure':", "azure"),
        ("AzureOpenAI", "azure"),
        ("azureopenai", "azure"),
        ("https://x.services.ai.azure.com/", "azure"),
        ("AWS_REGION", "aws"),
        ("awsRegion", "aws"),
        ("AWSRegion", "aws"),
        ("boto3[aws]", "aws"),
        ("bonito-aws-bedrock", "bedrock"),
        ("ai_foundry", "foundry"),
        ("microsoft.com", "microsoft"),
        ("EntraToken", "entra"),
        ("gcp2", "gcp"),
        ("VertexAI", "vertex"),
        ("googleapis.com", "google"),
        ("amazonaws.com", "amazon"),
    ],
)
def test_a_clouds_name_is_found_however_it_is_written(text: str, name: str) -> None:
    assert name in cloud_names(text)


@pytest.mark.parametrize(
    "text", ["it draws on the contract", "central", "anthropic", "OpenAI", "laws", "jaws"]
)
def test_honest_words_are_left_alone(text: str) -> None:
    assert cloud_names(text) == set()


@pytest.mark.parametrize("name", ["page.py", "page.html", "page.css", "page.js", "page.toml"])
def test_a_planted_name_is_reported_with_file_and_line(tmp_path: Path, name: str) -> None:
    (tmp_path / "pages").mkdir()
    (tmp_path / "pages" / name).write_text("first\nAzure\n")
    assert list(offences(tmp_path)) == [f"pages/{name}:2: azure"]


def test_a_file_named_after_a_cloud_is_reported(tmp_path: Path) -> None:
    (tmp_path / "aws_region.py").touch()
    assert list(offences(tmp_path)) == ["aws_region.py: aws"]
