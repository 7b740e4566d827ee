"""What people paste into the fields and should not."""

from __future__ import annotations

from bonito_contract_tests import Pasted

PASTED = (
    *(
        Pasted(field="service_account_json", value=value, same_as=None)
        for value in (
            "{}",
            "[]",
            "/etc/passwd",
            '{"type": "authorized_user", "refresh_token": "x"}',
            '{"type": "external_account", "credential_source": {"file": "/etc/passwd"}}',
        )
    ),
    *(
        Pasted(field="location", value=value, same_as=None)
        for value in ("europe", "us-central1.evil.example", "us-central1#", "../x", "asia")
    ),
    *(
        Pasted(field="project_id", value=value, same_as=None)
        for value in ("Acme Prod", "acme/../evil", "x")
    ),
    Pasted(field="endpoint_region", value="global", same_as=None),
)
