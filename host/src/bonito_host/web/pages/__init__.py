"""The pages, one module each."""

from __future__ import annotations

from fastapi import APIRouter

from bonito_host.web.pages.catalogue import router as catalogue
from bonito_host.web.pages.connect import router as connect
from bonito_host.web.pages.connections import router as connections
from bonito_host.web.pages.deployments import router as deployments
from bonito_host.web.pages.failover import router as failover
from bonito_host.web.pages.gateway import router as gateway
from bonito_host.web.pages.plans import router as plans
from bonito_host.web.pages.plugins import router as plugins
from bonito_host.web.pages.sign_in import router as sign_in

page_router = APIRouter()
for each in (
    sign_in,
    connections,
    connect,
    catalogue,
    plans,
    deployments,
    gateway,
    failover,
    plugins,
):
    page_router.include_router(each)
