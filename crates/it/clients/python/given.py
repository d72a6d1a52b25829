"""What a driver is given by the suite, and how it says what it saw: a line of JSON a step."""

import json
import os

#: The realm's issuer, `http://127.0.0.1:PORT/realms/NAME`.
ISSUER = os.environ["ISSUER"]
#: A confidential client, with every grant.
CLIENT_ID = os.environ["CLIENT_ID"]
CLIENT_SECRET = os.environ["CLIENT_SECRET"]
#: A public client.
PUBLIC_CLIENT_ID = os.environ["PUBLIC_CLIENT_ID"]
#: Registered at each; nobody listens there.
REDIRECT_URI = os.environ["REDIRECT_URI"]
USERNAME = os.environ["PERSON"]
PASSWORD = os.environ["PASSWORD"]
#: How the realm signs: RS256, ES256 or EdDSA.
ALGORITHM = os.environ["ALGORITHM"]

# The installation under test has no TLS; requests-oauthlib wants to be told that this is meant.
os.environ["OAUTHLIB_INSECURE_TRANSPORT"] = "1"
os.environ["AUTHLIB_INSECURE_TRANSPORT"] = "1"


def saw(step, **values):
    """Prints a step."""
    print(json.dumps({"step": step, **values}), flush=True)


def refused(call, *kinds):
    """What the library makes of a refusal; that it is none is the failure."""
    try:
        call()
    except kinds as error:
        return type(error).__name__, str(error)
    raise AssertionError("not refused")
