"""A customer's whole way through a connection: every operation that the plugin knows is sent."""

from __future__ import annotations

from bonito_emulators.aws import Account
from bonito_providers import Connection, Deployment, DeploymentRequest, InvocationRequest

NOVA = DeploymentRequest(model="amazon.nova-lite-v1:0", name="mine")
TITAN = DeploymentRequest(model="amazon.titan-embed-text-v2:0", name="vectors")
RESERVED = DeploymentRequest(
    model="amazon.nova-lite-v1:0:24k",
    name="reserved",
    sku="provisioned",
    consents=frozenset({"aws_hourly_billing"}),
)
CLAUDE = DeploymentRequest(
    model="anthropic.claude-opus-5",
    name="claude",
    consents=frozenset({"aws_model_agreement", "aws_use_case_form"}),
    fields={
        "company_name": "Acme",
        "company_website": "https://acme.example",
        "intended_users": "0",
        "industry": "Technology",
        "use_cases": "internal chat gateway",
    },
)


async def check_and_list(connection: Connection) -> None:
    """Try the credentials and list what they show."""
    report = await connection.provider.check_credentials(connection)
    assert report.usable, report
    await connection.provider.list_models(connection)
    await connection.provider.list_deployments(connection)


async def deploy(connection: Connection, request: DeploymentRequest) -> Deployment:
    """Plan and deploy."""
    plan = await connection.provider.plan_deployment(connection, request)
    return await connection.provider.deploy(connection, plan)


async def call(connection: Connection, deployment: Deployment) -> None:
    """Call it once for what it is made for."""
    kind = "embedding" if deployment.model.kind == "embedding" else "chat"
    request = InvocationRequest.model_validate({"kind": kind})
    await connection.provider.invoke_model(connection, deployment, request)


async def everything(connection: Connection, account: Account) -> None:
    """Check, list, deploy each sort, look, call and delete."""
    await check_and_list(connection)
    for request in (NOVA, TITAN, RESERVED, CLAUDE):
        made = await deploy(connection, request)
        found = await connection.provider.get_deployment(connection, made.ref)
        await call(connection, found)
        await connection.provider.delete_deployment(connection, found.ref)
    assert [each.happening for each in account.bill].count("deleted") >= 1
