"""The pages, one module each."""

from __future__ import annotations

from fastapi import APIRouter

from bonito_host.web.pages import (
    catalogue,
    connect,
    connections,
    deployments,
    gateway,
    plans,
    plugins,
    sign_in,
)

router = APIRouter()
for module in (
    sign_in,
    connections,
    connect,
    catalogue,
    plans,
    deployments,
    gateway,
    plugins,
):
    router.include_router(module.router)
