SET statement_timeout = 0;
SET lock_timeout = 0;
SET idle_in_transaction_session_timeout = 0;
SET client_encoding = 'UTF8';
SET standard_conforming_strings = on;
SELECT pg_catalog.set_config('search_path', '', false);
SET check_function_bodies = false;
SET xmloption = content;
SET client_min_messages = warning;
SET row_security = off;
CREATE FUNCTION public.keys_guard() RETURNS trigger
    LANGUAGE plpgsql
    AS $$
BEGIN
    IF NEW.id IS DISTINCT FROM OLD.id
        OR NEW.scope IS DISTINCT FROM OLD.scope
        OR NEW.key_type IS DISTINCT FROM OLD.key_type
        OR NEW.owner IS DISTINCT FROM OLD.owner
        OR NEW.created_at IS DISTINCT FROM OLD.created_at
        OR NEW.created_by IS DISTINCT FROM OLD.created_by
    THEN
        RAISE EXCEPTION 'a key keeps its id, scope, type, owner and origin';
    END IF;
    IF NEW.permissions IS DISTINCT FROM OLD.permissions
        AND OLD.key_type IN ('nexus', 'ges', 'client', 'openconnect', 'queueadapter', 'telephony', 'psk', 'deployment')
    THEN
        RAISE EXCEPTION 'the permissions of a key of this type never change';
    END IF;
    IF OLD.deleted_at IS NOT NULL AND NEW.deleted_at IS DISTINCT FROM OLD.deleted_at THEN
        RAISE EXCEPTION 'a deleted key stays deleted';
    END IF;
    RETURN NEW;
END
$$;
SET default_tablespace = '';
SET default_table_access_method = heap;
CREATE TABLE public.audit_events (
    seq bigint NOT NULL,
    scope text NOT NULL,
    "position" bigint NOT NULL,
    key_generation bigint NOT NULL,
    link bytea NOT NULL,
    event text NOT NULL,
    at bigint NOT NULL,
    action text NOT NULL,
    actor text NOT NULL,
    subject_kind text NOT NULL,
    subject_id text NOT NULL
);
ALTER TABLE public.audit_events ALTER COLUMN seq ADD GENERATED ALWAYS AS IDENTITY (
    SEQUENCE NAME public.audit_events_seq_seq
    START WITH 1
    INCREMENT BY 1
    NO MINVALUE
    NO MAXVALUE
    CACHE 1
);
CREATE TABLE public.audit_heads (
    scope text NOT NULL,
    "position" bigint NOT NULL,
    link bytea NOT NULL
);
CREATE TABLE public.audit_signed_heads (
    scope text NOT NULL,
    "position" bigint NOT NULL,
    link bytea NOT NULL,
    at bigint NOT NULL,
    signature bytea NOT NULL
);
CREATE TABLE public.changes (
    seq bigint NOT NULL,
    kind bigint NOT NULL,
    id text NOT NULL,
    version bigint NOT NULL
);
ALTER TABLE public.changes ALTER COLUMN seq ADD GENERATED ALWAYS AS IDENTITY (
    SEQUENCE NAME public.changes_seq_seq
    START WITH 1
    INCREMENT BY 1
    NO MINVALUE
    NO MAXVALUE
    CACHE 1
);
CREATE TABLE public.clients (
    id text NOT NULL,
    client_id text NOT NULL,
    scope text NOT NULL,
    name text NOT NULL,
    description text,
    public boolean NOT NULL,
    grants text NOT NULL,
    scopes text NOT NULL,
    redirect_uris text NOT NULL,
    roles text NOT NULL,
    rights text NOT NULL,
    contact_centers text NOT NULL,
    authorities text NOT NULL,
    access_ttl_s bigint NOT NULL,
    refresh_ttl_s bigint NOT NULL,
    enabled boolean NOT NULL,
    secret_generation bigint,
    secret_digest bytea,
    created_at bigint NOT NULL,
    deleted boolean NOT NULL,
    version bigint NOT NULL,
    revision bigint NOT NULL
);
CREATE TABLE public.environments (
    id text NOT NULL,
    name text NOT NULL,
    created_at bigint NOT NULL
);
CREATE TABLE public.idempotency (
    key_mac bytea NOT NULL,
    body_mac bytea NOT NULL,
    at bigint NOT NULL,
    status bigint,
    etag text,
    answer text
);
CREATE TABLE public.installation (
    one bigint NOT NULL,
    id text NOT NULL,
    CONSTRAINT installation_one_check CHECK ((one = 1))
);
CREATE TABLE public.key_usage (
    key_id bytea NOT NULL,
    last_used bigint NOT NULL
);
CREATE TABLE public.keys (
    id bytea NOT NULL,
    scope text NOT NULL,
    key_type text NOT NULL,
    name text NOT NULL,
    description text,
    owner text,
    permissions text NOT NULL,
    enabled boolean NOT NULL,
    starts_at bigint,
    expires_at bigint,
    revoked_at bigint,
    revoke_reason text,
    capacity bigint,
    frequency_s bigint,
    allow_list text NOT NULL,
    hint text NOT NULL,
    acknowledged_at bigint,
    created_at bigint NOT NULL,
    created_by text NOT NULL,
    version bigint NOT NULL,
    unavailable_at bigint,
    search text NOT NULL,
    deleted_at bigint
);
CREATE TABLE public.master_keys (
    n bigint NOT NULL,
    name text NOT NULL,
    check_value bytea NOT NULL,
    state text NOT NULL
);
CREATE TABLE public.migrations (
    number bigint NOT NULL,
    checksum text NOT NULL
);
CREATE TABLE public.persons (
    id text NOT NULL,
    scope text NOT NULL,
    username text NOT NULL,
    folded text NOT NULL,
    roles text NOT NULL,
    enabled boolean NOT NULL,
    must_change_password boolean NOT NULL,
    password text NOT NULL,
    created_at bigint NOT NULL,
    deleted boolean NOT NULL,
    version bigint NOT NULL,
    revision bigint NOT NULL
);
CREATE TABLE public.roles (
    scope text NOT NULL,
    name text NOT NULL,
    cluster_only boolean NOT NULL,
    rights text NOT NULL
);
CREATE TABLE public.sealed_keys (
    name text NOT NULL,
    generation bigint NOT NULL,
    sealed bytea NOT NULL
);
CREATE TABLE public.secrets (
    key_id bytea NOT NULL,
    slot bigint NOT NULL,
    lookup bytea NOT NULL,
    generation bigint NOT NULL,
    sealed_digest bytea NOT NULL,
    sealed_secret bytea,
    hint text NOT NULL,
    ends_at bigint
);
CREATE TABLE public.sign_in_attempts (
    name_mac bytea NOT NULL,
    source_mac bytea NOT NULL,
    failures bigint NOT NULL,
    locked_until bigint NOT NULL,
    last_at bigint NOT NULL,
    proven_at bigint
);
CREATE TABLE public.tenant_domains (
    domain text NOT NULL,
    tenant text NOT NULL,
    place bigint NOT NULL
);
CREATE TABLE public.tenants (
    id text NOT NULL,
    name text NOT NULL,
    environment text,
    realm text,
    auth text NOT NULL,
    enabled boolean NOT NULL,
    created_at bigint NOT NULL,
    deleted_at bigint,
    version bigint NOT NULL
);
CREATE TABLE public.token_families (
    id bytea NOT NULL,
    principal bytea NOT NULL,
    uses bigint NOT NULL,
    expires_at bigint NOT NULL,
    revoked_at bigint
);
CREATE TABLE public.tokens (
    digest bytea NOT NULL,
    kind bigint NOT NULL,
    family bytea NOT NULL,
    principal_kind bigint NOT NULL,
    principal bytea NOT NULL,
    client bytea NOT NULL,
    scope text NOT NULL,
    issued_at bigint NOT NULL,
    expires_at bigint NOT NULL,
    state bigint NOT NULL,
    ended_at bigint
);
CREATE TABLE public.usage_hours (
    key_id bytea NOT NULL,
    hour bigint NOT NULL,
    verdict bigint NOT NULL,
    count bigint NOT NULL
);
CREATE TABLE public.usage_journal (
    at bigint NOT NULL,
    place bigint NOT NULL,
    packed bytea NOT NULL
);
INSERT INTO public.audit_events OVERRIDING SYSTEM VALUE VALUES (1, '*', 1, 1, '\x614c7cdf25ae4db9ea62b5ab34ebfdd7d04d746dac065a9e96ebc1f749101ec7', '{"v":1,"action":"installation.create","at":"2026-11-22T03:24:50.297Z","tenant":"*","actor":{"kind":"system","id":null,"name":"first start","tenant":"*"},"address":null,"requestId":"first-start","subject":{"kind":"installation","id":"keyward"},"before":{},"after":{},"detail":{"roles":["ops","admin","viewer","service","nx1_app_manager","nx1_ask","nx1_engineer","nx1_ingest","nx1_monitor","nx1_monitor_admin"]}}', 1795317890297, 'installation.create', 'system', 'installation', 'keyward');
INSERT INTO public.audit_events OVERRIDING SYSTEM VALUE VALUES (2, '*', 2, 1, '\x10826f149ae1edc527d0761819cce48f1def2c76c712d91953031e798041fabf', '{"v":1,"action":"person.create","at":"2026-11-22T03:24:50.297Z","tenant":"*","actor":{"kind":"system","id":null,"name":"first start","tenant":"*"},"address":null,"requestId":"first-start","subject":{"kind":"person","id":"1b080433-352d-46de-97e8-3fb8ef975940"},"before":{},"after":{"username":"ops","tenant":"*","roles":["ops"],"enabled":true,"mustChangePassword":false,"version":1},"detail":{}}', 1795317890297, 'person.create', 'system', 'person', '1b080433-352d-46de-97e8-3fb8ef975940');
INSERT INTO public.audit_events OVERRIDING SYSTEM VALUE VALUES (3, '*', 3, 1, '\x7604484ce5f47d44c6c9ad24edea4f22935261794c76630b766fbdd9cf5f5966', '{"v":1,"action":"client.create","at":"2026-11-22T03:24:50.297Z","tenant":"*","actor":{"kind":"system","id":null,"name":"first start","tenant":"*"},"address":null,"requestId":"first-start","subject":{"kind":"client","id":"5a2b644e-a607-4da5-b8f9-5ab893bd581f"},"before":{},"after":{"clientId":"nexus_client","tenant":"*","name":"nexus_client","public":true,"grants":["password","refresh_token"],"scopes":["*"],"redirectUris":[],"roles":[],"rights":[],"contactCenters":[],"accessTtl":43200,"refreshTtl":2592000,"enabled":true,"version":1},"detail":{}}', 1795317890297, 'client.create', 'system', 'client', '5a2b644e-a607-4da5-b8f9-5ab893bd581f');
INSERT INTO public.audit_events OVERRIDING SYSTEM VALUE VALUES (4, '*', 4, 1, '\x12c8068f98d71184e2eeab0a966ab598a4e56fd02a9460e6eecb1a610fac1797', '{"v":1,"action":"client.create","at":"2026-11-22T03:24:50.297Z","tenant":"*","actor":{"kind":"system","id":null,"name":"first start","tenant":"*"},"address":null,"requestId":"first-start","subject":{"kind":"client","id":"043e2d6b-291f-4cca-8e79-ed28aa86d332"},"before":{},"after":{"clientId":"cluster-verifier","tenant":"*","name":"cluster-verifier","public":false,"grants":["client_credentials"],"scopes":["*"],"redirectUris":[],"roles":[],"rights":["Keys.canVerify"],"contactCenters":[],"accessTtl":43200,"refreshTtl":2592000,"enabled":true,"version":1},"detail":{}}', 1795317890297, 'client.create', 'system', 'client', '043e2d6b-291f-4cca-8e79-ed28aa86d332');
INSERT INTO public.audit_events OVERRIDING SYSTEM VALUE VALUES (5, '578ec98e-f07c-46ad-9675-f36c22f3ba9f', 1, 1, '\x53a53437cb7fc23bd2c5439bc00b2f0dcac7666710318549594d830e2c5d7cfd', '{"v":1,"action":"tenant.create","at":"2026-11-22T03:24:50.297Z","tenant":"578ec98e-f07c-46ad-9675-f36c22f3ba9f","actor":{"kind":"system","id":null,"name":"first start","tenant":"*"},"address":null,"requestId":"first-start","subject":{"kind":"tenant","id":"578ec98e-f07c-46ad-9675-f36c22f3ba9f"},"before":{},"after":{"name":"premise_tenant","domains":["t100"],"environment":null,"realm":"companya","enabled":true,"version":1},"detail":{}}', 1795317890297, 'tenant.create', 'system', 'tenant', '578ec98e-f07c-46ad-9675-f36c22f3ba9f');
INSERT INTO public.audit_events OVERRIDING SYSTEM VALUE VALUES (6, '578ec98e-f07c-46ad-9675-f36c22f3ba9f', 2, 1, '\x87268ea364d47a31b96c0a02cbc653527296e67dde3e9483b8cb1fcfbaa296d7', '{"v":1,"action":"person.create","at":"2026-11-22T03:24:50.297Z","tenant":"578ec98e-f07c-46ad-9675-f36c22f3ba9f","actor":{"kind":"system","id":null,"name":"first start","tenant":"*"},"address":null,"requestId":"first-start","subject":{"kind":"person","id":"faea3582-fc25-4b14-81aa-049eef03eccd"},"before":{},"after":{"username":"nexus","tenant":"578ec98e-f07c-46ad-9675-f36c22f3ba9f","roles":["admin"],"enabled":true,"mustChangePassword":false,"version":1},"detail":{}}', 1795317890297, 'person.create', 'system', 'person', 'faea3582-fc25-4b14-81aa-049eef03eccd');
INSERT INTO public.audit_events OVERRIDING SYSTEM VALUE VALUES (7, '578ec98e-f07c-46ad-9675-f36c22f3ba9f', 3, 1, '\x14a6a4f5a845a447bdfd659b146a57041d0a78927c58bf66c9e01a2f817be9c1', '{"v":1,"action":"key.create","at":"2026-11-22T03:24:50.297Z","tenant":"578ec98e-f07c-46ad-9675-f36c22f3ba9f","actor":{"kind":"system","id":null,"name":"first start","tenant":"*"},"address":null,"requestId":"first-start","subject":{"kind":"key","id":"key_7L0zfvfCvJEpAolRtO9mny"},"before":{},"after":{"keyType":"deployment","tenant":"578ec98e-f07c-46ad-9675-f36c22f3ba9f","name":"Deployment key","description":"Made at the first start","owner":null,"permissions":["nx1:*"],"enabled":true,"startsAt":null,"expiresAt":null,"revokedAt":null,"revokeReason":null,"capacity":null,"frequency":null,"allowList":[],"hint":"psk_…PLvC","acknowledgedAt":null,"createdAt":"2026-11-22T03:24:50.297Z","createdBy":"keyward","version":1},"detail":{}}', 1795317890297, 'key.create', 'system', 'key', 'key_7L0zfvfCvJEpAolRtO9mny');
INSERT INTO public.audit_events OVERRIDING SYSTEM VALUE VALUES (8, '578ec98e-f07c-46ad-9675-f36c22f3ba9f', 4, 1, '\x4bdd8a97e63d0bae659849df3674e7af44ea95e12271ebe39ddc7cb380b2519d', '{"v":1,"action":"person.sign_in","at":"2026-11-22T03:24:50.533Z","tenant":"578ec98e-f07c-46ad-9675-f36c22f3ba9f","actor":{"kind":"person","id":"faea3582-fc25-4b14-81aa-049eef03eccd","name":"nexus","tenant":"578ec98e-f07c-46ad-9675-f36c22f3ba9f"},"address":"127.0.0.1","requestId":"837aedd5afe73adb215edcc4ba26626d","subject":{"kind":"person","id":"faea3582-fc25-4b14-81aa-049eef03eccd"},"before":{},"after":{},"detail":{"by":"password grant","client":"nexus_client","count":1}}', 1795317890533, 'person.sign_in', 'person:faea3582-fc25-4b14-81aa-049eef03eccd', 'person', 'faea3582-fc25-4b14-81aa-049eef03eccd');
INSERT INTO public.audit_events OVERRIDING SYSTEM VALUE VALUES (9, '578ec98e-f07c-46ad-9675-f36c22f3ba9f', 5, 1, '\x2f9803252d107c04a321fea10a833dc6a145f9eb7c1d72997dbf473180063212', '{"v":1,"action":"key.create","at":"2026-11-22T03:24:50.802Z","tenant":"578ec98e-f07c-46ad-9675-f36c22f3ba9f","actor":{"kind":"person","id":"faea3582-fc25-4b14-81aa-049eef03eccd","name":"nexus","tenant":"578ec98e-f07c-46ad-9675-f36c22f3ba9f"},"address":"127.0.0.1","requestId":"837aedd5afe73adbab84221a0a01ac60","subject":{"kind":"key","id":"key_4aa0x4Ec6LGlnoDEhxyMCf"},"before":{},"after":{"keyType":"nexus","tenant":"578ec98e-f07c-46ad-9675-f36c22f3ba9f","name":"chat","description":null,"owner":null,"permissions":["nexus:consumer:chat"],"enabled":true,"startsAt":null,"expiresAt":null,"revokedAt":null,"revokeReason":null,"capacity":120,"frequency":60,"allowList":[],"hint":"…8283","acknowledgedAt":null,"createdAt":"2026-11-22T03:24:50.802Z","createdBy":"nexus","version":1},"detail":{}}', 1795317890802, 'key.create', 'person:faea3582-fc25-4b14-81aa-049eef03eccd', 'key', 'key_4aa0x4Ec6LGlnoDEhxyMCf');
INSERT INTO public.audit_events OVERRIDING SYSTEM VALUE VALUES (10, '578ec98e-f07c-46ad-9675-f36c22f3ba9f', 6, 1, '\x74091c7c03274e1ebd01492f08d13937daada551e0caaf0bea4bf05684855d44', '{"v":1,"action":"key.create","at":"2026-11-22T03:24:50.826Z","tenant":"578ec98e-f07c-46ad-9675-f36c22f3ba9f","actor":{"kind":"person","id":"faea3582-fc25-4b14-81aa-049eef03eccd","name":"nexus","tenant":"578ec98e-f07c-46ad-9675-f36c22f3ba9f"},"address":"127.0.0.1","requestId":"837aedd5afe73adbdb9adc1dc6231fb2","subject":{"kind":"key","id":"key_4yUbuotVapXrVx62f2Se1N"},"before":{},"after":{"keyType":"api","tenant":"578ec98e-f07c-46ad-9675-f36c22f3ba9f","name":"orders","description":null,"owner":null,"permissions":["orders:read"],"enabled":true,"startsAt":null,"expiresAt":null,"revokedAt":null,"revokeReason":null,"capacity":null,"frequency":null,"allowList":[],"hint":"kw_…qz0G","acknowledgedAt":null,"createdAt":"2026-11-22T03:24:50.826Z","createdBy":"nexus","version":1},"detail":{}}', 1795317890826, 'key.create', 'person:faea3582-fc25-4b14-81aa-049eef03eccd', 'key', 'key_4yUbuotVapXrVx62f2Se1N');
INSERT INTO public.audit_events OVERRIDING SYSTEM VALUE VALUES (11, '578ec98e-f07c-46ad-9675-f36c22f3ba9f', 7, 1, '\x860472fd593406204e809e954ee1a3870b9ef705d7fe845fd9f2b87abcee846a', '{"v":1,"action":"key.create","at":"2026-11-22T03:24:50.856Z","tenant":"578ec98e-f07c-46ad-9675-f36c22f3ba9f","actor":{"kind":"person","id":"faea3582-fc25-4b14-81aa-049eef03eccd","name":"nexus","tenant":"578ec98e-f07c-46ad-9675-f36c22f3ba9f"},"address":"127.0.0.1","requestId":"837aedd5afe73adbcccd3bfc04de1db8","subject":{"kind":"key","id":"key_4k8zpEW2t2HSxcRYnUrDsc"},"before":{},"after":{"keyType":"api","tenant":"578ec98e-f07c-46ad-9675-f36c22f3ba9f","name":"revoked","description":null,"owner":null,"permissions":["orders:read"],"enabled":true,"startsAt":null,"expiresAt":null,"revokedAt":null,"revokeReason":null,"capacity":null,"frequency":null,"allowList":[],"hint":"kw_…KKfu","acknowledgedAt":null,"createdAt":"2026-11-22T03:24:50.856Z","createdBy":"nexus","version":1},"detail":{}}', 1795317890856, 'key.create', 'person:faea3582-fc25-4b14-81aa-049eef03eccd', 'key', 'key_4k8zpEW2t2HSxcRYnUrDsc');
INSERT INTO public.audit_events OVERRIDING SYSTEM VALUE VALUES (12, '578ec98e-f07c-46ad-9675-f36c22f3ba9f', 8, 1, '\x937b9152ea0eb4e648538b38589facced1a7400ec921c6490a23a15cbf4aac17', '{"v":1,"action":"key.create","at":"2026-11-22T03:24:50.881Z","tenant":"578ec98e-f07c-46ad-9675-f36c22f3ba9f","actor":{"kind":"person","id":"faea3582-fc25-4b14-81aa-049eef03eccd","name":"nexus","tenant":"578ec98e-f07c-46ad-9675-f36c22f3ba9f"},"address":"127.0.0.1","requestId":"837aedd5afe73adbc9cddb6807ab4050","subject":{"kind":"key","id":"key_6E3gzG19l3ZA99tM3LSGl3"},"before":{},"after":{"keyType":"api","tenant":"578ec98e-f07c-46ad-9675-f36c22f3ba9f","name":"rotated","description":null,"owner":null,"permissions":["orders:write"],"enabled":true,"startsAt":null,"expiresAt":null,"revokedAt":null,"revokeReason":null,"capacity":3,"frequency":60,"allowList":[],"hint":"kw_…ypme","acknowledgedAt":null,"createdAt":"2026-11-22T03:24:50.881Z","createdBy":"nexus","version":1},"detail":{}}', 1795317890881, 'key.create', 'person:faea3582-fc25-4b14-81aa-049eef03eccd', 'key', 'key_6E3gzG19l3ZA99tM3LSGl3');
INSERT INTO public.audit_events OVERRIDING SYSTEM VALUE VALUES (13, '578ec98e-f07c-46ad-9675-f36c22f3ba9f', 9, 1, '\xdfe4f08230e690b08922d9fac03c9a3bce1797f480f23995dd4079961da51bac', '{"v":1,"action":"key.create","at":"2026-11-22T03:24:50.911Z","tenant":"578ec98e-f07c-46ad-9675-f36c22f3ba9f","actor":{"kind":"person","id":"faea3582-fc25-4b14-81aa-049eef03eccd","name":"nexus","tenant":"578ec98e-f07c-46ad-9675-f36c22f3ba9f"},"address":"127.0.0.1","requestId":"837aedd5afe73adb47662fec9b6b5fa1","subject":{"kind":"key","id":"key_0jZyDelGuXARuJAnYLiIEv"},"before":{},"after":{"keyType":"api","tenant":"578ec98e-f07c-46ad-9675-f36c22f3ba9f","name":"deleted","description":null,"owner":null,"permissions":["orders:write"],"enabled":true,"startsAt":null,"expiresAt":null,"revokedAt":null,"revokeReason":null,"capacity":null,"frequency":null,"allowList":[],"hint":"kw_…eqJe","acknowledgedAt":null,"createdAt":"2026-11-22T03:24:50.911Z","createdBy":"nexus","version":1},"detail":{}}', 1795317890911, 'key.create', 'person:faea3582-fc25-4b14-81aa-049eef03eccd', 'key', 'key_0jZyDelGuXARuJAnYLiIEv');
INSERT INTO public.audit_events OVERRIDING SYSTEM VALUE VALUES (14, '578ec98e-f07c-46ad-9675-f36c22f3ba9f', 10, 1, '\xa150c71f0c9ecc7d661533f57784662d3407609e801fc9175489f3b48d787c05', '{"v":1,"action":"key.revoke","at":"2026-11-22T03:24:51.135Z","tenant":"578ec98e-f07c-46ad-9675-f36c22f3ba9f","actor":{"kind":"person","id":"faea3582-fc25-4b14-81aa-049eef03eccd","name":"nexus","tenant":"578ec98e-f07c-46ad-9675-f36c22f3ba9f"},"address":"127.0.0.1","requestId":"837aedd5afe73adb2f211521fce5d80e","subject":{"kind":"key","id":"key_4k8zpEW2t2HSxcRYnUrDsc"},"before":{"keyType":"api","tenant":"578ec98e-f07c-46ad-9675-f36c22f3ba9f","name":"revoked","description":null,"owner":null,"permissions":["orders:read"],"enabled":true,"startsAt":null,"expiresAt":null,"revokedAt":null,"revokeReason":null,"capacity":null,"frequency":null,"allowList":[],"hint":"kw_…KKfu","acknowledgedAt":null,"createdAt":"2026-11-22T03:24:50.856Z","createdBy":"nexus","version":1},"after":{"keyType":"api","tenant":"578ec98e-f07c-46ad-9675-f36c22f3ba9f","name":"revoked","description":null,"owner":null,"permissions":["orders:read"],"enabled":true,"startsAt":null,"expiresAt":null,"revokedAt":"2026-11-22T03:24:51.135Z","revokeReason":"leaked","capacity":null,"frequency":null,"allowList":[],"hint":"kw_…KKfu","acknowledgedAt":null,"createdAt":"2026-11-22T03:24:50.856Z","createdBy":"nexus","version":2},"detail":{}}', 1795317891135, 'key.revoke', 'person:faea3582-fc25-4b14-81aa-049eef03eccd', 'key', 'key_4k8zpEW2t2HSxcRYnUrDsc');
INSERT INTO public.audit_events OVERRIDING SYSTEM VALUE VALUES (15, '578ec98e-f07c-46ad-9675-f36c22f3ba9f', 11, 1, '\x53b90d1889e74f60505f4194dba10bc64423f0c255e1fb492073f4e65f65c788', '{"v":1,"action":"key.rotate","at":"2026-11-22T03:24:51.411Z","tenant":"578ec98e-f07c-46ad-9675-f36c22f3ba9f","actor":{"kind":"person","id":"faea3582-fc25-4b14-81aa-049eef03eccd","name":"nexus","tenant":"578ec98e-f07c-46ad-9675-f36c22f3ba9f"},"address":"127.0.0.1","requestId":"837aedd5afe73adb15d8de1b9823a825","subject":{"kind":"key","id":"key_6E3gzG19l3ZA99tM3LSGl3"},"before":{"keyType":"api","tenant":"578ec98e-f07c-46ad-9675-f36c22f3ba9f","name":"rotated","description":null,"owner":null,"permissions":["orders:write"],"enabled":true,"startsAt":null,"expiresAt":null,"revokedAt":null,"revokeReason":null,"capacity":3,"frequency":60,"allowList":[],"hint":"kw_…ypme","acknowledgedAt":null,"createdAt":"2026-11-22T03:24:50.881Z","createdBy":"nexus","version":1},"after":{"keyType":"api","tenant":"578ec98e-f07c-46ad-9675-f36c22f3ba9f","name":"rotated","description":null,"owner":null,"permissions":["orders:write"],"enabled":true,"startsAt":null,"expiresAt":null,"revokedAt":null,"revokeReason":null,"capacity":3,"frequency":60,"allowList":[],"hint":"kw_…vQIS","acknowledgedAt":null,"createdAt":"2026-11-22T03:24:50.881Z","createdBy":"nexus","version":2},"detail":{"overlapSeconds":2592000}}', 1795317891411, 'key.rotate', 'person:faea3582-fc25-4b14-81aa-049eef03eccd', 'key', 'key_6E3gzG19l3ZA99tM3LSGl3');
INSERT INTO public.audit_events OVERRIDING SYSTEM VALUE VALUES (16, '578ec98e-f07c-46ad-9675-f36c22f3ba9f', 12, 1, '\xba468d35b16c0e3dd0f9e8fe8a8a1627c4cbb11e9bd0f9c92b09e50bc3a232e6', '{"v":1,"action":"key.delete","at":"2026-11-22T03:24:51.665Z","tenant":"578ec98e-f07c-46ad-9675-f36c22f3ba9f","actor":{"kind":"person","id":"faea3582-fc25-4b14-81aa-049eef03eccd","name":"nexus","tenant":"578ec98e-f07c-46ad-9675-f36c22f3ba9f"},"address":"127.0.0.1","requestId":"837aedd5afe73adbb0e059c3c70bab64","subject":{"kind":"key","id":"key_0jZyDelGuXARuJAnYLiIEv"},"before":{"keyType":"api","tenant":"578ec98e-f07c-46ad-9675-f36c22f3ba9f","name":"deleted","description":null,"owner":null,"permissions":["orders:write"],"enabled":true,"startsAt":null,"expiresAt":null,"revokedAt":null,"revokeReason":null,"capacity":null,"frequency":null,"allowList":[],"hint":"kw_…eqJe","acknowledgedAt":null,"createdAt":"2026-11-22T03:24:50.911Z","createdBy":"nexus","version":1},"after":{},"detail":{}}', 1795317891665, 'key.delete', 'person:faea3582-fc25-4b14-81aa-049eef03eccd', 'key', 'key_0jZyDelGuXARuJAnYLiIEv');
INSERT INTO public.audit_heads VALUES ('*', 4, '\x12c8068f98d71184e2eeab0a966ab598a4e56fd02a9460e6eecb1a610fac1797');
INSERT INTO public.audit_heads VALUES ('578ec98e-f07c-46ad-9675-f36c22f3ba9f', 12, '\xba468d35b16c0e3dd0f9e8fe8a8a1627c4cbb11e9bd0f9c92b09e50bc3a232e6');
INSERT INTO public.audit_signed_heads VALUES ('*', 4, '\x12c8068f98d71184e2eeab0a966ab598a4e56fd02a9460e6eecb1a610fac1797', 1795317895507, '\xaa3571d2bee7ee655ff34b7a6753d226eb45f1c1c213d6273c73d9bc675b1aa8d7765705a1b9fb132c2fd7edc30796ba824f7257f4e2d399683d3d0e3d18ab03');
INSERT INTO public.audit_signed_heads VALUES ('578ec98e-f07c-46ad-9675-f36c22f3ba9f', 12, '\xba468d35b16c0e3dd0f9e8fe8a8a1627c4cbb11e9bd0f9c92b09e50bc3a232e6', 1795317895507, '\x3afb78116a4691ebaa3387c4631747ad820e4037430a20ee23b3a518d69063e68d8589cb372202db26d841ef7c7b4832cd25d0a24286c2b3bd1c06146f5f1d09');
INSERT INTO public.changes OVERRIDING SYSTEM VALUE VALUES (1, 1, '578ec98e-f07c-46ad-9675-f36c22f3ba9f', 1);
INSERT INTO public.changes OVERRIDING SYSTEM VALUE VALUES (2, 2, 'person:1b080433-352d-46de-97e8-3fb8ef975940', 1);
INSERT INTO public.changes OVERRIDING SYSTEM VALUE VALUES (3, 2, 'person:faea3582-fc25-4b14-81aa-049eef03eccd', 1);
INSERT INTO public.changes OVERRIDING SYSTEM VALUE VALUES (4, 2, 'client:5a2b644e-a607-4da5-b8f9-5ab893bd581f', 1);
INSERT INTO public.changes OVERRIDING SYSTEM VALUE VALUES (5, 2, 'client:043e2d6b-291f-4cca-8e79-ed28aa86d332', 1);
INSERT INTO public.changes OVERRIDING SYSTEM VALUE VALUES (6, 3, 'key_7L0zfvfCvJEpAolRtO9mny', 1);
INSERT INTO public.changes OVERRIDING SYSTEM VALUE VALUES (7, 4, '6c4c5829150ce2c055f29e8e9147f861ecbb30862467523bff990c12d32be590', 0);
INSERT INTO public.changes OVERRIDING SYSTEM VALUE VALUES (8, 3, 'key_4aa0x4Ec6LGlnoDEhxyMCf', 1);
INSERT INTO public.changes OVERRIDING SYSTEM VALUE VALUES (9, 3, 'key_4yUbuotVapXrVx62f2Se1N', 1);
INSERT INTO public.changes OVERRIDING SYSTEM VALUE VALUES (10, 3, 'key_4k8zpEW2t2HSxcRYnUrDsc', 1);
INSERT INTO public.changes OVERRIDING SYSTEM VALUE VALUES (11, 3, 'key_6E3gzG19l3ZA99tM3LSGl3', 1);
INSERT INTO public.changes OVERRIDING SYSTEM VALUE VALUES (12, 3, 'key_0jZyDelGuXARuJAnYLiIEv', 1);
INSERT INTO public.changes OVERRIDING SYSTEM VALUE VALUES (13, 3, 'key_4k8zpEW2t2HSxcRYnUrDsc', 2);
INSERT INTO public.changes OVERRIDING SYSTEM VALUE VALUES (14, 3, 'key_6E3gzG19l3ZA99tM3LSGl3', 2);
INSERT INTO public.changes OVERRIDING SYSTEM VALUE VALUES (15, 3, 'key_0jZyDelGuXARuJAnYLiIEv', 2);
INSERT INTO public.changes OVERRIDING SYSTEM VALUE VALUES (16, 4, '3aa5b847487232cfe9d28386f32ed52fe087b96eef6e8d69a304fe10c45013a3', 0);
INSERT INTO public.clients VALUES ('5a2b644e-a607-4da5-b8f9-5ab893bd581f', 'nexus_client', '*', 'nexus_client', NULL, true, '["password","refresh_token"]', '["*"]', '[]', '[]', '[]', '[]', '[]', 43200, 2592000, true, NULL, NULL, 1795317890297, false, 1, 1);
INSERT INTO public.clients VALUES ('043e2d6b-291f-4cca-8e79-ed28aa86d332', 'cluster-verifier', '*', 'cluster-verifier', NULL, false, '["client_credentials"]', '["*"]', '[]', '[]', '["Keys.canVerify"]', '[]', '[]', 43200, 2592000, true, 1, '\x41dae96ea9cd1d2ef0ff85987a00dcf847641681d580b9051718136c5612676c679dc6036e5403fe8fb2d26e418c83b1fe0a1901d0b6226e1f95d013', 1795317890297, false, 1, 1);
INSERT INTO public.installation VALUES (1, '841226c7-17a1-46c3-ad89-fafe2bf4e159');
INSERT INTO public.keys VALUES ('\xf122ab5ff3fd35b995c9550903861772', '578ec98e-f07c-46ad-9675-f36c22f3ba9f', 'deployment', 'Deployment key', 'Made at the first start', NULL, '["nx1:*"]', true, NULL, NULL, NULL, NULL, NULL, NULL, '[]', 'psk_…PLvC', NULL, 1795317890297, 'keyward', 1, NULL, 'deployment key
keyward', NULL);
INSERT INTO public.keys VALUES ('\x96d03da60aa13877df17a2206073ead9', '578ec98e-f07c-46ad-9675-f36c22f3ba9f', 'nexus', 'chat', NULL, NULL, '["nexus:consumer:chat"]', true, NULL, NULL, NULL, NULL, 120, 60, '[]', '…8283', NULL, 1795317890802, 'nexus', 1, NULL, 'chat
nexus', NULL);
INSERT INTO public.keys VALUES ('\xa37c6cba9be7e19b80af9bd433cb0195', '578ec98e-f07c-46ad-9675-f36c22f3ba9f', 'api', 'orders', NULL, NULL, '["orders:read"]', true, NULL, NULL, NULL, NULL, NULL, NULL, '[]', 'kw_…qz0G', NULL, 1795317890826, 'nexus', 1, NULL, 'orders
nexus', NULL);
INSERT INTO public.keys VALUES ('\x9be1ca59d49d7140664f13b1e4e0f086', '578ec98e-f07c-46ad-9675-f36c22f3ba9f', 'api', 'revoked', NULL, NULL, '["orders:read"]', true, NULL, NULL, 1795317891135, 'leaked', NULL, NULL, '[]', 'kw_…KKfu', NULL, 1795317890856, 'nexus', 2, 1795317891135, 'revoked
nexus', NULL);
INSERT INTO public.keys VALUES ('\xcc978cdc163e128c54b11b46ce3e14b5', '578ec98e-f07c-46ad-9675-f36c22f3ba9f', 'api', 'rotated', NULL, NULL, '["orders:write"]', true, NULL, NULL, NULL, NULL, 3, 60, '[]', 'kw_…vQIS', NULL, 1795317890881, 'nexus', 2, NULL, 'rotated
nexus', NULL);
INSERT INTO public.keys VALUES ('\x1827ba333ff2ae09dce5514c797617d5', '578ec98e-f07c-46ad-9675-f36c22f3ba9f', 'api', 'deleted', NULL, NULL, '["orders:write"]', true, NULL, NULL, NULL, NULL, NULL, NULL, '[]', 'kw_…eqJe', NULL, 1795317890911, 'nexus', 2, NULL, 'deleted
nexus', 1795317891665);
INSERT INTO public.master_keys VALUES (1, 'test', '\x17d115d0da16e652a6abd22818a744047b31d2584e2d6585d1f600202e50fc7e', 'writer');
INSERT INTO public.migrations VALUES (1, '71d3f0717bec26a601fa597e8d8ebd41db8a871c2dff1ccd055acab0f59e9f03');
INSERT INTO public.migrations VALUES (2, 'd548c625876a0e4db3cdb0fbcaeb9736c183f636fdc87744b93c6886439d50dd');
INSERT INTO public.migrations VALUES (3, 'e4ebb4f4629f3c3b5cadf0cf3b024eb45c14de2df5238c736a93f846367526b4');
INSERT INTO public.migrations VALUES (4, '61683954e1737bf622c84e2e60b26cec11711349e18275edeac1348c73ab01b0');
INSERT INTO public.persons VALUES ('1b080433-352d-46de-97e8-3fb8ef975940', '*', 'ops', 'ops', '["ops"]', true, false, '$argon2id$v=19$m=19456,t=2,p=1$PvdIk45VQ08qz+EVEHzMlA$iZbgwio4TjJF6nAo/qvs4AGm5MS+ihwuQEZDfdLOyAg', 1795317890297, false, 1, 1);
INSERT INTO public.persons VALUES ('faea3582-fc25-4b14-81aa-049eef03eccd', '578ec98e-f07c-46ad-9675-f36c22f3ba9f', 'nexus', 'nexus', '["admin"]', true, false, '$argon2id$v=19$m=19456,t=2,p=1$gpIR8TPNrPYf0rqyu3P4uA$/1xGEPJtC+L/MaBVATnVj0OsGYOlhh9Uw1cfULGsS1Y', 1795317890297, false, 1, 1);
INSERT INTO public.roles VALUES ('*', 'ops', true, '["Nexus.ApiKeys.canView","Nexus.ApiKeys.canRead","Nexus.ApiKeys.canCreate","Nexus.ApiKeys.canUpdate","Nexus.ApiKeys.canDelete","Nexus.ApiKeys.canReveal","Callback.ApiKeys.canView","Callback.ApiKeys.canRead","Callback.ApiKeys.canCreate","Callback.ApiKeys.canUpdate","Callback.ApiKeys.canDelete","Callback.ApiKeys.canReveal","ExperienceCloud.ApiKeys.canView","ExperienceCloud.ApiKeys.canRead","ExperienceCloud.ApiKeys.canCreate","ExperienceCloud.ApiKeys.canUpdate","ExperienceCloud.ApiKeys.canDelete","ExperienceCloud.ApiKeys.canReveal","Native.ApiKeys.canView","Native.ApiKeys.canRead","Native.ApiKeys.canCreate","Native.ApiKeys.canUpdate","Native.ApiKeys.canDelete","Native.ApiKeys.canReveal","PersonalKeys.canUse","Keys.canVerify","Audit.canRead","Tenants.canManage","Persons.canManage","Clients.canManage","KeyTypes.canManage","Gateway.canManage"]');
INSERT INTO public.roles VALUES ('*', 'admin', false, '["Nexus.ApiKeys.canView","Nexus.ApiKeys.canRead","Nexus.ApiKeys.canCreate","Nexus.ApiKeys.canUpdate","Nexus.ApiKeys.canDelete","Nexus.ApiKeys.canReveal","Callback.ApiKeys.canView","Callback.ApiKeys.canRead","Callback.ApiKeys.canCreate","Callback.ApiKeys.canUpdate","Callback.ApiKeys.canDelete","Callback.ApiKeys.canReveal","ExperienceCloud.ApiKeys.canView","ExperienceCloud.ApiKeys.canRead","ExperienceCloud.ApiKeys.canCreate","ExperienceCloud.ApiKeys.canUpdate","ExperienceCloud.ApiKeys.canDelete","ExperienceCloud.ApiKeys.canReveal","Native.ApiKeys.canView","Native.ApiKeys.canRead","Native.ApiKeys.canCreate","Native.ApiKeys.canUpdate","Native.ApiKeys.canDelete","Native.ApiKeys.canReveal","PersonalKeys.canUse","Keys.canVerify","Audit.canRead","Tenants.canManage","Persons.canManage","Clients.canManage","KeyTypes.canManage","Gateway.canManage"]');
INSERT INTO public.roles VALUES ('*', 'viewer', false, '["Nexus.ApiKeys.canView","Nexus.ApiKeys.canRead","Callback.ApiKeys.canView","Callback.ApiKeys.canRead","ExperienceCloud.ApiKeys.canView","ExperienceCloud.ApiKeys.canRead","Native.ApiKeys.canView","Native.ApiKeys.canRead","Audit.canRead"]');
INSERT INTO public.roles VALUES ('*', 'service', false, '["Nexus.ApiKeys.canView","Nexus.ApiKeys.canRead","Nexus.ApiKeys.canCreate","Nexus.ApiKeys.canUpdate","Nexus.ApiKeys.canDelete","Nexus.ApiKeys.canReveal","Callback.ApiKeys.canView","Callback.ApiKeys.canRead","Callback.ApiKeys.canCreate","Callback.ApiKeys.canUpdate","Callback.ApiKeys.canDelete","Callback.ApiKeys.canReveal","Keys.canVerify"]');
INSERT INTO public.roles VALUES ('*', 'nx1_app_manager', false, '["PersonalKeys.canUse"]');
INSERT INTO public.roles VALUES ('*', 'nx1_ask', false, '["PersonalKeys.canUse"]');
INSERT INTO public.roles VALUES ('*', 'nx1_engineer', false, '["PersonalKeys.canUse"]');
INSERT INTO public.roles VALUES ('*', 'nx1_ingest', false, '["PersonalKeys.canUse"]');
INSERT INTO public.roles VALUES ('*', 'nx1_monitor', false, '["PersonalKeys.canUse"]');
INSERT INTO public.roles VALUES ('*', 'nx1_monitor_admin', false, '["PersonalKeys.canUse"]');
INSERT INTO public.sealed_keys VALUES ('audit', 1, '\xb0bbfbdd1031154ed5f54095a6961b33d214b4fe1f9517f24cec66b1e9d9537001394c9c4f20230df0e85e93356cef03dc47d2b3e0275bb80e846f50');
INSERT INTO public.sealed_keys VALUES ('head-sign', 1, '\xae3601c1f0f2079a9b1eaf771ff1cb661754e48575d3dff9d6b7d0f03a81935cf1b106037ca3b095f6bce06bc1fbc1db2bfc79b622b37f1f9ece7d0b');
INSERT INTO public.sealed_keys VALUES ('attempts', 1, '\xb3fc9ed1fcee52881de9cef850fe61ea38fb038af690552f4d75c3f4a8253650cf137ff54bebc189d6359a66847130d49912bad6dd6d702eedaa670b');
INSERT INTO public.secrets VALUES ('\xf122ab5ff3fd35b995c9550903861772', 0, '\x9789cd536c59bc35aec7377f6f2e86feacbd2f71538b0d797d720d004c27b6f6', 1, '\xf038cfe10c451b20b0e371187d48ad2cf001a0b252143ad22f331f3962a960eacff476db0a21ce070761ee1ff5c70bd6dfb8636c6231566ec2ecdef4', NULL, 'psk_…PLvC', NULL);
INSERT INTO public.secrets VALUES ('\x96d03da60aa13877df17a2206073ead9', 0, '\xc597b9b107af9b8b690bffc139429a69980d00dc1c18d9cb7b6ed8a1816a1900', 1, '\x00b40ada8fe777892365960ab4a2360cdf34557d816649e7439e4731a687936178aa89f1b97c6e8821661c82abb62f1f87fe268aab2f6d7a25eeb230', '\x42096ea09c30d8981c5df52b21069161c8ffe52db2c013c412caa3a3da1622cddcba19564cd4904598c6aa5fc3f935109c18678591f2eaf2f63823c5091a7f8d', '…8283', NULL);
INSERT INTO public.secrets VALUES ('\xa37c6cba9be7e19b80af9bd433cb0195', 0, '\x074597cf77f39991c387e81e6dbce3b82fbb6be03a67a3ad4593a891c2d67314', 1, '\x77419d4bdf21d3627f04f12a36efc5bae8da7869da0c40913e94280a1c051e551c2141e6912c001f1e8923684f21dd0bf11fa7725d1fb63ed4f43546', NULL, 'kw_…qz0G', NULL);
INSERT INTO public.secrets VALUES ('\x9be1ca59d49d7140664f13b1e4e0f086', 0, '\x8c1c946513b5dde4e5dad2987a78287cccc74094a17870783cea97ffe99689cd', 1, '\x504f456936288a1f3b69ad5e7d72eb2632d6e1e49d386cf6dea54fe8a22030a575549c835f7ca133191c280f8aec4bb17b17953b8d1eaf9415c388ee', NULL, 'kw_…KKfu', NULL);
INSERT INTO public.secrets VALUES ('\xcc978cdc163e128c54b11b46ce3e14b5', 0, '\x5ab44ea68e8cffa6382c6d68494c325baa5ac67058deddaea8947a077c238973', 1, '\x18fd6f3083dd018bdbae4a1c9caadc627cd4a7afa8c234ef49622d1302ecf627b4e85c6196b82e63f4b000b8df80b9f5591f9b9cae802e67af56a3d6', NULL, 'kw_…ypme', 1797909891411);
INSERT INTO public.secrets VALUES ('\xcc978cdc163e128c54b11b46ce3e14b5', 1, '\x80b34843129e521d328ed9f2568bba4e740e730fa758592bc94f0c3d333e6360', 1, '\xb8b048ed1453461787af879401db58e06ea11f2d5a8768d40518d3a5a070bec77bacbe94807590a39893c528185342f231887dea3e20d9f623787ac2', NULL, 'kw_…vQIS', NULL);
INSERT INTO public.sign_in_attempts VALUES ('\x', '\xf914fa59604deff7bdd0bea44c32d02377127aa6330c578e044055260983631e', 0, 0, 1795317890533, NULL);
INSERT INTO public.sign_in_attempts VALUES ('\xdfd99991311991d3123f0f64a9e2207ecc907c063b73d812b642a93c2238c7b4', '\xf914fa59604deff7bdd0bea44c32d02377127aa6330c578e044055260983631e', 0, 0, 1795317890533, 1795317890533);
INSERT INTO public.tenant_domains VALUES ('t100', '578ec98e-f07c-46ad-9675-f36c22f3ba9f', 0);
INSERT INTO public.tenants VALUES ('578ec98e-f07c-46ad-9675-f36c22f3ba9f', 'premise_tenant', NULL, 'companya', 'configServer', true, 1795317890297, NULL, 1);
INSERT INTO public.token_families VALUES ('\xb1a3003987354c63a0764b804b32356c', '\xfaea3582fc254b1481aa049eef03eccd', 0, 1797909890638, NULL);
INSERT INTO public.tokens VALUES ('\x6c4c5829150ce2c055f29e8e9147f861ecbb30862467523bff990c12d32be590', 0, '\xb1a3003987354c63a0764b804b32356c', 0, '\xfaea3582fc254b1481aa049eef03eccd', '\x5a2b644ea6074da5b8f95ab893bd581f', '*', 1795317890638, 1795361090638, 0, NULL);
INSERT INTO public.tokens VALUES ('\x727ddc5a32d2fafebffc762c47802a35fb5340a8ac75bb94f3adc26bb42e974a', 1, '\xb1a3003987354c63a0764b804b32356c', 0, '\xfaea3582fc254b1481aa049eef03eccd', '\x5a2b644ea6074da5b8f95ab893bd581f', '*', 1795317890638, 1797909890638, 0, NULL);
INSERT INTO public.tokens VALUES ('\x3aa5b847487232cfe9d28386f32ed52fe087b96eef6e8d69a304fe10c45013a3', 0, '\xd27829befd174f128f56060cb016447b', 1, '\x043e2d6b291f4cca8e79ed28aa86d332', '\x043e2d6b291f4cca8e79ed28aa86d332', '*', 1795317891694, 1795361091694, 0, NULL);
INSERT INTO public.usage_journal VALUES (1795317892486, 0, '\x01000000000000000096d03da60aa13877df17a2206073ead983044901a2010000001001000000');
INSERT INTO public.usage_journal VALUES (1795317893486, 0, '\x010000000000000000a37c6cba9be7e19b80af9bd433cb019594054901a2010000001001000000');
SELECT pg_catalog.setval('public.audit_events_seq_seq', 16, true);
SELECT pg_catalog.setval('public.changes_seq_seq', 16, true);
ALTER TABLE ONLY public.audit_events
    ADD CONSTRAINT audit_events_pkey PRIMARY KEY (seq);
ALTER TABLE ONLY public.audit_events
    ADD CONSTRAINT audit_events_scope_position_key UNIQUE (scope, "position");
ALTER TABLE ONLY public.audit_heads
    ADD CONSTRAINT audit_heads_pkey PRIMARY KEY (scope);
ALTER TABLE ONLY public.audit_signed_heads
    ADD CONSTRAINT audit_signed_heads_pkey PRIMARY KEY (scope, "position", at);
ALTER TABLE ONLY public.changes
    ADD CONSTRAINT changes_pkey PRIMARY KEY (seq);
ALTER TABLE ONLY public.clients
    ADD CONSTRAINT clients_pkey PRIMARY KEY (id);
ALTER TABLE ONLY public.environments
    ADD CONSTRAINT environments_pkey PRIMARY KEY (id);
ALTER TABLE ONLY public.idempotency
    ADD CONSTRAINT idempotency_pkey PRIMARY KEY (key_mac);
ALTER TABLE ONLY public.installation
    ADD CONSTRAINT installation_pkey PRIMARY KEY (one);
ALTER TABLE ONLY public.key_usage
    ADD CONSTRAINT key_usage_pkey PRIMARY KEY (key_id);
ALTER TABLE ONLY public.keys
    ADD CONSTRAINT keys_pkey PRIMARY KEY (id);
ALTER TABLE ONLY public.master_keys
    ADD CONSTRAINT master_keys_name_key UNIQUE (name);
ALTER TABLE ONLY public.master_keys
    ADD CONSTRAINT master_keys_pkey PRIMARY KEY (n);
ALTER TABLE ONLY public.migrations
    ADD CONSTRAINT migrations_pkey PRIMARY KEY (number);
ALTER TABLE ONLY public.persons
    ADD CONSTRAINT persons_pkey PRIMARY KEY (id);
ALTER TABLE ONLY public.roles
    ADD CONSTRAINT roles_pkey PRIMARY KEY (scope, name);
ALTER TABLE ONLY public.sealed_keys
    ADD CONSTRAINT sealed_keys_pkey PRIMARY KEY (name, generation);
ALTER TABLE ONLY public.secrets
    ADD CONSTRAINT secrets_lookup_key UNIQUE (lookup);
ALTER TABLE ONLY public.secrets
    ADD CONSTRAINT secrets_pkey PRIMARY KEY (key_id, slot);
ALTER TABLE ONLY public.sign_in_attempts
    ADD CONSTRAINT sign_in_attempts_pkey PRIMARY KEY (name_mac, source_mac);
ALTER TABLE ONLY public.tenant_domains
    ADD CONSTRAINT tenant_domains_pkey PRIMARY KEY (domain);
ALTER TABLE ONLY public.tenants
    ADD CONSTRAINT tenants_pkey PRIMARY KEY (id);
ALTER TABLE ONLY public.tenants
    ADD CONSTRAINT tenants_realm_key UNIQUE (realm);
ALTER TABLE ONLY public.token_families
    ADD CONSTRAINT token_families_pkey PRIMARY KEY (id);
ALTER TABLE ONLY public.tokens
    ADD CONSTRAINT tokens_pkey PRIMARY KEY (digest);
ALTER TABLE ONLY public.usage_hours
    ADD CONSTRAINT usage_hours_pkey PRIMARY KEY (key_id, hour, verdict);
ALTER TABLE ONLY public.usage_journal
    ADD CONSTRAINT usage_journal_pkey PRIMARY KEY (at, place);
CREATE INDEX audit_events_by_subject ON public.audit_events USING btree (subject_kind, subject_id, seq);
CREATE UNIQUE INDEX clients_client_id ON public.clients USING btree (client_id) WHERE (NOT deleted);
CREATE INDEX idempotency_age ON public.idempotency USING btree (at);
CREATE INDEX keys_listed ON public.keys USING btree (scope, created_at, id, key_type, unavailable_at, search, deleted_at) WHERE (deleted_at IS NULL);
CREATE INDEX keys_listed_all ON public.keys USING btree (created_at, id, key_type, unavailable_at, search, deleted_at) WHERE (deleted_at IS NULL);
CREATE INDEX keys_owner ON public.keys USING btree (owner) WHERE (owner IS NOT NULL);
CREATE UNIQUE INDEX persons_username ON public.persons USING btree (scope, folded) WHERE (NOT deleted);
CREATE INDEX secrets_generation ON public.secrets USING btree (generation, lookup);
CREATE INDEX sign_in_attempts_age ON public.sign_in_attempts USING btree (last_at);
CREATE INDEX tenant_domains_tenant ON public.tenant_domains USING btree (tenant, place);
CREATE INDEX tenants_listed ON public.tenants USING btree (created_at, id) WHERE (deleted_at IS NULL);
CREATE INDEX token_families_expiry ON public.token_families USING btree (expires_at);
CREATE INDEX token_families_principal ON public.token_families USING btree (principal);
CREATE INDEX tokens_expiry ON public.tokens USING btree (expires_at);
CREATE INDEX tokens_family ON public.tokens USING btree (family);
CREATE INDEX tokens_principal ON public.tokens USING btree (principal);
CREATE INDEX usage_hours_age ON public.usage_hours USING btree (hour);
CREATE TRIGGER keys_guard BEFORE UPDATE ON public.keys FOR EACH ROW EXECUTE FUNCTION public.keys_guard();
ALTER TABLE ONLY public.tenant_domains
    ADD CONSTRAINT tenant_domains_tenant_fkey FOREIGN KEY (tenant) REFERENCES public.tenants(id);
ALTER TABLE ONLY public.tenants
    ADD CONSTRAINT tenants_environment_fkey FOREIGN KEY (environment) REFERENCES public.environments(id);
