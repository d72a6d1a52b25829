"""authlib: a Flask application that signs persons in, and a session of a service."""

from authlib.integrations.base_client import OAuthError
from authlib.integrations.flask_client import OAuth
from authlib.integrations.requests_client import OAuth2Session
from flask import Flask, jsonify, session

from browser import Browser
from given import (
    ALGORITHM, CLIENT_ID, CLIENT_SECRET, ISSUER, PASSWORD, REDIRECT_URI, USERNAME, refused, saw,
)

# [documented
app = Flask(__name__)
app.secret_key = "of the application's own cookie"
keyward = OAuth(app).register(
    "keyward",
    client_id=CLIENT_ID,
    client_secret=CLIENT_SECRET,
    server_metadata_url=f"{ISSUER}/.well-known/openid-configuration",
    client_kwargs={"scope": "openid profile email", "code_challenge_method": "S256"},
)
# documented]


@app.get("/login")
def login():
    return keyward.authorize_redirect(REDIRECT_URI)


@app.get("/callback")
def callback():
    token = keyward.authorize_access_token()
    session["id_token"] = token["id_token"]
    return jsonify(token)


@app.get("/logout")
def logout():
    return keyward.logout_redirect(post_logout_redirect_uri=REDIRECT_URI, id_token_hint=session["id_token"])


def web():
    """The application's browser is Flask's test client; the person's is ours."""
    here, browser = app.test_client(), Browser()
    away = here.get("/login").headers["Location"]
    back = browser.open(away, REDIRECT_URI, USERNAME, PASSWORD)
    token = here.get("/callback?" + back.split("?", 1)[1]).get_json()
    claims = token["userinfo"]
    saw("code", scope=token["scope"], sub=claims["sub"], name=claims["preferred_username"], aud=claims["aud"])
    # Signed in once, there is no second page.
    again = browser.open(here.get("/login").headers["Location"], REDIRECT_URI, USERNAME, PASSWORD)
    assert browser.forms == 1, browser.forms
    here.get("/callback?" + again.split("?", 1)[1])
    browser.open(here.get("/logout").headers["Location"], REDIRECT_URI, USERNAME, PASSWORD)
    browser.open(here.get("/login").headers["Location"], REDIRECT_URI, USERNAME, PASSWORD)
    assert browser.forms >= 2, "the sign-in page after the logout"
    saw("logout")
    return token


def service(person):
    metadata = keyward.load_server_metadata()
    saw("discovery", issuer=metadata["issuer"], algorithms=metadata["id_token_signing_alg_values_supported"])
    endpoint = metadata["token_endpoint"]
    own = OAuth2Session(CLIENT_ID, CLIENT_SECRET, scope="profile", token_endpoint=endpoint)
    token = own.fetch_token(endpoint, grant_type="client_credentials")
    saw("client_credentials", scope=token["scope"], kind=token["token_type"], seconds=token["expires_in"])
    for method in ("client_secret_basic", "client_secret_post"):
        direct = OAuth2Session(
            CLIENT_ID, CLIENT_SECRET, scope="openid profile email", token_endpoint_auth_method=method,
            revocation_endpoint_auth_method=method,
        )
        first = direct.fetch_token(endpoint, username=USERNAME, password=PASSWORD)
        second = direct.refresh_token(endpoint, refresh_token=first["refresh_token"])
        assert second["access_token"] != first["access_token"]
        known = direct.get(metadata["userinfo_endpoint"]).json()
        told = direct.introspect_token(metadata["introspection_endpoint"], token=second["access_token"]).json()
        assert told["active"] and told["sub"] == known["sub"] == person, told
        gone = direct.revoke_token(metadata["revocation_endpoint"], token=second["refresh_token"])
        assert gone.status_code == 200, gone.text
        told = direct.introspect_token(metadata["introspection_endpoint"], token=second["access_token"]).json()
        saw("password", method=method, name=known["preferred_username"], active_after=told["active"])
    wrong = OAuth2Session(CLIENT_ID, "wrong")
    kind, text = refused(lambda: wrong.fetch_token(endpoint, grant_type="client_credentials"), OAuthError)
    saw("refused", kind=kind, text=text)


token = web()
service(token["userinfo"]["sub"])
saw("end", algorithm=ALGORITHM)
