-- What no statement may change, whoever writes it: the last line behind the API (OT-05).

CREATE FUNCTION keys_guard() RETURNS trigger LANGUAGE plpgsql AS $guard$
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
$guard$;

CREATE TRIGGER keys_guard BEFORE UPDATE ON keys FOR EACH ROW EXECUTE FUNCTION keys_guard();
