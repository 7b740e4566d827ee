"""What the plugin tells in situations of the account, each from the service's documentation."""

from __future__ import annotations

from bonito_aws_bedrock.conformance.agreeing import AGREEING
from bonito_aws_bedrock.conformance.buying import BUYING
from bonito_aws_bedrock.conformance.calling import CALLING
from bonito_aws_bedrock.conformance.entering import ENTERING
from bonito_aws_bedrock.conformance.inventory import INVENTORY
from bonito_aws_bedrock.conformance.making import MAKING
from bonito_aws_bedrock.conformance.reading import READING
from bonito_aws_bedrock.conformance.routing import ROUTING

SITUATIONS = (
    *ROUTING,
    *CALLING,
    *READING,
    *INVENTORY,
    *ENTERING,
    *MAKING,
    *BUYING,
    *AGREEING,
)
