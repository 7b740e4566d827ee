"""The gateway: the OpenAI interface over every connection's deployments, on LiteLLM's Router.

`service.GatewayService` is what the rest of the host talks to, and `endpoints.router` serves it to
callers: the application's state holds ``services``, whose ``gateway`` it is.

For the host's pages:

- ``async with GatewayService(application, connections) as gateway`` returns at once; ``ready``,
  ``readiness`` and ``failure`` say how far loading has come.
- ``config`` has ``routes``, ``aliases``, ``proposals`` and ``left_out`` with reasons; ``names()``
  what callers may use; ``routes(name)`` where a name leads; ``problems`` which connections could
  not be looked at, and why.
- ``callers.create(name)`` returns the key, this one time; ``callers.all()`` lists them, and
  ``callers.revoke(id)`` ends one.
- ``ledger.recent(limit)`` returns the last calls; what is unknown of one is None.
- ``refresh(id)`` after a connection or something in its account changed or was removed, ``put`` and
  ``drop`` where the deployment is at hand, ``regroup()`` after groups were accepted or withdrawn.
- ``stream(chat_request(body), caller="page")`` yields pieces of an answer in OpenAI's shape, for
  "try it"; closing the iterator ends the call.
- ``metrics.written()`` are the numbers for Prometheus.
"""
