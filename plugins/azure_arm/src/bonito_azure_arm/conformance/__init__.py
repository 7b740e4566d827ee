"""How the contract suite gets at the emulated Azure: what the harnesses of both providers share.

Nothing else of this package imports it: it needs the extra `conformance`.
"""
