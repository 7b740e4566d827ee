"""Aviary on the local machine, and its documentation.

Hosts
    ``<account>.aviary.example`` serves one account: inference, and what is deployed there.
    ``manage.aviary.example`` manages accounts. ``login.aviary.example`` hands out tokens.

Authentication
    An account takes one of its keys, as ``x-aviary-key`` or as ``Authorization: Bearer``.
    Management takes a token: ``POST /token`` at the login host, as a form with ``grant_type``
    ``client_credentials``, ``client_id``, ``client_secret`` and ``audience``
    ``https://manage.aviary.example``; the answer is ``{access_token, token_type, expires_in}``.
    A client manages one account. A key never belongs at the two other hosts.

Management, every call with ``?version=2026-01-01``
    ``GET /accounts/{id}`` ``{id, name, host}``.
    ``GET /accounts/{id}/models | quota | deployments`` ``{items, next}``; ``next`` is the address
    of the following page, absent on the last.
    ``GET /accounts/{id}/deployments/{name}``: one deployment. While it is building, and after it
    failed, it names its ``operation``.
    ``PUT /accounts/{id}/deployments/{name}`` ``{model, version, sku, capacity, tags,
    accept_terms}``. A name is 2 to 40 small letters, digits and hyphens, no hyphen in front. New:
    201, state ``building``. The same again: 200, nothing happens. Another version, SKU or
    capacity, or a failed deployment: 200, built anew. Another model: 409 ``taken``. Another
    write under way: 409 ``busy``. Beyond quota: 403 ``quota_exceeded``. A partner's model without
    ``accept_terms``: 403 ``terms_required``. Tags are taken when a deployment is created; later
    writes leave them alone.
    ``DELETE /accounts/{id}/deployments/{name}``: 202, state ``removing``, then gone.
    ``GET`` of an ``operation`` as it was given, its ``ticket`` included: ``{status, error}`` with
    ``running``, ``succeeded`` or ``failed``. The ticket is a secret.
    ``shared`` is billed by the token, ``dedicated`` by the hour.

An account
    ``GET /v1/models`` and ``GET /v1/deployments``: ``{object, data}``; no tags, no SKUs.
    ``POST /v1/chat/completions`` and ``POST /v1/embeddings``: OpenAI's API; ``model`` is the name
    of a deployment. A new deployment may be unknown here for a while.

Refusals
    ``{"error": {"code", "message", "request_id"}}``, the id also as ``x-aviary-request``. What is
    not written here does not exist: the service refuses it, and the emulator records a violation.
"""

from __future__ import annotations

from bonito_aviary.emulator.service import AviaryService
from bonito_aviary.emulator.state import Account, Charge, Deployment

__all__ = ["Account", "AviaryService", "Charge", "Deployment"]
