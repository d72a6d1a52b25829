"""How schemathesis signs in to Keyward, and what it must not do to itself.

Each operation gets the credential that its description asks for: the token of the cluster's first
person, or the name and secret of an OAuth client. What was called is noted for `covered.py`.
"""

import atexit
import base64
import collections
import json
import os
import random
import re
import threading
import urllib.error
import urllib.parse
import urllib.request

import schemathesis

URL = os.environ["FUZZ_URL"]
PASSWORD = os.environ["FUZZ_OPS_PASSWORD"]
CLIENT, SECRET = "fuzz-client", os.environ["FUZZ_CLIENT_SECRET"]
# No names of the document's examples: whose password is guessed is locked for a while.
PERSON, SIGN_IN_CLIENT = "fuzz-person", "fuzz-sign-in"
# The client that tokens are issued to, the person that they belong to, and the tool's own client:
# a call that ends one of them would only test what a caller without a token gets.
OWN_NAMES = (SIGN_IN_CLIENT, PERSON, CLIENT)
TENANT = os.environ["FUZZ_TENANT"]
MAX_QUERY = 32 * 1024
MADE_OF_A_TENANT = ("/v1/keys", "/v1/persons", "/v1/roles", "/v1/clients", "/v1/key-types")

# Not the one that the tool seeds anew for each case.
addresses = random.SystemRandom()
lock = threading.Lock()
own_ids = set(OWN_NAMES)
answers = collections.defaultdict(collections.Counter)


def token_of(form, headers=None):
    """A new access token."""
    request = urllib.request.Request(
        f"{URL}/auth/v3/oauth/token",
        data=urllib.parse.urlencode(form).encode(),
        headers=headers or {},
        method="POST",
    )
    try:
        with urllib.request.urlopen(request) as answer:
            return json.load(answer)["access_token"]
    except urllib.error.HTTPError as error:
        raise RuntimeError(f"no token: {error} {error.read()}") from None


def sign_in():
    """A token of the cluster's first person."""
    form = {
        "grant_type": "password",
        "username": PERSON,
        "password": PASSWORD,
        "client_id": SIGN_IN_CLIENT,
    }
    return token_of(form)


def basic():
    """The tool's own client, as it presents itself."""
    return "Basic " + base64.b64encode(f"{CLIENT}:{SECRET}".encode()).decode()


def note_own_ids(token):
    """The ids of what must outlive the run."""
    request = urllib.request.Request(f"{URL}/v1/whoami", headers={"Authorization": f"Bearer {token}"})
    with urllib.request.urlopen(request) as answer:
        own_ids.add(json.load(answer)["id"])


class Token:
    """One token for all calls; a new one when a call has ended it."""

    current = None

    @classmethod
    def forget(cls, authorization):
        with lock:
            if authorization == f"Bearer {cls.current}":
                cls.current = None

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


# Each case asks for its own: operations want different credentials.
@schemathesis.auth(refresh_interval=None)
class Credentials:
    def get(self, case, context):
        wanted = schemes(case)
        if not wanted:
            return None
        if any("basic" in name.lower() or "client" in name.lower() for name in wanted) and not any(
            "bearer" in name.lower() for name in wanted
        ):
            return basic()
        if case.path.endswith("/change-password"):
            # Wrong old passwords lock the account of whoever presents a token: the body's names do.
            return None
        if case.path.endswith("/sign-out"):
            # With `global` all tokens of its owner end, so the owner is not the one of all other calls.
            token = token_of({"grant_type": "client_credentials"}, {"Authorization": basic()})
            return f"Bearer {token}"
        return f"Bearer {Token.get()}"

    def set(self, case, data, context):
        if data is not None:
            case.headers = case.headers or {}
            case.headers["Authorization"] = data


@schemathesis.serializer("application/x-ndjson", "text/csv")
def lines(context, value):
    return str(value).encode() if not isinstance(value, bytes) else value


@schemathesis.hook
def map_body(context, body):
    """Names a tenant that there is: with the caller's own, the cluster, most can not be made."""
    if isinstance(body, dict) and takes_tenant(context.operation) and usable(body.get("tenant")):
        body["tenant"] = TENANT
    return body


def takes_tenant(operation):
    """Whether the operation makes something of a tenant."""
    return operation.method == "post" and operation.path in MADE_OF_A_TENANT


def usable(tenant):
    """Whether it may be replaced: what fits the schema. The rest is sent on purpose."""
    return tenant is None or (isinstance(tenant, str) and (tenant == "*" or len(tenant) == 36))


@schemathesis.hook
def before_call(context, case, **kwargs):
    """Every call from an address of its own: credentials that are wrong on purpose would otherwise
    have the run's own refused, too (EN-06)."""
    spare_own(case)
    case.headers = case.headers or {}
    refresh(case.headers)
    case.headers["X-Forwarded-For"] = f"2001:db8::{addresses.getrandbits(16):x}:{addresses.getrandbits(16):x}"


def spare_own(case):
    """Names that answers showed are put in after `filter_case`: those of the run's own are taken out."""
    for name, value in (case.path_parameters or {}).items():
        if urllib.parse.unquote(str(value)) in own_ids:
            case.path_parameters[name] = "nobody"


def refresh(headers):
    """A key of its own for each call, or its answer is an older one; most calls whatever the version.
    What is wrong on purpose stays."""
    for name, value in list(headers.items()):
        if name.lower() == "idempotency-key" and re.fullmatch("[!-~]{1,255}", str(value)):
            headers[name] = f"fuzz-{addresses.getrandbits(96):x}"
        elif name.lower() == "if-match" and re.fullmatch('"[0-9]{1,9}"', str(value)) and addresses.random() < 0.8:
            headers[name] = "*"


@schemathesis.check
def schema_is_exact(ctx, response, case):
    """What fits the schema is not refused for its form; see schemathesis.toml."""
    meta = case.meta
    if response.status_code not in (400, 415, 422) or meta is None or not meta.generation.mode.is_positive:
        return None
    if case.path == "/v1/keys/import":
        return None  # A text, whose lines are judged one by one.
    problem = problem_of(response)
    code, detail = problem.get("code"), problem.get("detail")
    if detail == "expected a whole number, neither negative nor too large" and is_whole_float(
        case.body, problem.get("field")
    ):
        return None  # To JSON Schema 1.0 is an integer; to us it is not.
    # `invalid` speaks of a value that the form of the request allows, the others of no part of it.
    assert code in ("invalid", "malformed_credentials", "two_credentials", None), f"Refused for its form ({code}): {response.text}"
    return None


def is_whole_float(body, field):
    """Whether `rotation.everyDays`, `questions[4].cost` of a body is a number like 1.0."""
    for step in re.findall(r"[^.\[\]]+", field or ""):
        try:
            body = body[int(step) if isinstance(body, list) else step]
        except (KeyError, IndexError, TypeError, ValueError):
            return False
    return isinstance(body, float) and body.is_integer()


def problem_of(response):
    """Our own problem; other wires do not tell form from value."""
    if not response.headers.get("content-type", [""])[0].startswith("application/problem+json"):
        return {}
    return response.json()


@schemathesis.hook
def filter_case(context, case):
    """Leaves out what would end the run's own person, client or token, and what no server would read."""
    parameters = (case.path_parameters or {}).values()
    ends_own = any(urllib.parse.unquote(str(value)) in own_ids for value in parameters)
    # A head of more than 32 KiB may be refused by the HTTP library, with a 431 that says nothing.
    head = urllib.parse.urlencode(dict(case.query or {}), doseq=True, errors="replace")
    return not ends_own and len(head) < MAX_QUERY


@schemathesis.hook
def after_call(context, case, response):
    with lock:
        answers[case.operation.label][response.status_code] += 1
    if response.status_code == 401:
        Token.forget((case.headers or {}).get("Authorization"))


@atexit.register
def write_answers():
    with open(os.environ["FUZZ_ANSWERS"], "w", encoding="utf-8") as file:
        json.dump(answers, file)
