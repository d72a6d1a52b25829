"""python-keycloak: what it does with a realm of Keycloak, with a realm of Keyward."""

import urllib.parse

from keycloak import KeycloakOpenID
from keycloak.exceptions import KeycloakAuthenticationError, KeycloakError
from keycloak.pkce_utils import generate_code_challenge, generate_code_verifier

from browser import Browser
from given import ALGORITHM, CLIENT_ID, CLIENT_SECRET, ISSUER, PASSWORD, REDIRECT_URI, USERNAME, refused, saw

server, realm = ISSUER.split("/realms/")
# [documented
keyward = KeycloakOpenID(server_url=server, realm_name=realm, client_id=CLIENT_ID, client_secret_key=CLIENT_SECRET)
token = keyward.token(USERNAME, PASSWORD, scope="openid profile email")
claims = keyward.decode_token(token["access_token"])
person = keyward.userinfo(token["access_token"])
# documented]
assert claims["iss"] == ISSUER and claims["sub"] == person["sub"], (claims, person)
keys = keyward.certs()["keys"]
assert keyward.well_known()["issuer"] == ISSUER
saw(
    "password",
    name=person["preferred_username"],
    roles=claims["realm_access"]["roles"],
    kind=claims["typ"],
    algorithms=[key["alg"] for key in keys],
    public_key=keyward.public_key(),
)
told = keyward.introspect(token["access_token"])
assert told["active"] and told["client_id"] == CLIENT_ID and told["username"] == USERNAME, told
fresh = keyward.refresh_token(token["refresh_token"])
assert keyward.decode_token(fresh["access_token"])["sub"] == claims["sub"]
kind, text = refused(lambda: keyward.refresh_token(token["refresh_token"]), KeycloakError)
saw("refresh", again=kind, text=text)

own = keyward.token(grant_type="client_credentials", scope="profile")
service = keyward.decode_token(own["access_token"])
saw("client_credentials", scope=own["scope"], name=service["preferred_username"], client=service["client_id"])

verifier = generate_code_verifier()
challenge, method = generate_code_challenge(verifier)
url = keyward.auth_url(
    REDIRECT_URI, scope="openid profile email", state="s", nonce="n", code_challenge=challenge, code_challenge_method=method
)
back = Browser().open(url, REDIRECT_URI, USERNAME, PASSWORD)
answer = urllib.parse.parse_qs(back.split("?", 1)[1])
assert answer["state"] == ["s"] and answer["iss"] == [ISSUER], answer
token = keyward.token(
    grant_type="authorization_code", code=answer["code"][0], redirect_uri=REDIRECT_URI, code_verifier=verifier
)
claims = keyward.decode_token(token["id_token"])
assert claims["nonce"] == "n" and claims["aud"] in (CLIENT_ID, [CLIENT_ID]), claims
saw("code", sub_is_persons=claims["sub"] == person["sub"], scope=token["scope"])
keyward.logout(token["refresh_token"])
kind, text = refused(lambda: keyward.refresh_token(token["refresh_token"]), KeycloakError)
saw("logout", active_after=keyward.introspect(token["access_token"])["active"], kind=kind)

kind, text = refused(lambda: keyward.token(USERNAME, "wrong"), KeycloakAuthenticationError)
saw("refused", kind=kind, text=text)
elsewhere = KeycloakOpenID(server_url=server, realm_name="nowhere", client_id=CLIENT_ID, client_secret_key=CLIENT_SECRET)
kind, text = refused(elsewhere.well_known, KeycloakError)
saw("no_such_realm", text=text)
saw("end", algorithm=ALGORITHM)
