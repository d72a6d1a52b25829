-- What no statement may change, whoever writes it: the last line behind the API (OT-05).

CREATE TRIGGER keys_fixed BEFORE UPDATE ON keys
WHEN NEW.id IS NOT OLD.id
    OR NEW.scope IS NOT OLD.scope
    OR NEW.key_type IS NOT OLD.key_type
    OR NEW.owner IS NOT OLD.owner
    OR NEW.created_at IS NOT OLD.created_at
    OR NEW.created_by IS NOT OLD.created_by
BEGIN
    SELECT RAISE(ABORT, 'a key keeps its id, scope, type, owner and origin');
END;

CREATE TRIGGER keys_permissions_fixed BEFORE UPDATE ON keys
WHEN NEW.permissions IS NOT OLD.permissions
    AND OLD.key_type IN ('nexus', 'ges', 'client', 'openconnect', 'queueadapter', 'telephony', 'psk', 'deployment')
BEGIN
    SELECT RAISE(ABORT, 'the permissions of a key of this type never change');
END;

CREATE TRIGGER keys_deleted_stay BEFORE UPDATE ON keys
WHEN OLD.deleted_at IS NOT NULL AND NEW.deleted_at IS NOT OLD.deleted_at
BEGIN
    SELECT RAISE(ABORT, 'a deleted key stays deleted');
END;
