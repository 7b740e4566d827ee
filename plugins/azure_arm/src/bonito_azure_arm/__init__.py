"""Entra tokens, Azure Resource Manager and the data planes, as the Azure providers share them.

Importing this package loads no SDK; `Management` loads azure-identity and
azure-mgmt-cognitiveservices at first use.
"""
