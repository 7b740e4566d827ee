"""The Security Token Service: who somebody is, and roles they may assume."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from typing import TYPE_CHECKING

from bonito_emulators.aws import errors
from bonito_emulators.aws.accounts import Session
from bonito_emulators.aws.request import Reply

if TYPE_CHECKING:
    from bonito_emulators.aws.authentication import Principal
    from bonito_emulators.aws.cloud import AWSCloud
    from bonito_emulators.aws.request import Request

VERSION = "2011-06-15"
_NAMESPACE = f"https://sts.amazonaws.com/doc/{VERSION}/"
_KNOWN = {
    "GetCallerIdentity": set[str](),
    "AssumeRole": {"RoleArn", "RoleSessionName", "ExternalId", "DurationSeconds"},
}


def answer(cloud: AWSCloud, principal: Principal, request: Request) -> Reply:
    """Answers a call to STS.

    Raises:
        Refusal: STS does not know the call, or does not let this principal make it.
    """
    form = request.form() if (request.method, request.path) == ("POST", "/") else {}
    action = form.pop("Action", "")
    if action not in _KNOWN or form.pop("Version", "") != VERSION:
        request.violation(f"STS does not know the action {action!r}")
        raise errors.validation(f"Could not find operation {action}")
    if set(form) - _KNOWN[action]:
        request.violation(f"{action} does not know {sorted(set(form) - _KNOWN[action])}")
        raise errors.validation("unknown parameters")
    identity = cloud.request_id(request)
    if action == "GetCallerIdentity":
        return _xml(action, identity, _who(principal))
    return _xml(action, identity, _assume(cloud, principal, form))


def _who(principal: Principal) -> str:
    return (
        f"<Arn>{principal.arn}</Arn><UserId>AIDAEMULATED</UserId>"
        f"<Account>{principal.account.id}</Account>"
    )


def _assume(cloud: AWSCloud, principal: Principal, form: dict[str, str]) -> str:
    arn = form.get("RoleArn", "")
    name = form.get("RoleSessionName", "session")
    for account in cloud.accounts:
        for role in account.roles:
            if role.arn(account) == arn and role.external_id == form.get("ExternalId"):
                lifetime = timedelta(seconds=int(form.get("DurationSeconds", "3600")))
                session = Session(arn, name, datetime.now(UTC) + lifetime)
                assumed = f"arn:aws:sts::{account.id}:assumed-role/{role.name}/{name}"
                return (
                    f"<Credentials><AccessKeyId>{session.access_key_id}</AccessKeyId>"
                    f"<SecretAccessKey>{session.secret_access_key}</SecretAccessKey>"
                    f"<SessionToken>{session.token}</SessionToken>"
                    f"<Expiration>{session.expires.isoformat()}</Expiration></Credentials>"
                    f"<AssumedRoleUser><Arn>{assumed}</Arn>"
                    f"<AssumedRoleId>AROAEMULATED:{name}</AssumedRoleId></AssumedRoleUser>"
                )
    # The wrong external id and a role that does not exist look alike, on purpose.
    raise errors.denied(principal.arn, "sts:AssumeRole", arn)


def _xml(action: str, identity: str, content: str) -> Reply:
    body = (
        f'<{action}Response xmlns="{_NAMESPACE}"><{action}Result>{content}</{action}Result>'
        f"<ResponseMetadata><RequestId>{identity}</RequestId></ResponseMetadata>"
        f"</{action}Response>"
    )
    return Reply(pieces=(body.encode(),), content_type="text/xml")
