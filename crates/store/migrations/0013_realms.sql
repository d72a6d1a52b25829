-- What realms know of their persons and clients.

-- How a realm signs: RS256, ES256 or EdDSA.
ALTER TABLE tenants ADD COLUMN signing_algorithm TEXT NOT NULL DEFAULT 'RS256';

-- Scopes that a client gets only where it asks for them; whether persons are asked first.
ALTER TABLE clients ADD COLUMN optional_scopes TEXT NOT NULL DEFAULT '[]';
ALTER TABLE clients ADD COLUMN consent_required {bool} NOT NULL DEFAULT FALSE;
-- Whether a confidential client may ask for codes without a challenge (RFC 7636), and whether its access
-- tokens say `at+jwt` (RFC 9068).
ALTER TABLE clients ADD COLUMN pkce_optional {bool} NOT NULL DEFAULT FALSE;
ALTER TABLE clients ADD COLUMN rfc9068 {bool} NOT NULL DEFAULT FALSE;

ALTER TABLE persons ADD COLUMN email TEXT;
ALTER TABLE persons ADD COLUMN given_name TEXT;
ALTER TABLE persons ADD COLUMN family_name TEXT;
-- Who vouches for the person (an issuer's `iss`) and its name for them (`sub`); NULL: Keyward itself.
ALTER TABLE persons ADD COLUMN issuer TEXT;
ALTER TABLE persons ADD COLUMN subject TEXT;
-- Roles that the issuer's claims gave at the last sign-in, besides `roles`.
ALTER TABLE persons ADD COLUMN mapped_roles TEXT NOT NULL DEFAULT '[]';
CREATE UNIQUE INDEX persons_subject ON persons (scope, issuer, subject)
    WHERE issuer IS NOT NULL AND NOT deleted;
