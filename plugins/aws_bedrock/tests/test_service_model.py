"""What the plugin asks of AWS exists: every operation and parameter, and every region."""

from __future__ import annotations

import ast
import re
from collections.abc import Iterator
from importlib.resources import files
from pathlib import Path

import botocore.session
import pytest

from bonito_aws_bedrock import planning
from bonito_aws_bedrock.regions import regions

PACKAGE = Path(str(files("bonito_aws_bedrock")))
SESSION = botocore.session.Session()
PARAMETER_FREE = {"positional"}


def calls() -> Iterator[tuple[str, str, frozenset[str]]]:
    """Yields service, operation and parameters of every call in the plugin's own code."""
    for path in sorted(PACKAGE.glob("*.py")):
        for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
            if not isinstance(node, ast.Call):
                continue
            texts = [each.value for each in node.args if isinstance(each, ast.Constant)]
            named = frozenset(each.arg for each in node.keywords if each.arg)
            function = ast.unparse(node.func)
            if function in ("wire.call", "wire.call_by_key") and len(texts) == 2:
                yield str(texts[0]), str(texts[1]), named
            if function in ("_read", "wire.rows") and texts:
                yield "bedrock", str(texts[0]), named
            if function == "self._toolkit.run":
                given = next(each for each in node.args if isinstance(each, ast.Dict))
                keys = [each.value for each in given.keys if isinstance(each, ast.Constant)]
                yield str(texts[0]), str(texts[1]), frozenset(map(str, keys))


CALLS = sorted(set(calls()), key=str)


def test_the_calls_are_found() -> None:
    assert {operation for _, operation, _ in CALLS} >= {
        "AssumeRole",
        "Converse",
        "CreateFoundationModelAgreement",
        "DeleteInferenceProfile",
        "GetCallerIdentity",
        "GetFoundationModelAvailability",
        "ListFoundationModels",
        "ListInferenceProfiles",
        "PutUseCaseForModelAccess",
    }


@pytest.mark.parametrize(("service", "operation", "parameters"), CALLS)
def test_an_operation_and_its_parameters_are_in_the_service_model(
    service: str, operation: str, parameters: frozenset[str]
) -> None:
    shape = SESSION.get_service_model(service).operation_model(operation).input_shape
    assert parameters <= set(shape.members if shape is not None else ())


@pytest.mark.parametrize(
    "operation", ["CreateInferenceProfile", "CreateProvisionedModelThroughput"]
)
def test_the_bodies_of_plans_have_members_of_the_service_model(operation: str) -> None:
    model = SESSION.get_service_model("bedrock").operation_model(operation).input_shape
    source = (PACKAGE / "planning.py").read_text(encoding="utf-8")
    body = source[source.index("def _preview") : source.index("def _token")]
    named = set(re.findall(r'"([a-z][A-Za-z]+)":', body)) - {"operation", "body", "before"}
    members = {
        name
        for each in ("CreateInferenceProfile", "CreateProvisionedModelThroughput")
        for name in SESSION.get_service_model("bedrock").operation_model(each).input_shape.members
    }
    assert named - {"copyFrom"} <= members
    assert set(model.required_members) <= named


def test_commitments_and_names_are_those_of_the_service_model() -> None:
    model = SESSION.get_service_model("bedrock")
    members = model.operation_model("CreateProvisionedModelThroughput").input_shape.members
    assert tuple(members["commitmentDuration"].enum) == planning.COMMITMENTS
    assert members["provisionedModelName"].metadata["max"] == 63


def test_no_region_is_missing_and_none_is_made_up() -> None:
    assert list(regions()) == SESSION.get_available_regions("bedrock")
