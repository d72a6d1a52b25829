"""How schemathesis signs in to Keyward, and what it must not do to itself.

Each operation gets the credential that its description asks for: the token of the cluster's first
person, or the name and secret of an OAuth client. What was called is noted for `covered.py`.
"""

import atexit
import base64
import collections
import json
import os
import threading
import urllib.parse
import urllib.request

import schemathesis

URL = os.environ["FUZZ_URL"]
PASSWORD = os.environ["FUZZ_OPS_PASSWORD"]
CLIENT, SECRET = "fuzz-client", os.environ["FUZZ_CLIENT_SECRET"]
# The client that tokens are issued to, the person that they belong to, and the tool's own client:
# a call that ends one of them would only test what a caller without a token gets.
OWN_NAMES = ("nexus_client", "ops", CLIENT)

lock = threading.Lock()
own_ids = set(OWN_NAMES)
answers = collections.defaultdict(collections.Counter)


def sign_in():
    """A new access token of the cluster's first person."""
    form = {"grant_type": "password", "username": "ops", "password": PASSWORD, "client_id": "nexus_client"}
    request = urllib.request.Request(
        f"{URL}/auth/v3/oauth/token", data=urllib.parse.urlencode(form).encode(), method="POST"
    )
    with urllib.request.urlopen(request) as answer:
        return json.load(answer)["access_token"]


def note_own_ids(token):
    """The ids of what must outlive the run."""
    request = urllib.request.Request(f"{URL}/v1/whoami", headers={"Authorization": f"Bearer {token}"})
    with urllib.request.urlopen(request) as answer:
        own_ids.add(json.load(answer)["id"])


class Token:
    """One token for all calls; those that end the token they bear get one of their own."""

    current = None

    @classmethod
    def fresh(cls):
        with lock:
            cls.current = None
        return cls.get()

    @classmethod
    def get(cls):
        with lock:
            if cls.current is None:
                cls.current = sign_in()
                note_own_ids(cls.current)
            return cls.current


def schemes(case):
    """The names of the security schemes of an operation."""
    definition = case.operation.definition.raw
    return {name for one in definition.get("security", []) for name in one}


@schemathesis.auth()
class Credentials:
    def get(self, case, context):
        wanted = schemes(case)
        if not wanted:
            return None
        if any("basic" in name.lower() or "client" in name.lower() for name in wanted) and not any(
            "bearer" in name.lower() for name in wanted
        ):
            pair = base64.b64encode(f"{CLIENT}:{SECRET}".encode()).decode()
            return f"Basic {pair}"
        ends_it = "sign" in case.path or "password" in case.path
        return f"Bearer {sign_in() if ends_it else Token.get()}"

    def set(self, case, data, context):
        if data is not None:
            case.headers = case.headers or {}
            case.headers["Authorization"] = data


@schemathesis.hook
def filter_case(context, case):
    """Leaves out what would end the run's own person, client or token."""
    parameters = (case.path_parameters or {}).values()
    return not any(urllib.parse.unquote(str(value)) in own_ids for value in parameters)


@schemathesis.hook
def after_call(context, case, response):
    with lock:
        answers[case.operation.label][response.status_code] += 1


@atexit.register
def write_answers():
    with open(os.environ["FUZZ_ANSWERS"], "w", encoding="utf-8") as file:
        json.dump(answers, file)
