"""requests-oauthlib: code with PKCE, client credentials, password, refresh, revocation."""

import urllib.parse

import requests
from oauthlib.oauth2 import BackendApplicationClient, LegacyApplicationClient, OAuth2Error
from requests_oauthlib import OAuth2Session

from browser import Browser
from given import CLIENT_ID, CLIENT_SECRET, ISSUER, PASSWORD, PUBLIC_CLIENT_ID, REDIRECT_URI, USERNAME, refused, saw

SCOPES = ["openid", "profile", "email"]
metadata = requests.get(f"{ISSUER}/.well-known/openid-configuration", timeout=20).json()
saw("discovery", issuer=metadata["issuer"], methods=metadata["code_challenge_methods_supported"])


def sign_in(url):
    return Browser().open(url, REDIRECT_URI, USERNAME, PASSWORD)


def code(client_id, secret):
    # [documented
    keyward = OAuth2Session(client_id, redirect_uri=REDIRECT_URI, scope=SCOPES, pkce="S256")
    url, state = keyward.authorization_url(metadata["authorization_endpoint"])
    answer = sign_in(url)  # the address that the browser comes back to
    token = keyward.fetch_token(
        metadata["token_endpoint"],
        authorization_response=answer,
        client_secret=secret,  # a public client has none, and says who it is by include_client_id
        include_client_id=secret is None,
    )
    # documented]
    assert urllib.parse.parse_qs(answer.split("?")[1])["state"] == [state]
    person = keyward.get(metadata["userinfo_endpoint"]).json()
    saw("code", client=client_id, scope=" ".join(sorted(token["scope"])), name=person["preferred_username"])
    authentication = {"auth": (client_id, secret)} if secret else {"client_id": client_id}
    fresh = keyward.refresh_token(metadata["token_endpoint"], **authentication)
    assert fresh["access_token"] != token["access_token"]
    saw("refresh", client=client_id)
    # The code was spent; a second use is refused, and ends what the first one gave.
    kind, text = refused(
        lambda: keyward.fetch_token(
            metadata["token_endpoint"],
            authorization_response=answer,
            client_secret=secret,
            include_client_id=secret is None,
        ),
        OAuth2Error,
    )
    gone = requests.get(
        metadata["userinfo_endpoint"], headers={"Authorization": f"Bearer {fresh['access_token']}"}, timeout=20
    )
    saw("code_again", kind=kind, text=text, status=gone.status_code)


code(CLIENT_ID, CLIENT_SECRET)
code(PUBLIC_CLIENT_ID, None)

service = OAuth2Session(client=BackendApplicationClient(CLIENT_ID))
token = service.fetch_token(metadata["token_endpoint"], client_secret=CLIENT_SECRET)
saw("client_credentials", scope=" ".join(token["scope"]), refresh="refresh_token" in token)

direct = OAuth2Session(client=LegacyApplicationClient(CLIENT_ID, scope=SCOPES))
token = direct.fetch_token(
    metadata["token_endpoint"], username=USERNAME, password=PASSWORD, client_id=CLIENT_ID, client_secret=CLIENT_SECRET
)
person = direct.get(metadata["userinfo_endpoint"]).json()
url, headers, body = direct._client.prepare_token_revocation_request(  # the library has no public one for sessions
    metadata["revocation_endpoint"], token["refresh_token"], "refresh_token"
)
gone = requests.post(url, data=body, headers=headers, auth=(CLIENT_ID, CLIENT_SECRET), timeout=20)
after = direct.get(metadata["userinfo_endpoint"])
saw("password", name=person["preferred_username"], revoked=gone.status_code, after=after.status_code)
kind, text = refused(
    lambda: direct.fetch_token(
        metadata["token_endpoint"], username=USERNAME, password="wrong", client_id=CLIENT_ID, client_secret=CLIENT_SECRET
    ),
    OAuth2Error,
)
saw("refused", kind=kind, text=text)
